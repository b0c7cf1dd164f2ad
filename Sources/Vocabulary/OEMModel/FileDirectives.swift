package import DocumentTree
import ImageModel

/// Who owns what is written.
package enum FileOwner: Equatable, Sendable {
    /// By number.
    case ids(user: UInt32, group: UInt32)
    /// By name, `user` or `user:group`; a user alone stands for his primary group, too.
    case names(String)

    /// Root.
    package static let root = FileOwner.ids(user: 0, group: 0)
}

/// What is to be in a file.
package struct FileContent: Equatable, Sendable {
    /// How the content is written in the document.
    package enum Encoding: Equatable, Sendable {
        /// As it is.
        case plain
        /// As base64; the bytes are decoded here already.
        case base64
        /// Compressed with gzip, which is undone when the file is written.
        case gzip
    }

    /// The bytes, still compressed where the encoding says so.
    package var bytes: [UInt8]
    /// How they came.
    package var encoding: Encoding

    /// Makes a content.
    package init(_ bytes: [UInt8] = [], _ encoding: Encoding = .plain) {
        self.bytes = bytes
        self.encoding = encoding
    }
}

/// A file to be written (`files`, `write_files`).
package struct FileDirective: Equatable, Sendable {
    /// The path; absolute.
    package var path = ""
    /// What is to be in it.
    package var content = FileContent()
    /// Its permissions; nil for 0644.
    package var mode: FileMode?
    /// Its owner; nil for root.
    package var owner: FileOwner?
    /// Whether the content is added to what is there.
    package var isAppended = false
    /// Where the content comes from instead; the content counts when that cannot be had.
    package var source: String?
    /// Headers of the request for it; they may be secrets.
    package var sourceHeaders: [DocumentMember<String>] = []
    /// Whether it is written after packages and users (`defer`).
    package var isDeferred = false
    /// Where its entry begins.
    package var mark = DocumentMark(line: 1, column: 1)

    /// What counts without `permissions`.
    package static let standardMode = FileMode(0o644)
}

/// A folder to be made (`directories`).
package struct DirectoryDirective: Equatable, Sendable {
    /// The path; absolute.
    package var path = ""
    /// Its permissions; nil for 0755 of a new one, and for those that an existing one has.
    package var mode: FileMode?
    /// Its owner; nil for root, and for the one that an existing one has.
    package var owner: FileOwner?
    /// Where its entry begins.
    package var mark = DocumentMark(line: 1, column: 1)

    /// What counts for a new one without `permissions`.
    package static let standardMode = FileMode(0o755)
}

/// A file to be fetched (`downloads`).
package struct DownloadDirective: Equatable, Sendable {
    /// Where it comes from.
    package var url = ""
    /// Where it goes; a path that ends with `/` takes the last part of the address as its name.
    package var path = ""
    /// Its permissions; nil for 0644.
    package var mode: FileMode?
    /// Its owner; nil for root.
    package var owner: FileOwner?
    /// How long it may take, in seconds; nil for the limit that counts for all.
    package var timeout: Int?
    /// Where its entry begins.
    package var mark = DocumentMark(line: 1, column: 1)

    /// The file that is written; nil when the path names a folder and the address no file.
    package var target: String? {
        guard path.hasSuffix("/") else { return path }
        let place = url.prefix { $0 != "?" && $0 != "#" }
        let name = place.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3).last ?? ""
        return name.isEmpty || name == "." || name == ".." ? nil : path + name
    }
}

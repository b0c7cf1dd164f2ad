package import Faults

/// Says why something cannot lie on a medium.
package typealias MediaContentError = Fault<MediaContentFault>

/// Names what a medium cannot hold.
package enum MediaContentFault: FaultKind {
    /// A file that is too large.
    case size
    /// A name that is not valid everywhere a medium is copied to.
    case name
}

/// One file or folder of a medium, and where its bytes are while the medium is made.
package struct MediaEntry: Equatable, Sendable {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// A folder.
        case folder
        /// A file with the content of one of the host, its size in bytes and its permission bits.
        case file(source: String, size: Int64, permissions: UInt16)
    }

    /// Its path on the medium, which begins with a slash.
    package var path: String
    /// What it is.
    package var kind: Kind

    /// Describes an entry.
    package init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// Everything on a medium, as it can also be copied to a stick with FAT (`docs/media.md`).
package struct MediaContent: Equatable, Sendable {
    /// The largest file that FAT holds: copies of a larger one fail without a word.
    package static let maximumFileSize: Int64 = (4 << 30) - 1
    /// The longest name that all programs copy unchanged.
    package static let maximumNameLength = 64
    /// What FAT does not take in names, and xorriso's list of files neither.
    private static let forbidden = Set("\"*:<>?\\|".unicodeScalars)

    /// The files and folders in the order of their paths.
    package let entries: [MediaEntry]

    /// The sizes of all files together, in bytes.
    package var size: Int64 {
        entries.reduce(0) { sum, entry in
            if case .file(_, let size, _) = entry.kind { sum + size } else { sum }
        }
    }

    /// Takes what is to lie on a medium.
    ///
    /// - Throws: when a file is too large, or a name cannot be copied to a stick with FAT.
    package init(_ entries: [MediaEntry]) throws(MediaContentError) {
        var seen: [String: String] = [:]
        for entry in entries {
            try Self.checkName(entry.path)
            if let other = seen.updateValue(entry.path, forKey: entry.path.lowercased()) {
                throw .name(entry.path, "\(other) is the same name where capitals do not count")
            }
            if case .file(_, let size, _) = entry.kind, size > Self.maximumFileSize { throw .size(entry.path, size) }
        }
        self.entries = entries.sorted { $0.path < $1.path }
    }

    /// Bytes in MiB, rounded up, as people are told sizes.
    package static func mebibytes(_ bytes: Int64) -> Int64 { (bytes + (1 << 20) - 1) >> 20 }

    private static func checkName(_ path: String) throws(MediaContentError) {
        let name = path.split(separator: "/").last ?? ""
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && !forbidden.contains($0) }
        guard isPlain else { throw .name(path, "it has characters that FAT does not take") }
        guard name.utf16.count <= maximumNameLength else {
            throw .name(path, "its name has more than \(maximumNameLength) characters")
        }
        guard name.last != ".", name.last != " " else { throw .name(path, "FAT drops a dot or a space at the end") }
    }
}

extension MediaContentError {
    fileprivate static func size(_ path: String, _ size: Int64) -> MediaContentError {
        MediaContentError(
            .size, "placing on the medium", path,
            cause: "it has \(size) bytes, and a stick with FAT holds no file above \(MediaContent.maximumFileSize)",
            remedy: "Make the image smaller, or install it from a registry instead of from a medium.")
    }

    fileprivate static func name(_ path: String, _ cause: String) -> MediaContentError {
        MediaContentError(.name, "placing on the medium", path, cause: cause, remedy: "Rename it.")
    }
}

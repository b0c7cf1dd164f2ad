import DocumentTree

/// A file that may be the extension-release of an overlay.
package struct ExtensionReleaseFile: Equatable, Sendable {
    /// What all names of such files begin with.
    package static let prefix = "extension-release."
    /// The extended attribute by which a file says whether its name must be that of its image.
    package static let strictAttribute = "user.extension-release.strict"

    /// The kind, by the folder that it lies in.
    package var kind: ExtensionKind
    /// What follows `extension-release.` in its name.
    package var name: String
    /// The value of `user.extension-release.strict`; nil when it has none.
    package var strict: String?
    /// Whether it is no link: a link only counts by its own name.
    package var isRegular: Bool
    /// What it says.
    package var contents: Contents

    /// What reading it gave.
    package enum Contents: Equatable, Sendable {
        /// A text.
        case text(ReleaseText)
        /// Why it could not be read, without full stop.
        case unreadable(String)
    }

    /// Describes a file by what is in it.
    package init(
        _ kind: ExtensionKind, name: String, strict: String? = nil, isRegular: Bool = true, bytes: [UInt8]
    ) {
        self.init(kind, name: name, strict: strict, isRegular: isRegular, contents: Self.read(bytes))
    }

    /// Describes a file.
    package init(
        _ kind: ExtensionKind, name: String, strict: String? = nil, isRegular: Bool = true, contents: Contents
    ) {
        self.kind = kind
        self.name = name
        self.strict = strict
        self.isRegular = isRegular
        self.contents = contents
    }

    private static func read(_ bytes: [UInt8]) -> Contents {
        do throws(DocumentError) { return .text(try ReleaseText(parsing: bytes)) } catch {
            return .unreadable(error.description)
        }
    }

    /// Whether whoever made it takes any name of the image: what systemd reads as false (`parse_boolean`).
    var isRelaxed: Bool {
        let words = ["0", "no", "n", "false", "f", "off"]
        return isRegular && strict.map { words.contains($0.lowercased()) } == true && Self.isValid(name)
    }

    /// Whether systemd takes it for a name at all (`image_name_is_valid`).
    private static func isValid(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".#")
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}

/// Which of the extension-release files of an overlay counts.
package enum ExtensionReleaseChoice: Equatable, Sendable {
    /// There is none of that kind.
    case none
    /// This one.
    case release(ExtensionRelease)
    /// There are some, and none counts: why, without full stop.
    case refused(String)

    /// Chooses (os-release(5)): the one of the image's name; else the only one whose maker takes any name.
    ///
    /// - Parameters:
    ///   - files: all in the folder of the kind.
    ///   - names: what the image may be called, the likeliest first.
    package init(_ kind: ExtensionKind, _ files: [ExtensionReleaseFile], names: [String]) {
        let own = files.filter { $0.kind == kind }
        let named = names.lazy.compactMap { name in own.first { $0.name == name } }.first
        let relaxed = own.filter(\.isRelaxed)
        if let file = named ?? (relaxed.count == 1 ? relaxed.first : nil) {
            self = Self.taking(file)
        } else if own.isEmpty {
            self = .none
        } else if relaxed.isEmpty {
            let wanted = names.map { ExtensionReleaseFile.prefix + $0 }.joined(separator: " or ")
            self = .refused("\(kind.folder) has \(Self.list(own)), and none by the name \(wanted)")
        } else {
            self = .refused("\(kind.folder) has more than one that takes any name: \(Self.list(relaxed))")
        }
    }

    private static func taking(_ file: ExtensionReleaseFile) -> Self {
        switch file.contents {
        case .text(let text): .release(ExtensionRelease(file.kind, text))
        case .unreadable(let reason):
            .refused("\(file.kind.folder)/\(ExtensionReleaseFile.prefix)\(file.name) cannot be read: \(reason)")
        }
    }

    /// The first few names, which an overlay may have any number of.
    private static func list(_ files: [ExtensionReleaseFile]) -> String {
        let names = files.prefix(3).map { ExtensionReleaseFile.prefix + $0.name }.joined(separator: ", ")
        return files.count > 3 ? "\(names) and \(files.count - 3) more" : names
    }
}

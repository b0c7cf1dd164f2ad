/// A folder of the system that overlays are stacked over.
package enum OverlayHierarchy: String, CaseIterable, Comparable, Sendable {
    /// Programs and libraries.
    case usr = "/usr"
    /// Programs of others.
    case opt = "/opt"
    /// Configuration.
    case etc = "/etc"

    /// Goes by the order in which they are told.
    package static func < (left: OverlayHierarchy, right: OverlayHierarchy) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }

    /// The hierarchy that a path lies in, itself included; nil for all other paths.
    init?(of path: String) {
        let first = path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
        self.init(rawValue: "/" + String(decoding: first, as: UTF8.self))
    }

    /// Whether a path is absolute, and has neither `.` nor `..` nor an empty part.
    static func isPlain(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count > 1, parts.first?.isEmpty == true else { return false }
        return parts.dropFirst().allSatisfy {
            !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
        }
    }
}

/// What lies at a path of an overlay, or of the image below it.
package struct OverlayNode: Equatable, Sendable {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// A file, a device, a pipe.
        case file
        /// A symbolic link.
        case link
        /// A folder, which is joined with those of the same path below it, and gives them its attributes.
        case folder(FolderAttributes)
        /// A folder that hides those below it (`trusted.overlay.opaque`).
        case opaqueFolder(FolderAttributes)
        /// A mark that nothing is here, whatever lies below (a character device 0:0).
        case whiteout
    }

    /// Its path in the system: absolute, without `.` and `..`, without a slash at the end.
    package var path: String
    /// What it is.
    package var kind: Kind

    /// Describes what lies at a path.
    package init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// Whom a folder belongs to, and what its mode is.
package struct FolderAttributes: Equatable, Sendable, CustomStringConvertible {
    /// The permission bits.
    package var permissions: UInt16
    /// The user's number.
    package var owner: UInt32
    /// The group's number.
    package var group: UInt32

    /// Takes attributes.
    package init(permissions: UInt16 = 0o755, owner: UInt32 = 0, group: UInt32 = 0) {
        self.permissions = permissions
        self.owner = owner
        self.group = group
    }

    /// Whether root alone may change what is in it.
    var isRootsAlone: Bool { owner == 0 && permissions & 0o002 == 0 && (group == 0 || permissions & 0o020 == 0) }

    /// `0755 0:0`.
    package var description: String {
        let digits = String(permissions, radix: 8)
        return "\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits) \(owner):\(group)"
    }
}

extension OverlayNode.Kind {
    /// Whether what lies below it in folders of the same path stays to be seen.
    var joins: Bool { if case .folder = self { true } else { false } }

    /// Its attributes; nil when it is no folder.
    var attributes: FolderAttributes? {
        switch self {
        case .folder(let attributes), .opaqueFolder(let attributes): attributes
        case .file, .link, .whiteout: nil
        }
    }

    /// What it is, with an article.
    var words: String {
        switch self {
        case .file: "a file"
        case .link: "a link"
        case .folder, .opaqueFolder: "a folder"
        case .whiteout: "nothing"
        }
    }
}

/// What is in an overlay.
package struct OverlayTree: Equatable, Sendable {
    /// Which of the hierarchies it has at all.
    package var hierarchies: Set<OverlayHierarchy>
    /// What was looked at in them, in any order; folders on the way to it are in the list, too.
    ///
    /// A check gives everything. A boot may give what lies at `ProtectedPaths.probes` alone: what it does not give is not
    /// judged.
    package var nodes: [OverlayNode]
    /// Its extension-release files.
    package var releases: [ExtensionReleaseFile]
    /// Whether it has nothing at all.
    package var isEmpty: Bool
    /// The bytes that a copy of it takes.
    package var bytes: Int

    /// Describes an overlay; one without hierarchies, releases and other files is empty.
    package init(
        _ hierarchies: Set<OverlayHierarchy>, nodes: [OverlayNode] = [], releases: [ExtensionReleaseFile] = [],
        isEmpty: Bool? = nil, bytes: Int = 0
    ) {
        self.hierarchies = hierarchies
        self.nodes = nodes
        self.releases = releases
        self.isEmpty = isEmpty ?? hierarchies.isEmpty
        self.bytes = bytes
    }
}

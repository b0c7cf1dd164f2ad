import Archives
import LinuxSystem
import OverlayPlanning
import SystemPackage
import TreeModel

/// Reads what is in an overlay that can be seen at a place.
struct OverlayTreeReader {
    /// The most files and folders of one overlay that a check looks at.
    static let limit = TreeWriter.entryLimit

    /// Where it is seen.
    let place: FilePath
    /// Whether everything is looked at, and not only what the image keeps for itself.
    let isThorough: Bool

    /// Reads the tree.
    ///
    /// - Throws: the error of what cannot be read; `StackingError` when there is too much.
    func tree() throws -> OverlayTree {
        var nodes = NodeLookup(root: place)
        let hierarchies = try OverlayHierarchy.allCases.filter { try nodes.kind($0.rawValue)?.isFolder == true }
        var tree = OverlayTree(Set(hierarchies), isEmpty: try Folders.isEmpty(place))
        tree.releases = try releases()
        if isThorough {
            for hierarchy in hierarchies { try addAll(hierarchy.rawValue, &tree) }
        } else {
            tree.nodes = try probes(&nodes).nodes
        }
        return tree
    }

    /// What lies at protected paths, on the way to them, and in them.
    private func probes(_ nodes: inout NodeLookup) throws -> OverlayTree {
        var tree = OverlayTree([])
        let (probes, probed) = (ProtectedPaths.probes, ProtectedPaths.probedFolders)
        // The others are only on the way.
        var inner = probes.filter { path in
            !probed.contains(path) && !(probes + probed).contains { $0.hasPrefix(path + "/") }
        }
        for folder in probed where try nodes.kind(folder)?.isFolder == true {
            inner += try Folders.names(of: place.appending(FilePath(folder).components)).map { "\(folder)/\($0)" }
        }
        for path in probes where !inner.contains(path) {
            if let kind = try nodes.kind(path) { tree.nodes.append(OverlayNode(path, kind)) }
        }
        for path in inner {
            guard let kind = try nodes.kind(path) else { continue }
            if kind.isFolder { try addAll(path, &tree) } else { tree.nodes.append(OverlayNode(path, kind)) }
        }
        return tree
    }

    /// Adds a folder with everything in it.
    private func addAll(_ folder: String, _ tree: inout OverlayTree) throws {
        var source = try DirectorySource(path: place.appending(FilePath(folder).components))
        while let entry = try source.next() {
            guard tree.nodes.count < Self.limit else {
                throw StackingError.tree(folder, "there are more than \(Self.limit) files and folders")
            }
            let path = entry.path == .root ? folder : "\(folder)/\(entry.path)"
            tree.nodes.append(OverlayNode(path, try entry.node()))
            let (sum, overflow) = tree.bytes.addingReportingOverflow(Int(clamping: entry.contentSize))
            tree.bytes = overflow ? .max : sum
        }
    }

    private func releases() throws -> [ExtensionReleaseFile] {
        let root = try DirectoryHandle(root: place, crossesMounts: false)
        var files: [ExtensionReleaseFile] = []
        for kind in ExtensionKind.allCases {
            guard let folder = try? root.directory(FilePath(kind.folder)) else { continue }
            let names = try Folders.names(of: folder.mountTarget)
                .filter { $0.hasPrefix(ExtensionReleaseFile.prefix) }.prefix(Self.releaseLimit)
            for name in names { files.append(try release(kind, name, root, folder)) }
        }
        return files
    }

    /// The most extension-release files of one kind that are read.
    private static let releaseLimit = 64

    private func release(
        _ kind: ExtensionKind, _ fileName: String, _ root: borrowing DirectoryHandle,
        _ folder: borrowing DirectoryHandle
    ) throws -> ExtensionReleaseFile {
        let name = String(fileName.dropFirst(ExtensionReleaseFile.prefix.count))
        let path = folder.mountTarget.appending(fileName)
        let isRegular = try FileStatus.of(path, followingLinks: false)?.kind == .file
        let strict = try OverlayMark.attribute(ExtensionReleaseFile.strictAttribute, of: path)
            .map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        do throws(SystemError) {
            let file = FilePath(kind.folder).appending(fileName)
            let bytes = try root.read(file, limit: ReleaseText.sizeLimit) ?? []
            return ExtensionReleaseFile(kind, name: name, strict: strict, isRegular: isRegular, bytes: bytes)
        } catch {
            return ExtensionReleaseFile(
                kind, name: name, strict: strict, isRegular: isRegular, contents: .unreadable(error.reason))
        }
    }
}

extension ArchiveEntry {
    /// What an overlay has there.
    fileprivate func node() throws -> OverlayNode.Kind {
        switch kind {
        case .directory:
            let attributes = FolderAttributes(permissions: permissions, owner: owner, group: group)
            return isOpaque ? .opaqueFolder(attributes) : .folder(attributes)
        case .symbolicLink: return .link
        case .characterDevice(0, 0): return .whiteout
        case .regular, .hardLink, .characterDevice, .blockDevice, .fifo: return .file
        }
    }
}

/// Looks paths up as overlayfs does: a link on the way is no folder.
struct NodeLookup {
    let root: FilePath
    private var known: [String: OverlayNode.Kind?] = [:]

    init(root: FilePath) { self.root = root }

    /// What lies at an absolute path; nil for nothing.
    mutating func kind(_ path: String) throws(SystemError) -> OverlayNode.Kind? {
        if let kind = known[path] { return kind }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        var found: OverlayNode.Kind?
        if parent.isEmpty {
            found = try look(path)
        } else if try kind(parent)?.isFolder == true {
            found = try look(path)
        }
        known[path] = .some(found)
        return found
    }

    private func look(_ path: String) throws(SystemError) -> OverlayNode.Kind? {
        let place = root.appending(FilePath(path).components)
        guard let status = try FileStatus.of(place, followingLinks: false) else { return nil }
        switch status.kind {
        case .directory:
            let attributes = FolderAttributes(
                permissions: UInt16(truncatingIfNeeded: status.permissions.rawValue), owner: status.owner.user,
                group: status.owner.group)
            let mark = try OverlayMark.attribute(OverlayMark.opaque, of: place)
            return mark == Array("y".utf8) ? .opaqueFolder(attributes) : .folder(attributes)
        case .link: return .link
        case .file, .blockDevice: return .file
        case .other: return try OverlayMark.isWhiteout(place) ? .whiteout : .file
        }
    }
}

extension OverlayNode.Kind {
    var isFolder: Bool {
        switch self {
        case .folder, .opaqueFolder: true
        case .file, .link, .whiteout: false
        }
    }
}

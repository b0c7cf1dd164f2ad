import Cryptography
import ImageModel
import LinuxSystem
import SystemPackage
import TreeModel

/// Copies what counts of a package's folder to where the steps see it, so that they see nothing else, and what was hashed.
///
/// Modes and times say nothing of who builds: they are those of a checkout, and one fixed time.
struct StagedFolder {
    private static let blockLength = 1 << 20

    private let source: FilePath
    private let time: Int64

    /// Copies into an empty folder.
    ///
    /// - Parameters:
    ///   - entries: what counts, as `TreeListing.asCheckout` gives it.
    ///   - time: of every file, in seconds since 1970.
    /// - Throws: `PackageBuildError` when a file is not what its entry says any more; `SystemError`, `CryptographyError`.
    static func copy(_ entries: TreeListing, of source: FilePath, to target: FilePath, time: Int64) throws {
        let staging = StagedFolder(source: source, time: time)
        let root = try DirectoryHandle(root: target)
        for entry in entries.entries { try staging.copy(entry, to: root) }
        // Making a file changes the time of its folder.
        for entry in entries.entries where entry.isDirectory { try staging.settle(entry, in: root) }
        try settle(".", 0o755, in: root, time)
    }

    /// Copies one more file to a place in the folder, with the folders above it.
    ///
    /// - Parameter time: of the file and these folders, in seconds since 1970.
    /// - Throws: `SystemError`.
    static func add(_ file: FilePath, to target: FilePath, as place: FilePath, time: Int64) throws(SystemError) {
        guard let name = place.lastComponent else { return }
        let root = try DirectoryHandle(root: target)
        var above = place.removingLastComponent()
        let folder = try root.makeDirectory(above)
        try TreeCopy.copyEntry(file, folder.mountTarget.appending(name))
        try settle(name, 0o644, in: folder, time)
        // Making a file changes the time of its folder.
        while let name = above.lastComponent {
            above.removeLastComponent()
            guard let parent = try root.descend(Array(above.components)) else { break }
            try settle(name, 0o755, in: parent, time)
        }
        try settle(".", 0o755, in: root, time)
    }

    private static func settle(
        _ name: FilePath.Component, _ permissions: UInt16, in folder: borrowing DirectoryHandle, _ time: Int64
    ) throws(SystemError) {
        let attributes = NodeAttributes(owner: .root, permissions: permissions, modified: time)
        _ = try folder.setAttributes(of: name, attributes)
    }

    private func copy(_ entry: TreeEntry, to root: borrowing DirectoryHandle) throws {
        let folder = try folder(of: entry, in: root)
        let name = try name(of: entry)
        switch entry.kind {
        case .directory: try Folders.makeNew(folder.mountTarget.appending(name))
        case .regular(_, let digest):
            let file = try folder.makeFile(name)
            guard try copyContent(entry.path, to: file) == digest else { throw changed(entry) }
            try settle(entry, in: root)
        case .symbolicLink(let target):
            try folder.makeSymbolicLink(name, to: target)
            try folder.setModified(name, time)
        case .characterDevice, .blockDevice, .fifo: break
        }
    }

    /// Copies a file.
    ///
    /// - Returns: SHA-256 of what was copied.
    private func copyContent(_ path: EntryPath, to file: borrowing OwnedDescriptor) throws -> Digest {
        let input = try DirectoryHandle(root: source).file(FilePath(path.description))
        var hasher = try SHA256Hasher()
        var buffer = [UInt8](repeating: 0, count: Self.blockLength)
        while case let count = try FileBlock.read(input.descriptor, into: &buffer), count > 0 {
            let block = buffer.span.extracting(0..<count)
            try FileBlock.write(block, to: file.descriptor)
            try hasher.update(block)
        }
        return try hasher.finish()
    }

    private func settle(_ entry: TreeEntry, in root: borrowing DirectoryHandle) throws {
        try Self.settle(name(of: entry), entry.permissions, in: folder(of: entry, in: root), time)
    }

    private func folder(of entry: TreeEntry, in root: borrowing DirectoryHandle) throws -> DirectoryHandle {
        let names = FilePath(entry.path.description).components.dropLast()
        guard let folder = try root.descend(Array(names)) else { throw changed(entry) }
        return folder
    }

    private func name(of entry: TreeEntry) throws -> FilePath.Component {
        guard let name = FilePath(entry.path.description).lastComponent else { throw changed(entry) }
        return name
    }

    private func changed(_ entry: TreeEntry) -> PackageBuildError {
        .changedMeanwhile(source, entry.path.absolute)
    }
}

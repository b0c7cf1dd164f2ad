import LinuxSystem
import SystemPackage

/// Owns the folder in which an image grows, beside the one that it becomes; dropping it removes it.
struct ImageStaging: ~Copyable {
    /// Permissions of an image's files.
    static let fileMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// The folder.
    let path: FilePath
    private let target: FilePath

    /// Makes the folder.
    ///
    /// - Throws: `ImageBuildError` when the target is there and not an empty folder, or nothing can be made beside it.
    init(for target: FilePath) throws {
        guard let name = target.lastComponent?.string, name != "..", name != "." else {
            throw ImageBuildError("making", target.string, "it has no name of its own", remedy: "Name another folder.")
        }
        if try FileStatus.of(target, followingLinks: false) != nil, try !Folders.isEmpty(target) {
            throw ImageBuildError("making", target.string, "it exists", remedy: "Remove it or name another folder.")
        }
        let path = target.removingLastComponent().appending(".\(name).staging-\(ThisProcess.identifier)")
        try Folders.remove(path, .files)
        try Folders.makeNew(path)
        self.target = target
        self.path = path
    }

    /// Writes a small file into the folder.
    func write(_ bytes: [UInt8], _ name: String) throws {
        try AtomicFile.write(bytes, to: path.appending(name), permissions: Self.fileMode)
    }

    /// Flushes what is in the folder, gives it its name and flushes the folder above.
    consuming func commit() throws {
        try Folders.flush(path)
        try Folders.rename(path, to: target)
        let parent = target.removingLastComponent()
        try Folders.flushEntry(parent.isEmpty ? "." : parent)
    }

    deinit { try? Folders.remove(path, .files) }
}

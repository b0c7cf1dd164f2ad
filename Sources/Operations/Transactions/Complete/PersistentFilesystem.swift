import BlockDevices
import DiskContract
import Encryption
import Faults
import LinuxSystem
import SystemPackage

/// The filesystem of a persistent partition that a completing has made, or a cut has left.
enum PersistentFilesystem {
    /// The name of a volume while its filesystem is made or looked at.
    static let temporaryVolume = "lifeboot-format"

    /// Mounts it where nobody sees it, opened by the key on the OEM partition, and hands over a path of its root.
    ///
    /// - Throws: `Refusal` when it is encrypted and that key does not open it; `SystemError` or `EncryptionError`.
    static func use<Result>(
        _ device: BlockDevice, readOnly: Bool, _ body: (FilePath) throws -> Result
    ) throws -> Result {
        guard device.filesystemType == "crypto_LUKS" else { return try use(device.path, readOnly, body) }
        let key = try VolumeKey(keyFile: MachinePaths.persistentKey)
        guard let mapping = try VolumeActivation.open(device.path, as: temporaryVolume, with: key) else {
            throw Refusal(
                .impossible, "opening", "the persistent partition", cause: "the key on the OEM partition does not",
                remedy: "It is made again.")
        }
        let result: Result
        do { result = try use(mapping, readOnly, body) } catch {
            try? VolumeActivation.close(temporaryVolume)
            throw error
        }
        try VolumeActivation.close(temporaryVolume)
        return result
    }

    private static func use<Result>(
        _ device: FilePath, _ readOnly: Bool, _ body: (FilePath) throws -> Result
    ) throws -> Result {
        try UnseenMount(of: device, filesystem: "ext4", readOnly: readOnly).use(body)
    }
}

/// The file that says that a filesystem was made to its end: without it, it is no data of anybody.
enum CompletionMark {
    /// Puts it on a filesystem, and waits until the disk has it.
    ///
    /// - Parameter root: where the filesystem is mounted, writable.
    /// - Throws: `SystemError`.
    static func write(at root: FilePath) throws {
        let path = root.appending(DiskFiles.complete.components)
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write([], to: path)
        try Folders.flushFilesystem(root)
    }

    /// Whether it is there.
    ///
    /// - Throws: `SystemError` when it cannot be looked for.
    static func isThere(at root: FilePath) throws -> Bool {
        try FileStatus.of(root.appending(DiskFiles.complete.components)) != nil
    }
}

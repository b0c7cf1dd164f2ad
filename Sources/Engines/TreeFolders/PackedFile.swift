import Cryptography
import Faults
import ImageModel
import LinuxSystem
import SystemPackage

/// Takes the bytes of a layer as they are stored, hashes them and writes them in the place of a file.
final class PackedFile {
    private var file: PendingFile?
    private var hasher: SHA256Hasher
    private var size: Int64 = 0
    /// What kept something from being written, if anything did.
    var failure: (any Error)?

    /// Begins a file, whose folder must exist.
    ///
    /// - Throws: `TreeFoldersError` for what names no file, `SystemError`, `CryptographyError`.
    init(_ path: FilePath) throws {
        guard let name = path.lastComponent else { throw TreeFoldersError.output(path, "it names no file") }
        let parent = path.removingLastComponent()
        let folder = try DirectoryHandle(root: parent.isEmpty ? "." : parent)
        hasher = try SHA256Hasher()
        file = try PendingFile(name, in: folder, mode: 0o644, owner: ThisProcess.owner)
    }

    /// Takes the next bytes; false when they could not be written.
    func take(_ bytes: Span<UInt8>) -> Bool {
        do {
            try hasher.update(bytes)
            try file?.write(bytes)
            size += Int64(bytes.count)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: `SystemError`, `CryptographyError`.
    func finish() throws -> (digest: Digest, size: Int64) {
        let digest = try hasher.finish()
        if let file = file.take() { try file.commit() }
        return (digest, size)
    }
}

extension TreeFoldersError {
    fileprivate static func output(_ path: FilePath, _ cause: String) -> TreeFoldersError {
        TreeFoldersError(
            .output, "writing", "layer \(path)", cause: cause, remedy: "Name a file in a folder that is there.")
    }
}

import Cryptography
import Filesystems
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Hashes whole files.
package enum ImageFileDigest {
    /// Returns size and digest of a file.
    ///
    /// - Throws: `ImageAssemblyError` or `CryptographyError` when it cannot be read.
    package static func of(_ path: FilePath) throws -> Manifest.File {
        let file: OwnedDescriptor
        do throws(Errno) {
            file = try OwnedDescriptor(opening: path)
        } catch {
            throw ImageAssemblyError.file("reading", path, error)
        }
        let descriptor = file.descriptor
        do {
            let (digest, size) = try SHA256Hasher.digest(reading: descriptor)
            return Manifest.File(size: size, sha256: digest)
        } catch {
            throw error.about(path.string)
        }
    }

    /// Makes a file durable and takes it out of the page cache, so that what is read next comes from the disk.
    ///
    /// - Throws: `PreallocationError` when the disk does not take it.
    static func flushAndForget(_ path: FilePath) throws {
        let size = try FileStatus.of(path)?.size ?? 0
        try PreallocatedFile(path, size: Int(size)).flushAndForget()
    }
}

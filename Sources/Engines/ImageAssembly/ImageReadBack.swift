import Cryptography
import Filesystems
import ImageFolders
package import ImageModel
import LinuxSystem
import RegistryModel
package import SystemPackage
import Verity

/// Reads a finished image back from the disk and compares it with its manifest.
enum ImageReadBack {
    /// Makes all files durable, takes them out of the page cache and checks every digest and the hash tree.
    ///
    /// - Throws: `ImageAssemblyError` when the disk does not return what was written.
    static func check(_ image: DeployableImage, progress: (TransferProgress) throws -> Void) throws {
        let manifest = image.manifest
        var files = manifest.bootedFiles
        if let chunks = manifest.chunks { files.append((.chunks, chunks)) }
        for (file, _) in files { try ImageFileDigest.flushAndForget(image.directory.appending(file.rawValue)) }
        try Folders.flush(image.directory)
        let root = image.directory.appending(ImageFile.root.rawValue)
        // libcryptsetup looks at the tree on a thread of its own: it needs as long as the digests.
        var mismatch = BackgroundWork { [verity = manifest.root.verity] in
            try VerityFormat.mismatch(in: root, verity)
        }
        for (file, expected) in files {
            try progress(TransferProgress("reading back \(file.rawValue)", done: 0, total: expected.size))
            guard try ImageFault.find(in: image.directory, file, expected, .digest) == nil else {
                throw damaged(image.directory.appending(file.rawValue))
            }
        }
        try progress(TransferProgress("checking blocks", done: 0, total: manifest.root.verity.hashOffset))
        if try mismatch.value() != nil { throw damaged(root) }
    }

    private static func damaged(_ path: FilePath) -> ImageAssemblyError {
        ImageAssemblyError(
            .damaged, "reading back", path.string, "the disk does not return what was written",
            remedy: "Check the kernel log and the health of the disk.")
    }
}

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

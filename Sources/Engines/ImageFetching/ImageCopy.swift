import Cryptography
import ImageFolders
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage
import TransferPlanning

/// Copies an image from one directory of this machine to another partition: for recovery, reset and install.
package enum ImageCopy {

    /// Copies an image into a staging folder with the same checks as after a fetch; only its final name is missing then.
    ///
    /// All space is reserved before the first byte; memory does not grow with the image. A folder of an earlier attempt goes
    /// on where that stopped. Signatures are copied, not verified: that is for the caller.
    ///
    /// - Parameters:
    ///   - directory: the image directory, on any partition, read-only or not.
    ///   - staging: the folder; made where it is missing.
    ///   - observer: is told how far it is; what it throws ends the copy.
    /// - Throws: `FetchError` when the image there is damaged or the disk too small, `SystemError` when it cannot be read,
    ///   `ManifestError`.
    package static func run(
        from directory: FilePath, into staging: FilePath, observer: (TransferProgress) throws -> Void
    ) throws -> DeployableImage {
        let source = try ImageFolder(directory)
        let chunks = try chunks(of: directory, source.manifest)
        var image = try StagedImage(
            in: staging, id: source.id, source.manifest, source: try SHA256Hasher.digest(of: source.manifestBytes),
            index: chunks?.index)
        let signatures = try [ImageFile.signature.rawValue, ImageFile.localSignature].map { name in
            let limit = ImageFile.signature.sizeLimit
            return (name: name, bytes: try FileBytes.readIfPresent(directory.appending(name), limit: limit))
        }
        try image.write(
            [(ImageFile.manifest.rawValue, source.manifestBytes), (ImageFile.chunks.rawValue, chunks?.bytes)]
                + signatures)
        try copy(&image.kernel, directory, observer)
        try copy(&image.initrd, directory, observer)
        try copy(&image.root, directory, observer)
        return try image.finish(observer)
    }

    /// The chunk index beside an image; nil when it is not the one that the manifest names.
    private static func chunks(
        of directory: FilePath, _ manifest: Manifest
    ) throws -> (index: ChunkIndex, bytes: [UInt8])? {
        let path = directory.appending(ImageFile.chunks.rawValue)
        guard let expected = manifest.chunks,
            let bytes = try? FileBytes.readIfPresent(path, limit: ImageFile.chunks.sizeLimit),
            try SHA256Hasher.digest(of: bytes) == expected.sha256, let index = try? ChunkIndex(parsing: bytes),
            index.size == manifest.root.size, index.digest == manifest.root.sha256
        else { return nil }
        return (index, bytes)
    }

    private static func copy(
        _ file: inout StagedFile, _ directory: FilePath, _ observer: (TransferProgress) throws -> Void
    ) throws {
        let path = directory.appending(file.kind.rawValue)
        let source: OwnedDescriptor
        do throws(Errno) { source = try OwnedDescriptor(opening: path) } catch {
            throw SystemError.file("opening", path, error)
        }
        for chunk in file.index.chunks where !file.held.contains(chunk.range) {
            guard try file.copy(chunk, from: source.descriptor, at: chunk.offset) else {
                try file.flush()
                throw FetchError.corrupted(
                    "copying", path.string,
                    "bytes \(chunk.offset) to \(chunk.range.upperBound) cannot be read or are wrong")
            }
            let progress = TransferProgress(
                "copying \(file.kind.rawValue)", done: file.held.count, total: file.index.size)
            try observer(progress)
        }
        try file.flush()
    }
}

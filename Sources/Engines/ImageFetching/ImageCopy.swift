import Cryptography
import ImageFolders
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage
import TransferPlanning

/// Copies an image from one directory of this machine to another partition: for recovery, reset and install.
///
/// A byte is hashed once, and it is that of the new copy: none while it is copied, all of it when the disk gives it back past
/// the page cache, while more is copied. What that proves is the same as after a fetch. Of the root file's data, the
/// root hash that the manifest names; of its hash tree, which is made here of those bytes, the digests of its chunks; of kernel
/// and initramfs, their digests. The source is not hashed: bytes that are equal to what was signed come from bytes that were.
/// Only when something does not hold, each chunk in place is compared with its digest, and those that are wrong are copied
/// once more, hashed as they are read: that tells a damaged source from a disk that does not keep what it is given.
package enum ImageCopy {

    /// Copies an image into a staging folder with the same proof as after a fetch; only its final name is missing then.
    ///
    /// All space is reserved before the first byte; memory does not grow with the image. A folder of an earlier attempt goes
    /// on where that stopped. Signatures are copied, not verified: that is for the caller.
    ///
    /// - Parameters:
    ///   - directory: the image directory, on any partition, read-only or not.
    ///   - staging: the folder; made where it is missing.
    ///   - interval: bytes after which the journal is brought up to date.
    ///   - observer: is told how far it is; what it throws ends the copy.
    /// - Throws: `FetchError` when the image there is damaged or the disk too small, `SystemError` when it cannot be read,
    ///   `ManifestError`.
    package static func run(
        from directory: FilePath, into staging: FilePath, statingEvery interval: Int = 256 << 20,
        observer: (TransferProgress) throws -> Void
    ) throws -> DeployableImage {
        let source = try ImageFolder(directory)
        let chunks = try chunks(of: directory, source.manifest)
        var image = try StagedImage(
            in: staging, id: source.id, source.manifest, source: try SHA256Hasher.digest(of: source.manifestBytes),
            index: chunks?.index)
        (image.kernel.copyInterval, image.initrd.copyInterval) = (interval, interval)
        image.root.copyInterval = interval
        let signatures = try [ImageFile.signature.rawValue, ImageFile.localSignature].map { name in
            let limit = ImageFile.signature.sizeLimit
            return (name: name, bytes: try FileBytes.readIfPresent(directory.appending(name), limit: limit))
        }
        try image.write(
            [(ImageFile.manifest.rawValue, source.manifestBytes), (ImageFile.chunks.rawValue, chunks?.bytes)]
                + signatures)
        let tree = HashTree(source.manifest.root.verity, in: staging.appending(ImageFile.root.rawValue))
        try copy(&image.kernel, directory, observer)
        try copy(&image.initrd, directory, observer)
        try copyRoot(&image.root, tree, directory, observer)
        try mend(&image.kernel, directory, observer)
        try mend(&image.initrd, directory, observer)
        try mend(&image.root, directory, observer)
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

    /// Copies a file whose digest proves it, and begins to read it back.
    private static func copy(
        _ file: inout StagedFile, _ directory: FilePath, _ observer: (TransferProgress) throws -> Void
    ) throws {
        try bring(file.unsettledRuns, to: &file, directory, observer) { (file, chunks, source) in
            try file.copyUnseen(chunks, from: source)
        }
        // Nothing is flushed but by the interval: what a cut leaves unstated is looked at again, and all is flushed at the end.
        file.beginReadingBack()
    }

    /// Copies the data of the root file, and makes the hash tree of what the disk gives back of it.
    private static func copyRoot(
        _ file: inout StagedFile, _ tree: HashTree, _ directory: FilePath,
        _ observer: (TransferProgress) throws -> Void
    ) throws {
        file.derived = tree.chunks(of: file.index)
        if file.derived != nil { file.tree = try GrowingTree(tree) }
        try copy(&file, directory, observer)
        if try !file.append(tree, observer) { return }
        try file.flush()
    }

    /// Copies anew what keeps a file from being proven, and looks at each byte of that as it is read.
    ///
    /// - Throws: `FetchError` when the file there is damaged.
    private static func mend(
        _ file: inout StagedFile, _ directory: FilePath, _ observer: (TransferProgress) throws -> Void
    ) throws {
        if file.proof != nil { return }
        try observer(TransferProgress("checking \(file.kind.rawValue)", done: 0, total: file.index.size))
        try file.prove()
        if file.proof != nil { return }
        try file.verifyAll()
        let held = file.held
        let wrong = file.index.chunks.map(\.range).filter { !held.contains($0) }
        try bring(wrong, to: &file, directory, observer) { (file, part, source) in
            let chunks = file.index.chunks(overlapping: part)
            return try chunks.allSatisfy { try file.copy($0, from: source, at: $0.offset) }
        }
        try file.flush()
    }

    /// Copies parts of a file, each of them whole chunks.
    ///
    /// - Throws: `FetchError` when `copy` says that a part cannot be had; what was copied before is in the journal then.
    private static func bring(
        _ parts: [Range<Int>], to file: inout StagedFile, _ directory: FilePath,
        _ observer: (TransferProgress) throws -> Void,
        copy: (inout StagedFile, Range<Int>, FileDescriptor) throws -> Bool
    ) throws {
        let path = directory.appending(file.kind.rawValue)
        let source: OwnedDescriptor
        do throws(Errno) { source = try OwnedDescriptor(opening: path) } catch {
            throw SystemError.file("opening", path, error)
        }
        for part in parts {
            guard try copy(&file, part, source.descriptor) else {
                try file.flush()
                throw FetchError.corrupted(
                    "copying", path.string,
                    "bytes \(part.lowerBound) to \(part.upperBound) cannot be read or are wrong")
            }
            try observer(
                TransferProgress("copying \(file.kind.rawValue)", done: file.held.count, total: file.index.size))
        }
    }
}

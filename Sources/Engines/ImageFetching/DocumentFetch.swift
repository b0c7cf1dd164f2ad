import Cryptography
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

/// Gets small blobs, from folders that may have them or from the source.
enum DocumentFetch {
    /// Returns a blob, checked.
    ///
    /// - Parameters:
    ///   - file: its name in an image directory.
    ///   - limit: the most bytes accepted.
    ///   - folders: image directories; a file there with the same digest saves the transfer.
    /// - Throws: `FetchError` when it is too large or not what its digest says, or the error of the source.
    static func read(
        _ blob: Descriptor, _ file: ImageFile, limit: Int, folders: [FilePath],
        from source: inout some BlobSource & ~Copyable
    ) throws -> [UInt8] {
        guard blob.size >= 0, blob.size <= limit else {
            throw FetchError.unusable(file.rawValue, "\(blob.size) bytes, more than \(limit)")
        }
        for folder in folders {
            // Only a saving: what cannot be read here is fetched.
            guard let bytes = try? FileBytes.readIfPresent(folder.appending(file.rawValue), limit: blob.size),
                try matches(bytes, blob)
            else { continue }
            return bytes
        }
        let bytes = try fetch(blob, file, from: &source)
        guard try matches(bytes, blob) else {
            throw FetchError.corrupted("fetching", file.rawValue, "it is not what its digest says")
        }
        return bytes
    }

    private static func fetch(
        _ blob: Descriptor, _ file: ImageFile, from source: inout some BlobSource & ~Copyable
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blob.size)
        try source.read(blob, from: 0) { piece in
            guard piece.count <= blob.size - bytes.count else {
                throw FetchError.corrupted("fetching", file.rawValue, "more than \(blob.size) bytes came")
            }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }

    private static func matches(_ bytes: [UInt8], _ blob: Descriptor) throws -> Bool {
        try bytes.count == blob.size && SHA256Hasher.digest(of: bytes) == blob.digest
    }
}

/// Reads the chunk index of an image that is to be fetched.
enum RootChunks {
    /// Returns the index and its bytes; nil when the image has none, or one that is of no use.
    ///
    /// - Throws: `FetchError` when it is not what its digest says; the error of the source.
    static func read(
        _ documents: ImageDocuments, folders: [FilePath], from source: inout some BlobSource & ~Copyable
    ) throws -> (index: ChunkIndex, bytes: [UInt8])? {
        guard documents.manifest.chunks != nil, let blob = documents.artifact.files[.chunks],
            blob.size <= ImageFile.chunks.sizeLimit
        else { return nil }
        let bytes = try DocumentFetch.read(
            blob, .chunks, limit: ImageFile.chunks.sizeLimit, folders: folders, from: &source)
        // Without it the root file is fetched whole and checked as a whole.
        guard let index = try? ChunkIndex(parsing: bytes) else { return nil }
        let root = documents.manifest.root
        return index.size == root.size && index.digest == root.sha256 ? (index, bytes) : nil
    }
}

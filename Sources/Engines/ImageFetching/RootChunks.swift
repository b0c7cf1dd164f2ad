import ImageModel
import RegistryModel
import SystemPackage

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

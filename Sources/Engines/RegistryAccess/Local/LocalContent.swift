import Cryptography
import ImageModel
import RegistryModel

/// Holds what a local source found for one reference: the document it names, and where blobs lie.
struct LocalContent {
    /// The document that the reference names.
    var top: ManifestDocument
    /// What gives blobs and further documents.
    var store: Store

    /// Where blobs come from.
    enum Store {
        /// An OCI layout with its index.
        case layout(LayoutFolder)
        /// Documents and blobs that were put together from something else.
        case collected(documents: [Digest: ManifestDocument], blobs: [Digest: FileContent])
    }

    /// Where a blob's bytes lie; nil when there is no such blob.
    func blob(_ digest: Digest) throws -> FileContent? {
        switch store {
        case .layout(let layout): try layout.blob(digest)
        case .collected(_, let blobs): blobs[digest]
        }
    }

    /// A manifest by digest.
    func manifest(_ digest: Digest, named subject: String) throws -> ManifestDocument {
        if top.digest == digest { return top }
        let found: ManifestDocument? =
            switch store {
            case .layout(let layout): try layout.document(digest, among: top)
            case .collected(let documents, _): documents[digest]
            }
        guard let found else {
            throw RegistryError.source(
                .notFound, subject, "it holds no document \(digest.registryText)",
                remedy: "Copy the image again with everything it consists of (skopeo copy --all).")
        }
        return found
    }

    /// A manifest by tag; nil when there is no such tag.
    func manifest(tag: String) throws -> ManifestDocument? {
        guard case .layout(let layout) = store, let entry = try layout.index.entry(tag: tag) else { return nil }
        return try layout.document(entry)
    }
}

import Cryptography
import ImageModel
import LinuxSystem
import RegistryModel
import RegistryServing
import Synchronization
import SystemPackage
import WebMessages

/// One layout as its index was at some moment; good until the index is another file.
final class ServedLayout: Sendable {
    /// What tells the index from a later one.
    let stamp: FileStamp
    /// What it offers.
    let listing: LayoutListing
    private let folder: DirectoryHandle
    /// What is about other documents, once somebody has asked.
    private let referrers = Mutex<[Referrer]?>(nil)

    /// Reads the index of a layout.
    ///
    /// - Throws: `RegistryModelError` when it is malformed, `SystemError` when it cannot be read.
    init(_ index: OpenedFile, in folder: consuming DirectoryHandle) throws {
        guard index.size <= ImageIndex.maximumLayoutLength else { throw LayoutServingError.tooLong(folder.path) }
        let bytes = try index.bytes(at: 0, count: index.size)
        let document = ManifestDocument(
            mediaType: MediaType.index, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
        listing = LayoutListing(try ImageIndex(layout: document))
        stamp = index.stamp
        self.folder = folder
    }

    /// Opens the blob of a digest; nil when there is none.
    func blob(_ digest: Digest) throws(SystemError) -> OpenedFile? { try Self.blob(digest, in: folder) }

    /// Opens the blob of a digest in the folder of a layout; nil when there is none.
    static func blob(_ digest: Digest, in folder: borrowing DirectoryHandle) throws(SystemError) -> OpenedFile? {
        try OpenedFile(FilePath("blobs/sha256/\(digest.hex)"), in: folder)
    }

    /// Finds a manifest or index; nil when there is none.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    func document(_ name: ServingRoute.ManifestName) throws -> (Descriptor, OpenedFile)? {
        switch name {
        case .tag(let tag): return try listing.tags[tag].flatMap(opened)
        case .digest(let digest):
            if let entry = listing.documents[digest] { return try opened(entry) }
            // What only an index of several platforms names is not in the index of the layout.
            guard let file = try blob(digest), file.size <= ImageManifest.maximumLength,
                let type = LayoutListing.mediaType(of: try file.bytes(at: 0, count: file.size))
            else { return nil }
            return (Descriptor(mediaType: type, digest: digest, size: file.size), file)
        }
    }

    private func opened(_ entry: Descriptor) throws(SystemError) -> (Descriptor, OpenedFile)? {
        guard let file = try blob(entry.digest) else { return nil }
        return (Descriptor(mediaType: entry.mediaType, digest: entry.digest, size: file.size), file)
    }

    /// What is about a document.
    ///
    /// - Throws: `SystemError` when a manifest of the index cannot be read.
    func referrers(of digest: Digest, type: String?) throws -> ImageIndex {
        let all = try referrers.withLock { known in
            if let known { return known }
            let found = try listing.manifests.compactMap(referrer)
            known = found
            return found
        }
        return ImageIndex(of: all, about: digest, type: type)
    }

    /// A manifest as one about another; nil when it is not, is missing, or is malformed.
    private func referrer(_ entry: Descriptor) throws(SystemError) -> Referrer? {
        guard let file = try blob(entry.digest), file.size <= ImageManifest.maximumLength else { return nil }
        let document = ManifestDocument(
            mediaType: entry.mediaType, bytes: try file.bytes(at: 0, count: file.size), digest: entry.digest)
        return (try? ImageManifest(parsing: document)).flatMap { Referrer(entry, $0) }
    }
}

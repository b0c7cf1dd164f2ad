import Cryptography
import ImageModel
import JSONText
import LinuxSystem
import RegistryModel
import SystemPackage

/// Reads an OCI image layout: `index.json` and `blobs/sha256` (OCI image specification, "Image Layout").
struct LayoutFolder {
    /// The annotation of an index entry with the name of the image.
    static let nameAnnotation = MediaType.layoutName

    let catalog: FileCatalog
    let index: ImageIndex

    /// Reads the index of a layout.
    ///
    /// - Parameter isLarge: whether it may hold a whole repository of packages.
    /// - Throws: `RegistryError` when there is none, `RegistryModelError` when it is malformed.
    init(_ catalog: FileCatalog, isLarge: Bool = false) throws {
        guard let file = try catalog.file("index.json") else {
            throw RegistryError.unsuitable(
                catalog.origin, "it has no index.json, so it is no OCI layout",
                remedy: "Name a folder or archive written by 'skopeo copy … oci:PATH' or oci-archive:PATH.")
        }
        let bytes = try file.bytes(limit: isLarge ? ImageIndex.maximumLayoutLength : ImageManifest.maximumLength)
        let document = ManifestDocument(
            mediaType: MediaType.index, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
        self.catalog = catalog
        index = isLarge ? try ImageIndex(layout: document) : try ImageIndex(parsing: document)
    }

    /// The entry that a reference names: by digest, by tag, or the only one that is not a signature.
    func entry(_ reference: SourceReference.Entry) throws -> Descriptor {
        let entry: Descriptor?
        if let digest = reference.digest {
            entry = index.manifests.first { $0.digest == digest }
        } else if let tag = reference.tag {
            entry = try index.entry(tag: tag)
        } else {
            let images = index.manifests.filter { !$0.isSignature }
            let isUnambiguous = Set(images.map(\.digest)).count == 1
            entry = isUnambiguous ? images.first : nil
        }
        guard let entry else { throw missing(reference) }
        return entry
    }

    /// Reads a document that an entry of an index describes.
    ///
    /// - Throws: as the catalog.
    func document(_ entry: Descriptor) throws -> ManifestDocument { try catalog.document(entry) }

    /// Reads a document that the layout's index or another index names.
    func document(_ digest: Digest, among top: ManifestDocument) throws -> ManifestDocument? {
        var entries = index.manifests
        if case .index(let inner) = try RegistryDocument(parsing: top) { entries += inner.manifests }
        if let entry = entries.first(where: { $0.digest == digest }) { return try document(entry) }
        return try catalog.document(digest)
    }

    /// The documents of the index that say of themselves that they are about another.
    func referrers(of digest: Digest) throws -> ImageIndex {
        let candidates = index.manifests.filter { $0.artifactType != nil && MediaType.manifests.contains($0.mediaType) }
        return ImageIndex(
            manifests: try candidates.filter { entry in
                try ImageManifest(parsing: try document(entry)).subject?.digest == digest
            })
    }

    func blob(_ digest: Digest) throws -> FileContent? { try catalog.blob(digest) }

    private func missing(_ reference: SourceReference.Entry) -> RegistryError {
        let names = index.manifests.filter { !$0.isSignature }.compactMap { $0.annotations[Self.nameAnnotation] }
        let list =
            names.isEmpty ? "none has a name" : "there are " + names.prefix(20).map(\.quoted).joined(separator: ", ")
        let wanted = reference.digest?.registryText ?? reference.tag?.quoted
        return RegistryError.source(
            .notFound, reference.path.string,
            wanted.map { "it holds no image \($0); \(list)" }
                ?? "it holds \(index.manifests.count) images and none was named; \(list)",
            remedy: "Write the name or digest behind the path, as in oci:PATH:NAME or oci:PATH@sha256:….")
    }
}

extension ImageIndex {
    /// The entry of that name; also when the layout has the whole reference as its name, as some programs write it.
    ///
    /// - Throws: `RegistryError` when several images have the name.
    func entry(tag: String) throws -> Descriptor? {
        let names: (Descriptor) -> String? = { $0.annotations[LayoutFolder.nameAnnotation] }
        let exact = manifests.filter { names($0) == tag }
        let found = exact.isEmpty ? manifests.filter { names($0)?.hasSuffix(":\(tag)") == true } : exact
        guard Set(found.map(\.digest)).count <= 1 else {
            throw RegistryError.source(
                .notFound, "index.json", "\(found.count) different images have the name \(tag.quoted)",
                remedy: "Name the one you mean by its digest.")
        }
        return found.first
    }
}

extension Descriptor {
    /// Whether it is a signature, or a list of what is about another document, and no image.
    fileprivate var isSignature: Bool {
        if let artifactType, SigstoreBundle.isBundle(artifactType) { return true }
        guard let name = annotations[LayoutFolder.nameAnnotation], name.hasPrefix("sha256-") else { return false }
        return name.hasSuffix(".sig") || Digest(registryText: "sha256:\(name.dropFirst(7))") != nil
    }
}

extension FileCatalog {
    /// The blob of a layout; nil when it is not there.
    func blob(_ digest: Digest) throws(SystemError) -> FileContent? { try file("blobs/sha256/\(digest.hex)") }

    /// Reads a document of a layout that an entry of an index describes.
    ///
    /// - Throws: `RegistryError` when it is missing, too long, or not what its digest says.
    func document(_ entry: Descriptor) throws -> ManifestDocument {
        guard let file = try blob(entry.digest) else {
            throw RegistryError.source(
                .notFound, origin.string, "the document \(entry.digest.registryText) is missing",
                remedy: "Copy the image again with everything it consists of (skopeo copy --all).")
        }
        let bytes = try file.bytes(limit: ImageManifest.maximumLength)
        guard try SHA256Hasher.digest(of: bytes) == entry.digest else {
            throw RegistryError.damaged(file.path, "the content does not have the digest \(entry.digest.registryText)")
        }
        return ManifestDocument(mediaType: entry.mediaType, bytes: bytes, digest: entry.digest)
    }

    /// Reads a document of a layout that only another document names, such as a list of signatures; nil when it is not
    /// there, or does not say what it is.
    func document(_ digest: Digest) throws -> ManifestDocument? {
        guard let file = try blob(digest), file.size <= ImageManifest.maximumLength,
            let type = try? JSONValue(parsing: file.bytes(limit: file.size))["mediaType"]?.text,
            (MediaType.manifests + MediaType.indices).contains(type)
        else { return nil }
        return try document(Descriptor(mediaType: type, digest: digest, size: file.size))
    }
}

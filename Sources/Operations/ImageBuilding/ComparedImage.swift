import ImageAssembly
import ImageFetching
import ImageFolders
import ImageModel
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage
import TransferPlanning

/// One of two images that are compared, with its files on this machine.
struct ComparedImage {
    /// The folder with its files.
    let folder: FilePath
    /// What it says of itself.
    let documents: ImageDocuments
    /// What a machine that has the other image receives for this one, documents included; nothing when there is no other.
    let transfer: TransferEstimate

    /// Finds an image, and fetches it where it is no folder.
    ///
    /// - Parameters:
    ///   - scratch: where its files go then; made when they do.
    ///   - other: the image that a machine has already; its blocks are not fetched again.
    /// - Throws: `ImageBuildError` for what is no built image; the errors of the source.
    init(
        _ reference: SourceReference, _ access: RegistryConfiguration, scratch: FilePath, other: FilePath? = nil,
        progress: (TransferProgress) -> Void
    ) throws {
        let local = try reference.imageFolder
        var source = try AnySource(
            opening: local.map { .imageDirectory($0) } ?? reference, access, userAgent: "boatyard")
        let artifact = try ImageArtifact(try Self.manifest(reference, in: &source))
        documents = try ImageDocuments.read(artifact, from: &source) { _, _ in }
        let fetch = ArtifactFetch(documents, locals: other.map { [$0] } ?? [])
        transfer = try other == nil ? TransferEstimate(of: 0) : Self.transfer(fetch, from: &source)
        folder = local ?? scratch
        if local == nil { _ = try fetch.run(into: scratch, from: &source, observer: progress) }
    }

    /// The document of a built image, also where an index lists a container beside it.
    private static func manifest(_ reference: SourceReference, in source: inout AnySource) throws -> ManifestDocument {
        var document = try source.resolve()
        if case .index(let index) = try RegistryDocument(parsing: document) {
            guard case .artifact(let entry) = index.choice(architecture: ImageArchitecture.host) else {
                throw unsuitable(reference, "it has no built image for \(ImageArchitecture.host)")
            }
            document = try source.manifest(entry.digest)
        }
        guard try ImageManifest(parsing: document).isLifebootImage else {
            throw unsuitable(reference, "it is a container image, not a built one")
        }
        return document
    }

    private static func transfer(_ fetch: ArtifactFetch, from source: inout AnySource) throws -> TransferEstimate {
        let files = try fetch.estimate(from: &source).0
        let documents = fetch.documents
        var sizes = [documents.manifestBytes.count]
        if let signature = documents.signatureBytes { sizes.append(signature.count) }
        if documents.artifact.files[.chunks] != nil, let chunks = documents.manifest.chunks {
            sizes.append(chunks.size)
        }
        let bytes = sizes.reduce(0, +)
        return files + TransferEstimate(of: bytes, bytes: bytes, requests: sizes.count)
    }

    private static func unsuitable(_ reference: SourceReference, _ cause: String) -> ImageBuildError {
        ImageBuildError(
            "comparing", reference.description, cause,
            remedy: "Name what 'boatyard image build' made, or 'boatyard image publish' published.")
    }
}

extension SourceReference {
    /// The folder of a finished image, when that is what is named.
    var imageFolder: FilePath? {
        get throws {
            switch self {
            case .imageDirectory(let path): return path
            case .file(let entry):
                // Nothing can be asked of a name below an archive.
                guard try FileStatus.of(entry.path)?.kind == .directory else { return nil }
                return try FileStatus.of(entry.path.appending(ImageFile.manifest.rawValue)) == nil ? nil : entry.path
            case .registry, .layout, .archive, .iso: return nil
            }
        }
    }
}

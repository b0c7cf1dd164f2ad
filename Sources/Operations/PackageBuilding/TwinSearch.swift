import BuildPlanning
import Cryptography
import ImageModel
import PackageModel
import PackageRepositories
import PackageSpecs
import RegistryAccess
import RegistryModel

/// Looks for the image of a layer below, and takes its container twin when a trusted key has signed what names it.
///
/// An image and its twin lie under one tag: in an index, which is what `image publish --key` signs. The image's own
/// signature says nothing of what lies beside it.
struct TwinSearch {
    /// What was found.
    struct Found: Equatable {
        /// The image's version.
        var version: PackageVersion
        /// The digest of the signed index.
        var index: Digest
    }

    /// Where the layer has its images.
    let place: RepositoryPlace
    /// Whose signature counts.
    let keys: [TrustedKey]
    /// How registries are reached.
    let access: RegistryConfiguration
    /// Whether no registry may be asked.
    let isOffline: Bool

    /// Takes the highest version that counts.
    ///
    /// - Throws: `TwinError`; `RegistryError` when nobody answers, which is not the same as that there is none.
    func find(_ wish: BaseLayer, architecture: String) throws -> Found {
        if isOffline, !place.isLocal { throw TwinError.offline(wish, place) }
        var target = try place.open(access)
        let published = PublishedVersions(tags: try target.tags())
        guard let choice = published.highest(in: wish.versions) else { throw TwinError.absent(wish, place, published) }
        guard let top = try target.manifest(tag: choice.tag) else { throw TwinError.gone(choice, place) }
        try checkSignature(of: top, choice, in: &target)
        guard case .index(let index) = try RegistryDocument(parsing: top),
            case .artifact(let image) = index.choice(architecture: architecture)
        else { throw TwinError.single(choice, place) }
        guard index.container(architecture: architecture) != nil else {
            throw TwinError.foreign(choice, place, architecture)
        }
        try checkVersion(of: image, choice, in: &target)
        return Found(version: choice.version, index: top.digest)
    }

    private func checkSignature(
        of document: ManifestDocument, _ choice: PublishedVersions.Published,
        in source: inout some BlobSource & ~Copyable
    ) throws {
        let check = SignatureCheck(keys: keys)
        switch try check.verdict(for: document, in: &source, acceptsImageSignature: false) {
        case .signed: return
        case .unsigned: throw TwinError.unsigned(choice, place, document.digest)
        case .untrusted(let reasons): throw TwinError.untrusted(choice, place, reasons.joined(separator: "; "))
        case .unread(let forms):
            throw TwinError.untrusted(
                choice, place, "it is signed in a form that is not read: \(forms.joined(separator: ", "))")
        }
    }

    /// Whoever keeps the registry can move a tag to another image that was signed: the image says itself what it is.
    private func checkVersion(
        of image: Descriptor, _ choice: PublishedVersions.Published, in source: inout some BlobSource & ~Copyable
    ) throws {
        let files = try ArtifactFiles(ImageManifest(parsing: try source.manifest(image.digest)))
        let manifest = try Manifest(parsing: try source.bytes(of: files.manifest))
        guard manifest.version == "\(choice.version)" else {
            throw TwinError.misnamed(choice, place, manifest.version)
        }
    }
}

import BootModel
import Cryptography
import ImageFetching
import ImageModel
package import RegistryAccess
package import RegistryModel
import ReleaseModel
import SystemPackage
package import TransactionPlanning

/// What a reference resolved to: asked for once, from then on by digest.
package struct ResolvedImage: ~Copyable {
    /// How its files come.
    enum Content {
        case artifact(ImageDocuments)
        case container(ImageManifest, ContainerConfig)
    }

    /// Where it is.
    var source: AnySource
    let content: Content
    /// What is known about it.
    package let candidate: ImageCandidate
    /// Whether the policy allows to fetch the root file as a whole.
    package var mayFetchWhole = true
}

/// Asks a source what a reference means, who signed it, and what it is.
package enum ImageResolution {
    /// The largest config of a container image that is read, in bytes.
    private static let operation = "upgrading to"

    /// Resolves a reference.
    ///
    /// - Parameters:
    ///   - keys: the keys that may sign.
    ///   - architecture: chooses in an index.
    /// - Throws: `Refusal` for an index without an image for this machine type; the errors of the source.
    package static func resolve(
        _ reference: SourceReference, _ source: consuming AnySource, keys: [TrustedKey], architecture: String
    ) throws -> ResolvedImage {
        let top = try source.resolve()
        let check = SignatureCheck(keys: keys)
        let acceptsImageSignature = source.acceptsImageSignature
        let verdict = try check.verdict(for: top, in: &source, acceptsImageSignature: acceptsImageSignature)
        let document = try manifest(of: top, reference, architecture, in: &source)
        let manifest = try ImageManifest(parsing: document)
        let origin = Origin(
            reference: reference.description, top: top.digest, document: document.digest,
            trust: ImageCandidate.Trust(verdict, keys: keys.map(\.name)))
        if manifest.isLifebootImage {
            return try artifact(manifest, origin, check, source)
        }
        return try container(manifest, origin, source)
    }

    private struct Origin {
        let reference: String
        let top: Digest
        let document: Digest
        let trust: ImageCandidate.Trust
    }

    /// The manifest itself, or the entry of an index that this machine takes.
    private static func manifest(
        of top: ManifestDocument, _ reference: SourceReference, _ architecture: String, in source: inout AnySource
    ) throws -> ManifestDocument {
        guard case .index(let index) = try RegistryDocument(parsing: top) else { return top }
        switch index.choice(architecture: architecture) {
        case .artifact(let entry), .container(let entry): return try source.manifest(entry.digest)
        case .nothing(let available):
            throw Refusal(
                .architecture, operation, reference.description,
                cause: "it has nothing for \(architecture), only \(available.joined(separator: ", "))",
                remedy: "Choose an image for this machine type.")
        }
    }

    private static func artifact(
        _ manifest: ImageManifest, _ origin: Origin, _ check: SignatureCheck, _ source: consuming AnySource
    ) throws -> ResolvedImage {
        var isSigned = false
        let artifact = try ImageArtifact(source: origin.document, config: manifest.config, layers: manifest.layers)
        let documents = try ImageDocuments.read(artifact, from: &source) { bytes, signature in
            isSigned = try check.accepts(signature, of: bytes)
        }
        let image = documents.manifest
        let files = [documents.manifest.kernel.size, image.initrd.size, image.root.size, image.chunks?.size ?? 0]
        var candidate = ImageCandidate(
            reference: origin.reference, digest: origin.document, source: origin.top, kind: .artifact,
            id: documents.id, name: image.name, version: image.version, sequence: image.sequence,
            architecture: image.architecture, trust: origin.trust, bytes: files.reduce(0) { $0 &+ $1 })
        candidate.boards = image.boards
        candidate.minimumAgent = image.minimumAgent
        candidate.bootsSigned = isSigned
        return ResolvedImage(source: source, content: .artifact(documents), candidate: candidate)
    }

    private static func container(
        _ manifest: ImageManifest, _ origin: Origin, _ source: consuming AnySource
    ) throws -> ResolvedImage {
        guard manifest.config.size <= ContainerConfig.maximumLength else {
            throw Refusal(
                .impossible, operation, origin.reference, cause: "its config is too large",
                remedy: "Build the container image again.")
        }
        var bytes: [UInt8] = []
        try source.read(manifest.config, from: 0) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        let config = try ContainerConfig(parsing: bytes)
        let candidate = ImageCandidate(container: manifest, config, origin.reference, origin.document, origin.top, origin.trust)
        return ResolvedImage(source: source, content: .container(manifest, config), candidate: candidate)
    }
}

extension ImageCandidate.Trust {
    fileprivate init(_ verdict: SignatureVerdict, keys: [String]) {
        self =
            switch verdict {
            case .signed(let key): .signed(key)
            case .unsigned: .unsigned
            case .untrusted: .untrusted(keys)
            }
    }
}

extension ImageCandidate {
    /// What a container image says of itself, in its labels or else by what it is.
    fileprivate init(
        container manifest: ImageManifest, _ config: ContainerConfig, _ reference: String, _ document: Digest,
        _ top: Digest, _ trust: Trust
    ) {
        let layers = manifest.layers.reduce(0) { sum, layer in
            let (result, overflow) = sum.addingReportingOverflow(layer.size)
            return overflow ? .max : result
        }
        let labels = config.labels
        let created = config.created?.seconds ?? 0
        self.init(
            reference: reference, digest: document, source: top, kind: .container,
            name: labels["io.lifeboot.name"] ?? labels["org.opencontainers.image.title"] ?? "container",
            version: labels["io.lifeboot.version"] ?? labels["org.opencontainers.image.version"] ?? String(created),
            sequence: labels["io.lifeboot.sequence"].flatMap { Int64($0) } ?? max(0, created),
            architecture: config.architecture, trust: trust, bytes: layers, workspace: layers)
        boards = labels["io.lifeboot.boards"]?.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) ?? []
        bootsSigned = false
    }
}

import BootModel
package import Cryptography
import Faults
import ImageAssembly
import ImageFetching
import ImageModel
package import RegistryAccess
package import RegistryModel
import SystemPackage
import TransactionPlanning

/// Asks a source what a reference means, who signed it, and what it is.
package enum ImageResolution {
    /// Resolves a reference.
    ///
    /// - Parameters:
    ///   - keys: the keys that may sign.
    ///   - architecture: chooses in an index.
    ///   - operation: what is done with the image, as a verb in -ing form.
    /// - Throws: `Refusal` for an index without an image for this machine type; the errors of the source.
    package static func resolve(
        _ reference: SourceReference, _ source: consuming AnySource, keys: [TrustedKey], architecture: String,
        for operation: String
    ) throws -> ResolvedImage {
        let top = try source.resolve()
        let check = SignatureCheck(keys: keys)
        let acceptsImageSignature = source.acceptsImageSignature
        let verdict = try check.verdict(for: top, in: &source, acceptsImageSignature: acceptsImageSignature)
        let document = try manifest(of: top, reference, architecture, operation, in: &source)
        let manifest = try ImageManifest(parsing: document)
        let origin = Origin(
            reference: reference.description, top: top.digest, document: document.digest,
            trust: ImageCandidate.Trust(verdict, keys: keys.map(\.name)))
        if manifest.isLifebootImage {
            return try artifact(document, origin, check, source)
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
        of top: ManifestDocument, _ reference: SourceReference, _ architecture: String, _ operation: String,
        in source: inout AnySource
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
        _ document: ManifestDocument, _ origin: Origin, _ check: SignatureCheck, _ source: consuming AnySource
    ) throws -> ResolvedImage {
        var isSigned = false
        let artifact = try ImageArtifact(document)
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
        candidate.created = image.createdAt.seconds
        candidate.bootsSigned = isSigned
        return ResolvedImage(source: source, content: .artifact(documents), candidate: candidate)
    }

    private static func container(
        _ manifest: ImageManifest, _ origin: Origin, _ source: consuming AnySource
    ) throws -> ResolvedImage {
        let description = try ContainerDescription.read(manifest, source: origin.top, from: &source)
        let candidate = ImageCandidate(
            container: description, origin.reference, origin.document, origin.top, origin.trust)
        return ResolvedImage(source: source, content: .container(description), candidate: candidate)
    }
}

extension ImageCandidate.Trust {
    fileprivate init(_ verdict: SignatureVerdict, keys: [String]) {
        self =
            switch verdict {
            case .signed(let key): .signed(key)
            case .unsigned: .unsigned
            case .untrusted: .untrusted(keys)
            case .unread(let forms): .unread(forms)
            }
    }
}

extension ImageCandidate {
    /// Bytes for what is not the root file: kernel and initrd in it, index, manifest.
    private static let overhead = 16 << 20

    /// What a container image says of itself, in its labels or else by what it is; os-release is known only later.
    fileprivate init(
        container: ContainerDescription, _ reference: String, _ document: Digest, _ top: Digest, _ trust: Trust
    ) {
        let sizes = container.layers.map(\.size)
        let total = sizes.reduce(0) { sum, size in
            let (result, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max / 4 : result
        }
        let draft = container.draft
        let created = draft.createdAt
        self.init(
            reference: reference, digest: document, source: top, kind: .container,
            name: draft.name ?? "container image", version: draft.version ?? "of \(created)",
            sequence: draft.sequence ?? max(0, created.seconds), architecture: container.config.architecture,
            trust: trust, bytes: total / 20 &* 21 &+ Self.overhead, workspace: sizes.max() ?? 0)
        boards = draft.boards
        isNamed = draft.name != nil
        self.created = max(0, created.seconds)
        bootsSigned = false
    }
}

// Signatures that refer to what they are about: where cosign 3 puts them, and others do.
import ImageModel
import RegistryModel

extension SignatureCheck {
    /// Artifacts that are signatures in a form that is not read here, and what people call them.
    private static let foreignForms = ["application/vnd.cncf.notary.signature": "Notation"]
    /// The artifact of cosign's older form, where it was told to refer (`COSIGN_EXPERIMENTAL`).
    private static let cosignArtifact = SimpleSigning.artifactType

    /// Says whether one of the keys made one of the signatures that refer to a document.
    ///
    /// They are found by the referrers API of the registry, or in the index under the tag `sha256-<digest>` where it has
    /// none. A Sigstore bundle counts when a trusted key signed, in a DSSE envelope, a statement of cosign's kind whose
    /// subject is the document's digest, or, as a message, the document itself. Statements of other kinds are no signatures.
    ///
    /// - Throws: whatever keeps the signatures from being read.
    func referringVerdict(
        _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict {
        var verdict = SignatureVerdict.unsigned
        for entry in try Self.signatures(of: document.digest, in: &source) {
            verdict = verdict.joined(with: try self.verdict(entry, document, in: &source))
            if case .signed = verdict { break }
        }
        return verdict
    }

    /// The artifacts that may be signatures of a document.
    private static func signatures(
        of digest: Digest, in source: inout some BlobSource & ~Copyable
    ) throws -> ArraySlice<Descriptor> {
        var entries = try source.referrers(of: digest)?.manifests ?? []
        if let list = try source.manifest(tag: SigstoreBundle.tag(of: digest)),
            case .index(let index) = try RegistryDocument(parsing: list)
        {
            entries += index.manifests.filter { entry in !entries.contains { $0.digest == entry.digest } }
        }
        return entries.filter { entry in
            guard let type = entry.artifactType else { return false }
            return SigstoreBundle.isBundle(type) || type == cosignArtifact || foreignForms[type] != nil
        }.prefix(maximumSignatures)
    }

    private func verdict(
        _ entry: Descriptor, _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict {
        if let form = entry.artifactType.flatMap({ Self.foreignForms[$0] }) { return .unread(forms: [form]) }
        let list = try source.manifest(entry.digest)
        if entry.artifactType == Self.cosignArtifact { return try verdict(list, about: document.digest, in: &source) }
        let manifest: ImageManifest
        do throws(RegistryModelError) { manifest = try ImageManifest(parsing: list) } catch {
            return .untrusted(reasons: ["a signature's manifest is malformed: \(error)"])
        }
        guard let layer = manifest.layers.first(where: { SigstoreBundle.isBundle($0.mediaType) }) else {
            return .unread(forms: [manifest.layers.first?.mediaType.quoted ?? "an artifact without content"])
        }
        guard layer.size <= SigstoreBundle.maximumLength else {
            return .unread(forms: ["a Sigstore bundle of \(layer.size) bytes"])
        }
        return try verdict(bundle: try source.bytes(of: layer), of: document)
    }

    /// Checks a bundle: its form first, then who made it, then what it is about.
    private func verdict(bundle bytes: [UInt8], of document: ManifestDocument) throws -> SignatureVerdict {
        let bundle: SigstoreBundle
        do throws(RegistryModelError) { bundle = try SigstoreBundle(parsing: bytes) } catch {
            return .unread(forms: ["a Sigstore bundle, for \(error)"])
        }
        switch bundle.content {
        case .envelope(let payload, let type, let signatures):
            return try verdict(payload, type, signatures, document.digest, bundle)
        case .message(let digest, let signature):
            guard digest == document.digest.bytes else {
                return .untrusted(reasons: ["a Sigstore bundle is about something else"])
            }
            return try verdict(try signer([signature], of: document.bytes), bundle)
        }
    }

    private func verdict(
        _ payload: [UInt8], _ type: String, _ signatures: [[UInt8]], _ digest: Digest, _ bundle: SigstoreBundle
    ) throws -> SignatureVerdict {
        guard type == SigningStatement.payloadType else {
            return .unread(forms: ["a Sigstore bundle with \(type.quoted)"])
        }
        let statement: SigningStatement
        do throws(RegistryModelError) { statement = try SigningStatement(parsing: payload) } catch {
            return .unread(forms: ["a Sigstore bundle, for \(error)"])
        }
        guard statement.predicate == SigningStatement.signature else { return .unsigned }
        guard statement.subjects.contains(digest) else {
            return .untrusted(reasons: ["a Sigstore bundle is about something else"])
        }
        return try verdict(
            try signer(signatures, of: SigstoreBundle.signedBytes(payload, type: type)), bundle)
    }

    private func verdict(_ signer: String?, _ bundle: SigstoreBundle) throws -> SignatureVerdict {
        if let signer { return .signed(key: signer) }
        if bundle.isKeyless { return .unread(forms: ["a keyless Sigstore bundle, with a certificate and no key"]) }
        return .untrusted(reasons: ["a Sigstore bundle was made by \(noTrustedKey)"])
    }
}

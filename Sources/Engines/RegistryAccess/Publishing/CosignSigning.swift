// Signatures in the two forms that cosign has had: older programs look for the one, cosign 3 for the other.
package import Cryptography
import ImageModel
import JSONText
package import RegistryModel

extension BlobTarget where Self: ~Copyable {
    /// Signs a document in both of cosign's forms with a key; signatures of others stay.
    ///
    /// - Parameter name: `host/repository`, written into the payload for people; it says nothing about trust.
    /// - Returns: false when the key had signed the document in both forms before; then nothing changes.
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func sign(
        _ document: ManifestDocument, named name: String, with key: borrowing SigningKey
    ) throws -> Bool {
        let own = SignatureCheck(keys: [TrustedKey(name: "own", key: try key.publicKey())])
        var changed = false
        if try !(own.taggedVerdict(document, in: &self)?.isSigned ?? false) {
            try signUnderTag(document, named: name, with: key)
            changed = true
        }
        if try !own.referringVerdict(document, in: &self).isSigned {
            try signInBundle(document, with: key)
            changed = true
        }
        return changed
    }

    /// Adds a signature to those under the tag `sha256-<digest>.sig`.
    private mutating func signUnderTag(
        _ document: ManifestDocument, named name: String, with key: borrowing SigningKey
    ) throws {
        let tag = SimpleSigning.tag(of: document.digest)
        let others = try manifest(tag: tag).map { try ImageManifest(parsing: $0).layers } ?? []
        let payload = SimpleSigning(digest: document.digest, reference: name).serialized()
        var layer = try push(payload, MediaType.simpleSigning, digest: try SHA256Hasher.digest(of: payload))
        layer.annotations[SimpleSigning.annotation] = Base64.encode(try key.sign(payload))
        let config = Self.signatureConfig(others + [layer])
        let configBlob = try push(config, MediaType.containerConfig, digest: try SHA256Hasher.digest(of: config))
        let list = ImageManifest(config: configBlob, layers: others + [layer]).serialized()
        _ = try push(manifest: list, mediaType: MediaType.manifest, tag: tag)
    }

    /// Stores a Sigstore bundle that refers to the document, and lists it under a tag where nothing else lists it.
    private mutating func signInBundle(_ document: ManifestDocument, with key: borrowing SigningKey) throws {
        let bundle = try Self.bundle(document, key).serialized()
        let layer = try push(bundle, SigstoreBundle.mediaType, digest: try SHA256Hasher.digest(of: bundle))
        let empty = Array("{}".utf8)
        let config = try push(empty, MediaType.empty, digest: try SHA256Hasher.digest(of: empty))
        var manifest = ImageManifest(
            artifactType: SigstoreBundle.mediaType, config: config, layers: [layer],
            annotations: Self.bundleAnnotations)
        manifest.subject = Descriptor(
            mediaType: document.mediaType, digest: document.digest, size: document.bytes.count)
        let bytes = manifest.serialized()
        let digest = try push(manifest: bytes, mediaType: MediaType.manifest, tag: nil)
        if try referrers(of: document.digest)?.manifests.contains(where: { $0.digest == digest }) == true { return }
        var entry = Descriptor(mediaType: MediaType.manifest, digest: digest, size: bytes.count)
        entry.artifactType = SigstoreBundle.mediaType
        entry.annotations = Self.bundleAnnotations
        try list(entry, about: document.digest)
    }

    /// Adds a document to the index under the tag `sha256-<digest>`; what others listed there stays.
    private mutating func list(_ entry: Descriptor, about digest: Digest) throws {
        let tag = SigstoreBundle.tag(of: digest)
        var index = try manifest(tag: tag).map { try ImageIndex(parsing: $0) } ?? ImageIndex(manifests: [])
        index.manifests.append(entry)
        _ = try push(manifest: index.serialized(), mediaType: MediaType.index, tag: tag)
    }

    private static func bundle(
        _ document: ManifestDocument, _ key: borrowing SigningKey
    ) throws(CryptographyError) -> SigstoreBundle {
        let payload = SigningStatement(signing: document.digest).serialized()
        let type = SigningStatement.payloadType
        let signature = try key.sign(SigstoreBundle.signedBytes(payload, type: type))
        // cosign's hint: the digest of the public key.
        let hint = Base64.encode(try key.publicKey().fingerprint().bytes)
        return SigstoreBundle(.envelope(payload: payload, type: type, signatures: [signature]), hint: hint)
    }

    /// What cosign looks at before it reads a bundle.
    private static var bundleAnnotations: [String: String] {
        [
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": SigningStatement.signature,
        ]
    }

    /// A config like that of an empty container image, as cosign writes it; some registries insist on one.
    private static func signatureConfig(_ layers: [Descriptor]) -> [UInt8] {
        let rootfs: JSONObject = [
            "type": "layers", "diff_ids": .array(layers.map { .string($0.digest.registryText) }),
        ]
        let config: JSONObject = [
            "architecture": "", "created": "0001-01-01T00:00:00Z", "os": "", "rootfs": .object(rootfs), "config": [:],
        ]
        return JSONValue.object(config).serialized()
    }
}

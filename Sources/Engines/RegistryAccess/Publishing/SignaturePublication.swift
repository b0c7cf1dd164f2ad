package import Cryptography
import ImageModel
import JSONText
package import RegistryModel

extension BlobTarget where Self: ~Copyable {
    /// Signs a document in cosign's key-based format; signatures of others stay.
    ///
    /// - Parameter name: `host/repository`, written into the payload for people; it says nothing about trust.
    /// - Returns: false when the key had signed the document before; then nothing changes.
    /// - Throws: as the target, and `CryptographyError`.
    package mutating func sign(
        _ document: ManifestDocument, named name: String, with key: borrowing SigningKey
    ) throws -> Bool {
        let own = TrustedKey(name: "own", key: try key.publicKey())
        let verdict = try SignatureCheck(keys: [own]).verdict(for: document, in: &self, acceptsImageSignature: false)
        if case .signed = verdict { return false }
        let tag = SimpleSigning.tag(of: document.digest)
        let others = try manifest(tag: tag).map { try ImageManifest(parsing: $0).layers } ?? []
        let payload = SimpleSigning(digest: document.digest, reference: name).serialized()
        var layer = try push(payload, MediaType.simpleSigning, digest: try SHA256Hasher.digest(of: payload))
        layer.annotations[SimpleSigning.annotation] = Base64.encode(try key.sign(payload))
        let config = Self.signatureConfig(others + [layer])
        let configBlob = try push(config, MediaType.containerConfig, digest: try SHA256Hasher.digest(of: config))
        let list = ImageManifest(config: configBlob, layers: others + [layer]).serialized()
        _ = try push(manifest: list, mediaType: MediaType.manifest, tag: tag)
        return true
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

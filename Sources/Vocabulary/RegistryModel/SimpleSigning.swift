package import ImageModel
import JSONText

/// Holds the payload that a cosign signature is made over (simple signing; cosign, `specs/SIGNATURE_SPEC.md`).
package struct SimpleSigning: Equatable, Sendable {
    /// The largest payload that is read, in bytes.
    package static let maximumLength = 64 << 10
    /// `critical.type` of cosign's payloads.
    package static let type = "cosign container image signature"
    /// The annotation of a layer with the base64 of the signature.
    package static let annotation = "dev.cosignproject.cosign/signature"
    /// `artifactType` of a list of signatures that is no image (cosign, `pkg/oci/remote`).
    package static let artifactType = "application/vnd.dev.cosign.artifact.sig.v1+json"

    /// The document that is signed.
    package var digest: Digest
    /// The image's name as the signer knew it; says nothing about trust, because images are copied.
    package var reference: String

    /// States what is to be signed.
    package init(digest: Digest, reference: String) {
        self.digest = digest
        self.reference = reference
    }

    /// Reads a payload.
    ///
    /// - Throws: `RegistryModelError` for bad JSON, another type and a digest that is not SHA-256. Unknown members of
    ///   `critical` are refused, because a signer may rely on them being understood.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.maximumLength, operation: "reading a signature's payload",
            remedy: "Sign the image again with 'boatyard sign' or cosign.")
        let critical = try reader.child("critical")
        for member in critical.object.members where !["identity", "image", "type"].contains(member.name) {
            throw critical.fault(member.name, "unknown, but critical")
        }
        guard try critical.text("type") == Self.type else { throw critical.fault("type", "expected '\(Self.type)'") }
        digest = try critical.child("image").digest("docker-manifest-digest")
        reference = try critical.optionalChild("identity")?.optionalText("docker-reference") ?? ""
    }

    /// The payload's bytes, in cosign's order.
    package func serialized() -> [UInt8] {
        let critical: JSONObject = [
            "identity": ["docker-reference": .string(reference)],
            "image": ["docker-manifest-digest": .string(digest.registryText)], "type": .string(Self.type),
        ]
        return JSONValue.object(["critical": .object(critical), "optional": .null]).serialized()
    }

    /// The tag under which the signatures of a document lie: `sha256-<hex>.sig`.
    package static func tag(of digest: Digest) -> String { "sha256-\(digest.hex).sig" }
}

package import ImageModel
import JSONText

/// Holds a signature as cosign 3 stores it: a Sigstore bundle (protobuf-specs, `sigstore_bundle.proto`), as far as a key needs.
package struct SigstoreBundle: Equatable, Sendable {
    /// The largest bundle that is read, in bytes; one with certificates and proofs of a log has some 10,000.
    package static let maximumLength = 1 << 20
    /// The most signatures of one envelope that are looked at.
    package static let maximumSignatures = 8
    /// The media type that is written; also the `artifactType` of its manifest.
    package static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
    /// How the media types of all versions begin.
    private static let family = "application/vnd.dev.sigstore.bundle"

    /// What is signed.
    package enum Content: Equatable, Sendable {
        /// A statement in an envelope (DSSE, `protocol.md`).
        case envelope(payload: [UInt8], type: String, signatures: [[UInt8]])
        /// The bytes of the document itself; the digest is what the bundle says of them.
        case message(digest: [UInt8], signature: [UInt8])
    }

    /// What is signed.
    package var content: Content
    /// Whether a certificate says who signed, and no key of anybody's.
    package var isKeyless: Bool
    /// What the signer calls the key, for people; says nothing about trust.
    package var hint: String

    /// Makes a bundle of a key.
    package init(_ content: Content, hint: String) {
        self.content = content
        self.hint = hint
        isKeyless = false
    }

    /// Says whether a media type, of a layer or of an artifact, is that of a bundle of any version.
    package static func isBundle(_ mediaType: String) -> Bool { mediaType.hasPrefix(family) }

    /// Reads a bundle.
    ///
    /// - Throws: `RegistryModelError` for bad JSON, and one that has neither or both of envelope and message signature.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.maximumLength, operation: "reading a Sigstore bundle",
            remedy: "Sign the image again with 'boatyard sign' or cosign.")
        let material = try reader.optionalChild("verificationMaterial")
        hint = try material?.optionalChild("publicKey")?.optionalText("hint") ?? ""
        let certificate = try material?.optionalChild("certificate")
        let chain = try material?.optionalChild("x509CertificateChain")
        isKeyless = certificate != nil || chain != nil
        let envelope = try reader.optionalChild("dsseEnvelope")
        let message = try reader.optionalChild("messageSignature")
        switch (envelope, message) {
        case (let envelope?, nil): content = try Self.content(envelope: envelope)
        case (nil, let message?): content = try Self.content(message: message)
        default: throw reader.fault("expected either dsseEnvelope or messageSignature")
        }
    }

    private static func content(envelope: DocumentReader) throws(RegistryModelError) -> Content {
        var signatures: [[UInt8]] = []
        for signature in try envelope.children("signatures", atMost: maximumSignatures) {
            signatures.append(try signature.bytes("sig"))
        }
        return .envelope(
            payload: try envelope.bytes("payload"), type: try envelope.text("payloadType"), signatures: signatures)
    }

    private static func content(message: DocumentReader) throws(RegistryModelError) -> Content {
        let digest = try message.child("messageDigest")
        guard try digest.text("algorithm") == "SHA2_256" else {
            throw digest.fault("algorithm", "expected 'SHA2_256'")
        }
        return .message(digest: try digest.bytes("digest"), signature: try message.bytes("signature"))
    }

    /// The bundle's bytes; equal bundles give equal bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = [
            "mediaType": .string(Self.mediaType),
            "verificationMaterial": ["publicKey": ["hint": .string(hint)], "tlogEntries": []],
        ]
        switch content {
        case .envelope(let payload, let type, let signatures):
            object["dsseEnvelope"] = [
                "payload": .base64(payload), "payloadType": .string(type),
                "signatures": .array(signatures.map { ["sig": .base64($0)] }),
            ]
        case .message(let digest, let signature):
            object["messageSignature"] = [
                "messageDigest": ["algorithm": "SHA2_256", "digest": .base64(digest)], "signature": .base64(signature),
            ]
        }
        return JSONValue.object(object).serialized()
    }

    /// What the signatures of an envelope are made over: type and payload, each with its length (DSSE, `protocol.md`, PAE).
    package static func signedBytes(_ payload: [UInt8], type: String) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// The tag under which registries without the referrers API list what is about a document: `sha256-<hex>`
    /// (distribution specification, "Referrers Tag Schema").
    package static func tag(of digest: Digest) -> String { "sha256-\(digest.hex)" }
}

extension DocumentReader {
    /// The bytes of a member in base64.
    fileprivate func bytes(_ name: String) throws(RegistryModelError) -> [UInt8] {
        guard let bytes = Base64.decode(try text(name).utf8) else { throw fault(name, "not base64") }
        return bytes
    }
}

extension JSONValue {
    /// Bytes as a text in base64.
    fileprivate static func base64(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }
}

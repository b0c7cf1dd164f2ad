package import ImageModel
import JSONText

/// Holds the statement inside a bundle's envelope: what is said about which documents (in-toto attestation framework,
/// `spec/v1/statement.md`).
package struct SigningStatement: Equatable, Sendable {
    /// The most documents that one statement is about.
    package static let maximumSubjects = 64
    /// The payload type of an envelope with a statement.
    package static let payloadType = "application/vnd.in-toto+json"
    /// The predicate of cosign's signatures: all it says is that the documents are signed.
    package static let signature = "https://sigstore.dev/cosign/sign/v1"
    private static let type = "https://in-toto.io/Statement/v1"
    private static let types = [type, "https://in-toto.io/Statement/v0.1"]

    /// SHA-256 of each document; other algorithms are passed over.
    package var subjects: [Digest]
    /// What is said about them; anything but `signature` is no signature: a scanner's findings are signed, too.
    package var predicate: String

    /// States that a document is signed.
    package init(signing digest: Digest) {
        subjects = [digest]
        predicate = Self.signature
    }

    /// Reads a statement.
    ///
    /// - Throws: `RegistryModelError` for bad JSON, another type, and members of the wrong kind.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: SigstoreBundle.maximumLength, operation: "reading a signature's statement",
            remedy: "Sign the image again with 'boatyard sign' or cosign.")
        guard Self.types.contains(try reader.text("_type")) else {
            throw reader.fault("_type", "expected '\(Self.type)'")
        }
        predicate = try reader.text("predicateType")
        subjects = []
        for subject in try reader.children("subject", atMost: Self.maximumSubjects) {
            let digests = try subject.texts("digest")
            if let digest = digests["sha256"].flatMap({ Digest(registryText: "sha256:\($0)") }) {
                subjects.append(digest)
            }
        }
    }

    /// The statement's bytes, in cosign's order.
    package func serialized() -> [UInt8] {
        let subjects = subjects.map { JSONValue.object(["digest": ["sha256": .string($0.hex)]]) }
        return JSONValue.object([
            "_type": .string(Self.type), "subject": .array(subjects), "predicateType": .string(predicate),
            "predicate": [:],
        ]).serialized()
    }
}

import ImageModel
import JSONText
import Testing

@testable import RegistryModel

@Suite("Sigstore bundles")
struct SigstoreBundleTests {
    static let envelope = SigstoreBundle(
        .envelope(payload: Array("{}".utf8), type: "application/vnd.in-toto+json", signatures: [[1, 2], [3]]), hint: "k"
    )
    static let message = SigstoreBundle(.message(digest: [7, 8], signature: [9]), hint: "")

    @Test("a bundle is written and read back", arguments: [envelope, message])
    func roundTrip(bundle: SigstoreBundle) throws {
        #expect(try SigstoreBundle(parsing: bundle.serialized()) == bundle)
        #expect(SigstoreBundle.isBundle(SigstoreBundle.mediaType))
    }

    @Test("what cosign writes beside the signature is passed over, and who signed without a key is known")
    func foreign() throws {
        let text = """
            {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"AA=="},
            "tlogEntries":[{"logIndex":"1","kindVersion":{"kind":"dsse"}}],"timestampVerificationData":{}},
            "dsseEnvelope":{"payload":"e30=","payloadType":"t","signatures":[{"sig":"AQI=","keyid":""}]},"more":1}
            """
        let bundle = try SigstoreBundle(parsing: Array(text.utf8))
        #expect(bundle.isKeyless)
        #expect(bundle.content == .envelope(payload: Array("{}".utf8), type: "t", signatures: [[1, 2]]))
        #expect(try !SigstoreBundle(parsing: Self.envelope.serialized()).isKeyless)
    }

    @Test(
        "what could mean two things, or nothing, is refused",
        arguments: [
            "", "[]", "{}", #"{"dsseEnvelope":{},"messageSignature":{}}"#,
            #"{"dsseEnvelope":{"payload":"e30=","payloadType":"t"}}"#,
            #"{"dsseEnvelope":{"payload":"e30","payloadType":"t","signatures":[]}}"#,
            #"{"messageSignature":{"messageDigest":{"algorithm":"SHA2_512","digest":"AA=="},"signature":"AA=="}}"#,
            #"{"messageSignature":{"signature":"AA=="}}"#,
            #"{"dsseEnvelope":{"payload":"e30=","payloadType":"t","signatures":[{},{},{},{},{},{},{},{},{}]}}"#,
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try SigstoreBundle(parsing: Array(text.utf8)) }
    }

    /// The example of DSSE's protocol.md.
    @Test("what is signed is type and payload with their lengths in bytes")
    func signedBytes() {
        let bytes = SigstoreBundle.signedBytes(Array("hello world".utf8), type: "http://example.com/HelloWorld")
        #expect(bytes == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
        #expect(SigstoreBundle.signedBytes([0xFF], type: "ä") == Array("DSSEv1 2 ä 1 ".utf8) + [0xFF])
    }

    @Test("mutated bundles are refused or read, and read back equal")
    func fuzz() {
        for bytes in String(decoding: Self.envelope.serialized(), as: UTF8.self).mutations(seed: 5, count: 2_000) {
            guard let bundle = try? SigstoreBundle(parsing: bytes), !bundle.isKeyless else { continue }
            #expect((try? SigstoreBundle(parsing: bundle.serialized())) == bundle)
        }
    }
}

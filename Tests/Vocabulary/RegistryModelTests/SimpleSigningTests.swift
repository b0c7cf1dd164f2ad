import ImageModel
import Testing

@testable import RegistryModel

@Suite("Payloads of signatures")
struct SimpleSigningTests {
    /// Written by cosign 2.
    static let text = #"""
        {"critical":{"identity":{"docker-reference":"r.example/os"},"image":{"docker-manifest-digest":"\#(
            digest(7).registryText)"},"type":"cosign container image signature"},"optional":null}
        """#

    @Test("a payload is written as cosign writes it")
    func writes() throws {
        let payload = SimpleSigning(digest: digest(7), reference: "r.example/os")
        #expect(payload.serialized() == Array(Self.text.utf8))
        #expect(try SimpleSigning(parsing: payload.serialized()) == payload)
    }

    @Test("the tag is made of the digest")
    func tag() {
        #expect(SimpleSigning.tag(of: digest(7)) == "sha256-\(digest(7).hex).sig")
        #expect(ImageReference.isTag(SimpleSigning.tag(of: digest(7))))
    }

    @Test(
        "payloads of other kinds are refused",
        arguments: [
            "", "{}", text.replacing("cosign container image", with: "atomic container"),
            text.replacing("sha256:", with: "sha512:"), text.replacing("\"identity\"", with: "\"new\""),
            text.replacing("\"identity\"", with: "\"image\""), text.replacing("\"critical\"", with: "\"optional\""),
            String(repeating: " ", count: 70_000) + text,
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try SimpleSigning(parsing: Array(text.utf8)) }
    }

    @Test("mutated payloads never trap")
    func fuzz() {
        for bytes in Self.text.mutations(seed: 8) { _ = try? SimpleSigning(parsing: bytes) }
    }
}

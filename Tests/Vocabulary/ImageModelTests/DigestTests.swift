import Testing

@testable import ImageModel

@Suite("Digest, image id and time")
struct DigestTests {
    @Test("a digest keeps its 32 bytes")
    func keeps() {
        let bytes = (0..<32).map { UInt8($0 * 7) }
        #expect(Digest(bytes: bytes)?.bytes == bytes)
        #expect(Digest(hex: digest(0xAB).hex) == digest(0xAB))
        #expect(ImageID(manifestDigest: digest(0xAB)).description == "abababababababab")
    }

    @Test("a digest is read and written as registries spell it")
    func registryText() {
        let text = "sha256:\(String(repeating: "ab", count: 32))"
        #expect(digest(0xAB).registryText == text)
        #expect(Digest(registryText: text) == digest(0xAB))
        for wrong in ["", "sha256:", String(text.dropFirst(7)), "sha512:\(text.dropFirst(7))", text.uppercased()] {
            #expect(Digest(registryText: wrong) == nil)
        }
    }

    @Test(
        "other lengths and spellings are refused",
        arguments: [
            "", "ab", String(repeating: "AB", count: 32),
            String(repeating: "a", count: 63), String(repeating: "g", count: 64),
        ])
    func refuses(text: String) {
        #expect(Digest(hex: text) == nil)
        #expect(ImageID(text) == nil)
    }

    @Test(
        "an image id has exactly 16 digits",
        arguments: [
            ("0123456789abcdef", true), ("0123456789abcd", false), ("0123456789abcdef01", false),
            ("0123456789abcdeg", false), ("0123456789ABCDEF", false), ("../../etc/passwd", false),
        ])
    func imageID(text: String, isOne: Bool) {
        #expect((ImageID(text) != nil) == isOne)
    }

    @Test(
        "times are read and written",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_795_434_329, "2026-11-23T11:45:29Z"),
            (-1, "1969-12-31T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ])
    func times(seconds: Int64, text: String) {
        #expect(UTCTime(seconds: seconds)?.description == text)
        #expect(UTCTime(text)?.seconds == seconds)
    }

    @Test(
        "impossible times are refused",
        arguments: [
            "2026-11-23 11:45:29Z", "2025-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-11-23T11:45:29+00", "äöüäöüäöüä",
        ])
    func refusesTimes(text: String) { #expect(UTCTime(text) == nil) }

    @Test("agent versions are ordered by number")
    func versions() {
        #expect(AgentVersion(0, 9, 0) < AgentVersion(0, 10, 0))
        #expect(AgentVersion(0, 10, 10) < AgentVersion(1, 0, 0))
        #expect(AgentVersion(1, 0, 9) < AgentVersion(1, 1, 0))
        #expect(AgentVersion(1, 1, 9) < AgentVersion(1, 1, 10))
        #expect(AgentVersion("1.02.3") == nil)
        #expect(AgentVersion("+1.2.3") == nil)
    }
}

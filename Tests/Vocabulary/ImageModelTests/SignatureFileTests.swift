import Faults
import Testing

@testable import ImageModel

@Suite("Signature file")
struct SignatureFileTests {
    static let der: [UInt8] = [0x30, 6, 2, 1, 5, 2, 1, 7]

    @Test("signatures are read back as they were written")
    func reads() throws {
        let file = SignatureFile(signatures: [Self.der, Self.der])
        #expect(String(decoding: file.serialized(), as: UTF8.self) == "MAYCAQUCAQc=\nMAYCAQUCAQc=\n")
        #expect(try SignatureFile(parsing: file.serialized()) == file)
    }

    @Test(
        "a malformed file is refused with the line",
        arguments: [
            ("", 1), ("\n", 1), ("MAYCAQUCAQc=\n\n", 2), ("MAYCAQUCAQc", 1), ("MAYCAQUCAQd=", 1), ("AAAA\n", 1),
            ("MAYCAQUCAQc=\r\n", 1), (String(repeating: "A", count: 100), 1),
            (String(repeating: "MAYCAQUCAQc=\n", count: 17), 17),
        ])
    func refuses(text: String, line: Int) {
        let error = #expect(throws: SignatureFileError.self) { try SignatureFile(parsing: Array(text.utf8)) }
        #expect(error?.kind.line == line, "\(String(describing: error))")
    }

    @Test("cut and altered files never trap")
    func survivesDamage() {
        for damaged in SignatureFile(signatures: [Self.der]).serialized().mutations(seed: 6) {
            _ = try? SignatureFile(parsing: damaged)
        }
    }

    @Test(
        "base64 follows RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
    }
}

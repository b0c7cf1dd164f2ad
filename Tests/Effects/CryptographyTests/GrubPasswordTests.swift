import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Cryptography

@Suite("GRUB's password")
struct GrubPasswordTests {
    @Test("the hash is what grub-mkpasswd-pbkdf2 makes of the same password and salt")
    func interop() throws {
        let password = "correct horse \u{e9}"
        let outcome = try ChildProcess.run(
            "grub-mkpasswd-pbkdf2", [], input: .bytes(Array("\(password)\n\(password)\n".utf8))
        ).requireSuccess()
        let text = String(decoding: outcome.standardOutput, as: UTF8.self)
        let theirs = try #require(text.split { " \n".contains($0) }.first { $0.hasPrefix("grub.pbkdf2") })
        let parts = theirs.split(separator: ".").map(String.init)
        try #require(parts.count == 6)
        let salt = stride(from: 0, to: parts[4].utf8.count, by: 2).compactMap { offset in
            UInt8(parts[4].dropFirst(offset).prefix(2), radix: 16)
        }
        #expect(try GrubPassword.hash(Array(password.utf8), salt: salt) == String(theirs))
    }

    @Test("the first line of a file counts, and each hash has a salt of its own")
    func file() throws {
        let path = FilePath("/tmp/lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try AtomicFile.write(Array("secret\nsecond\n".utf8), to: path)
        let hashes = try (0..<2).map { _ in try GrubPassword.hash(firstLineOf: path) }
        #expect(hashes[0] != hashes[1] && hashes.allSatisfy { $0.hasPrefix("grub.pbkdf2.sha512.10000.") })
        try AtomicFile.write(Array("\nsecond\n".utf8), to: path)
        #expect(throws: CryptographyError.self) { try GrubPassword.hash(firstLineOf: path) }
    }
}

import Foundation
import LinuxSystem
import SeededNumbers
import Testing

@testable import Accounts

/// Compares SHA-512-crypt with OpenSSL's program, and with the C library's crypt(3) as Perl shows it.
@Suite("SHA-512-crypt before other programs")
struct CryptToolsTests {
    private static let openssl = "/usr/bin/openssl"
    private static let perl = "/usr/bin/perl"
    private static let letters = Array("abcXYZ019 .,:;!$%&/()=?+*#-_äöü")

    private static func word(_ length: Int, using generator: inout SeededGenerator) -> String {
        String((0..<length).compactMap { _ in letters.randomElement(using: &generator) })
    }

    @Test(
        "passwords of all lengths around those of a digest hash as with openssl",
        .enabled(if: FileManager.default.fileExists(atPath: openssl)), arguments: 0..<4)
    func opensslAgrees(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let salt = String(Sha512Crypt.salt(of: bytes).prefix([16, 8, 1, 15][seed % 4]))
        let passwords = [1, 2, 31, 63, 64, 65, 127, 128, 129, 200].map { Self.word($0, using: &generator) }
        let outcome = try ChildProcess.run(
            Self.openssl, ["passwd", "-6", "-salt", salt, "-stdin"],
            input: .bytes(Array((passwords.joined(separator: "\n") + "\n").utf8)), timeout: .seconds(60)
        ).requireSuccess()
        let theirs = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        let ours = passwords.map { Sha512Crypt.hash(Array($0.utf8), salt: salt, sha512: openSSLDigest) }
        #expect(ours == theirs)
    }

    @Test(
        "written rounds hash as with crypt(3)", .enabled(if: FileManager.default.fileExists(atPath: perl)),
        arguments: [1000, 1001, 5000, 9999])
    func perlAgrees(rounds: Int) throws {
        var generator = SeededGenerator(seed: UInt64(rounds))
        let password = Self.word(20, using: &generator)
        let outcome = try ChildProcess.run(
            Self.perl, ["-e", "print crypt($ARGV[0], $ARGV[1])", password, "$6$rounds=\(rounds)$salt"],
            timeout: .seconds(60)
        ).requireSuccess()
        let theirs = String(decoding: outcome.standardOutput, as: UTF8.self)
        let ours = Sha512Crypt.hash(Array(password.utf8), salt: "salt", rounds: rounds, sha512: openSSLDigest)
        #expect(ours == theirs)
        #expect(Sha512Crypt.compare(Array(password.utf8), with: theirs, sha512: openSSLDigest) == .same)
    }
}

import COpenSSL
import Faults
import LinuxSystem
package import SystemPackage

/// Makes what GRUB's `password_pbkdf2` compares a password with.
package enum GrubPassword {
    /// Bytes of salt and of the hash, and the rounds: the defaults of grub-mkpasswd-pbkdf2(1).
    private static let (saltLength, hashLength, rounds) = (64, 64, 10_000)
    /// The largest file that a password is read from, in bytes.
    private static let sizeLimit = 4096

    /// Hashes the first line of a file with a salt of its own.
    ///
    /// - Throws: `SystemError` when it cannot be read, `CryptographyError` when the line is empty or OpenSSL cannot.
    package static func hash(firstLineOf file: FilePath) throws -> String {
        let line = try FileBytes.readGiven(file, limit: sizeLimit).prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else {
            throw CryptographyError(
                .reading, "hashing a password", file.string, cause: "its first line is empty",
                remedy: "Write the password into it.")
        }
        return try hash(Array(line), salt: (0..<saltLength).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// Hashes a password, in the form of grub-mkpasswd-pbkdf2(1): method, rounds, salt and hash.
    ///
    /// The corresponding C function is `PKCS5_PBKDF2_HMAC`.
    static func hash(_ password: [UInt8], salt: [UInt8]) throws(CryptographyError) -> String {
        var hash = [UInt8](repeating: 0, count: hashLength)
        let length = Int32(hash.count)
        let status = unsafe password.withUnsafeBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count), salt,
                Int32(salt.count), Int32(rounds), EVP_sha512(), length, &hash)
        }
        guard status == 1 else {
            throw .library("hashing a password", remedy: "Check that libcrypto is complete and memory is free.")
        }
        return "grub.pbkdf2.sha512.\(rounds).\(hexadecimal(salt)).\(hexadecimal(hash))"
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

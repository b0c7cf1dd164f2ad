import ArgumentParser
import Cryptography
import ImageBuilding
import LinuxSystem
import SystemPackage

/// Holds what opens the private key that signs.
struct SigningOptions: ParsableArguments {
    /// What `--key` takes, for help texts.
    static let keyHelp = "PEM, EC P-256, also protected or cosign's, or a pkcs11: URI"
    /// The longest file with a passphrase that is read, in bytes.
    private static let limit = 4_096

    @Option(
        help: ArgumentHelp(
            "The passphrase of the private key, or the token's PIN: the first line of a file (default: COSIGN_PASSWORD).",
            valueName: "file"), completion: .file())
    var passphraseFile: String?

    /// The private key that a file or a PKCS #11 URI names.
    ///
    /// - Throws: `CryptographyError` for a key that cannot be used, `SystemError` for a file that cannot be read.
    func key(_ text: String) throws -> SigningKey {
        if SigningKey.isToken(text) {
            return try SigningKey(pkcs11: text, pinFile: passphraseFile.map { FilePath($0) })
        }
        return try ImageKeys.signingKey(FilePath(text), passphrase: try passphrase())
    }

    /// What signs with the private key that a file or a PKCS #11 URI names.
    ///
    /// - Throws: as `key(_:)`.
    func signer(_ text: String) throws -> (_ message: [UInt8]) throws -> [UInt8] {
        let holder = SigningKeyHolder(try key(text))
        return { try holder.key.sign($0) }
    }

    /// The passphrase; nil when nobody gave one.
    private func passphrase() throws -> [UInt8]? {
        if let passphraseFile { return try Self.firstLine(of: FilePath(passphraseFile)) }
        return ThisProcess.variable("COSIGN_PASSWORD").map { Array($0.utf8) }
    }

    /// The first line of a file, without its end.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    static func firstLine(of path: FilePath) throws -> [UInt8] {
        let line = try FileBytes.read(path, limit: limit).prefix { $0 != 0x0A }
        return Array(line.last == 0x0D ? line.dropLast() : line)
    }
}

/// Holds a key where a closure can use it.
private final class SigningKeyHolder {
    let key: SigningKey

    init(_ key: consuming SigningKey) { self.key = key }
}

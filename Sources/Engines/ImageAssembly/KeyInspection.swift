package import Cryptography
import Faults
package import ImagePlanning

/// Tells what the key files of a tree are.
package struct KeyInspection {
    /// What every PEM file begins with (RFC 7468).
    static let start = Array("-----BEGIN ".utf8)

    private let signer: PublicKey?
    private let trusted: Set<PublicKey>

    /// Prepares to look at the files of some trees.
    ///
    /// - Parameters:
    ///   - signer: the key that signs the image; nil when nobody named it.
    ///   - texts: small files by path, of root filesystem and initramfs.
    package init(signer: PublicKey?, texts: [[String: [UInt8]]]) {
        self.signer = signer
        var trusted = Set([signer].compactMap(\.self))
        for (path, text) in texts.joined() where RootfsRules.isKey(path: path) {
            // What is no key is told of its file.
            if let key = try? PublicKey(pem: text) { trusted.insert(key) }
        }
        self.trusted = trusted
    }

    /// What each file is that is a key or is looked for as one, in the order of their paths.
    package func keys(_ texts: [String: [UInt8]]) -> [KeyFile] {
        texts.sorted { $0.key < $1.key }.compactMap { path, text in
            if Self.isPrivate(text) { return KeyFile(path, .privateKey(isOurs: isOurs(text))) }
            return RootfsRules.isKey(path: path) ? KeyFile(path, content(text)) : nil
        }
    }

    /// Says whether a text is a private key in PEM, of whatever kind.
    static func isPrivate(_ text: [UInt8]) -> Bool {
        guard text.starts(with: start), let end = text.firstIndex(of: 0x0A) else { return false }
        return String(decoding: text[..<end], as: UTF8.self).contains("PRIVATE KEY-----")
    }

    private func content(_ text: [UInt8]) -> KeyFile.Content {
        do throws(CryptographyError) { return .publicKey(isSigner: try PublicKey(pem: text) == signer) } catch {
            return .noKey(error.cause)
        }
    }

    /// One that cannot be opened, as one with a passphrase, cannot be compared.
    private func isOurs(_ text: [UInt8]) -> Bool {
        guard let key = try? SigningKey(pem: text), let half = try? key.publicKey() else { return false }
        return trusted.contains(half)
    }
}

package import Cryptography
import LinuxSystem
package import SystemPackage

/// Pairs a public key with the name of its file.
package struct TrustedKey: Hashable, Sendable {
    /// The longest key file that is read, in bytes: far beyond any P-256 key.
    private static let sizeLimit = 16 << 10

    /// The file's name, for messages.
    package var name: String
    /// The key.
    package var key: PublicKey

    /// Names a key.
    package init(name: String, key: PublicKey) {
        self.name = name
        self.key = key
    }

    /// Reads every `*.pem` and `*.pub` file of some folders, in name order; a folder need not be there.
    ///
    /// - Throws: `CryptographyError` when a file is no key, `SystemError` when it cannot be read.
    package static func all(in folders: [FilePath]) throws -> [TrustedKey] {
        var keys: [TrustedKey] = []
        for folder in folders {
            for name in try DirectoryListing.names(of: folder) where name.hasSuffix(".pem") || name.hasSuffix(".pub") {
                let path = folder.appending(name)
                let pem = try FileBytes.read(path, limit: sizeLimit)
                do throws(CryptographyError) {
                    keys.append(TrustedKey(name: name, key: try PublicKey(pem: pem)))
                } catch {
                    throw error.about(path.string)
                }
            }
        }
        return keys
    }
}

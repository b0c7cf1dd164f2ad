import Cryptography
import LinuxSystem
package import SystemPackage

/// The public keys whose signatures count, read from key directories.
package struct TrustedKeys: Sendable {
    /// One key and the file it came from.
    struct Key: Sendable {
        var name: String
        var pem: [UInt8]
    }

    /// The longest key file that is read, in bytes: far beyond any P-256 key.
    static let sizeLimit = 16 * 1024

    let keys: [Key]

    /// Reads every `*.pem` and `*.pub` file of the directories, in name order; a directory need not be there.
    ///
    /// - Throws: `ImageVerificationError` when there is no key at all or a file is not a key; `SystemError` when a file
    ///   cannot be read.
    package init(directories: [FilePath]) throws {
        var keys: [Key] = []
        for directory in directories {
            for name in try DirectoryListing.names(of: directory) where name.hasSuffix(".pem") || name.hasSuffix(".pub")
            {
                keys.append(try Self.key(directory.appending(name)))
            }
        }
        guard !keys.isEmpty else { throw ImageVerificationError.noKeys(directories) }
        self.keys = keys
    }

    /// Reads one key file, which must be there.
    ///
    /// - Throws: `ImageVerificationError` when it is no key; `SystemError` when it cannot be read.
    package init(file: FilePath) throws { keys = [try Self.key(file)] }

    private static func key(_ path: FilePath) throws -> Key {
        let pem = try FileBytes.read(path, limit: sizeLimit)
        do { _ = try PublicKey(pem: pem) } catch { throw ImageVerificationError.badKey(path, "\(error)") }
        return Key(name: path.lastComponent?.string ?? path.string, pem: pem)
    }

    /// Says whether one of the keys made one of the signatures over these bytes.
    ///
    /// - Throws: `CryptographyError` when a check could not be carried out, which is not the same as no.
    func verify(_ signatures: [[UInt8]], of bytes: [UInt8]) throws -> Bool {
        for key in keys {
            let publicKey = try PublicKey(pem: key.pem)
            for signature in signatures where try publicKey.verify(signature: signature, of: bytes) == .valid {
                return true
            }
        }
        return false
    }
}

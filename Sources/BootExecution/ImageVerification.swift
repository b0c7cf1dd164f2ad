package import BootModel
import Cryptography
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Reads the manifest of an image directory and checks that it is the one asked for, signed by a trusted key.
package enum ImageVerification {
    /// The largest manifest that is read, in bytes.
    package static let manifestLimit = 256 * 1024
    /// The largest signature file that is read, in bytes.
    package static let signatureLimit = 8 * 1024

    /// Reads and checks a manifest; nothing of the image is used before this returned.
    ///
    /// - Parameters:
    ///   - directory: the image directory.
    ///   - expected: the id that GRUB passed.
    ///   - policy: with `.off` the signature is not looked at.
    ///   - keys: where trusted keys lie.
    /// - Throws: `ImageVerificationError` for every reason to refuse; `SystemError` when a file cannot be read.
    package static func manifest(
        in directory: FilePath, expected: ImageID, policy: VerityPolicy,
        keys: [FilePath] = MachinePaths.keyDirectories
    ) throws -> Manifest {
        let path = directory.appending(ImageFile.manifest.rawValue)
        let bytes = try FileBytes.read(path, limit: manifestLimit)
        let id = ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes))
        guard id == expected else { throw ImageVerificationError.altered(path, id: id.description) }
        if policy == .enforce { try checkSignature(of: bytes, at: path, in: directory, keys: keys) }
        do { return try Manifest(parsing: bytes) } catch { throw ImageVerificationError.unusable(path, "\(error)") }
    }

    private static func checkSignature(
        of manifest: [UInt8], at path: FilePath, in directory: FilePath, keys: [FilePath]
    ) throws {
        let trusted = try TrustedKeys(directories: keys)
        let signaturePath = directory.appending(ImageFile.signature.rawValue)
        guard let text = try FileBytes.readIfPresent(signaturePath, limit: signatureLimit) else {
            throw ImageVerificationError.unsigned(signaturePath)
        }
        let file: SignatureFile
        do { file = try SignatureFile(parsing: text) } catch {
            throw ImageVerificationError.badSignatureFile(signaturePath, error.reason)
        }
        guard try trusted.verify(file.signatures, of: manifest) else {
            throw ImageVerificationError.untrusted(path, keys: trusted.keys.map(\.name))
        }
    }
}

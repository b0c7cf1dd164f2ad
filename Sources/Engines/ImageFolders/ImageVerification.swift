import Cryptography
import DiskContract
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Reads the manifest of an image directory and checks that it is the one asked for, signed by a trusted key.
package enum ImageVerification {
    /// Reads and checks a manifest; nothing of the image is used before this returned.
    ///
    /// - Parameters:
    ///   - directory: the image directory, `images/<id>` of a mounted partition.
    ///   - expected: the id that GRUB passed.
    ///   - keys: where trusted keys lie.
    ///   - local: whether the signature of the machine's own key counts as well.
    ///   - remark: is told of key files that were passed over because they are no keys.
    /// - Throws: `ImageVerificationError` for every reason to refuse; `SystemError` when a file cannot be read.
    package static func manifest(
        in directory: FilePath, expected: ImageID,
        keys: [FilePath] = SystemSeal().keyDirectories, local: LocalImagePolicy, remark: (String) -> Void = { _ in }
    ) throws -> Manifest {
        let path = directory.appending(ImageFile.manifest.rawValue)
        let bytes = try ImageFolder.manifestBytes(in: directory)
        let id = ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes))
        guard id == expected else { throw ImageVerificationError.altered(path, id: id.description) }
        try checkSigner(of: bytes, at: path, in: directory, keys: keys, local, remark)
        do { return try Manifest(parsing: bytes) } catch { throw ImageVerificationError.unusable(path, error) }
    }

    /// Checks the publisher's signature, and the machine's where there is none or nobody here trusts the publisher.
    ///
    /// An image that was accepted on another system's word keeps both: which of them counts is for the keys in the image
    /// that boots, and those are not known to who puts it there.
    private static func checkSigner(
        of manifest: [UInt8], at path: FilePath, in directory: FilePath, keys: [FilePath], _ local: LocalImagePolicy,
        _ remark: (String) -> Void
    ) throws {
        guard try FileStatus.of(directory.appending(ImageFile.signature.rawValue)) != nil else {
            if try isLocal(manifest, in: directory, local) { return }
            return try checkSignature(of: manifest, at: path, in: directory, keys: keys, remark)
        }
        do { try checkSignature(of: manifest, at: path, in: directory, keys: keys, remark) } catch {
            guard local == .allow, (try? isLocal(manifest, in: directory, local)) == true else { throw error }
        }
    }

    /// Says whether the machine's own key signed a manifest; false when there is no such signature.
    ///
    /// - Throws: `ImageVerificationError` when there is one, and it does not hold or does not count.
    private static func isLocal(
        _ manifest: [UInt8], in directory: FilePath, _ policy: LocalImagePolicy
    ) throws -> Bool {
        let path = directory.appending(ImageFile.localSignature)
        guard let text = try FileBytes.readIfPresent(path, limit: ImageFile.signature.sizeLimit) else { return false }
        guard policy == .allow else { throw ImageVerificationError.localRefused(path) }
        let place = directory.removingLastComponent().removingLastComponent()
            .appending(DiskFiles.machineKey.components)
        guard try TrustedKeys(file: place).verify(try signatures(text, path), of: manifest) else {
            throw ImageVerificationError.otherMachine(path)
        }
        return true
    }

    private static func checkSignature(
        of manifest: [UInt8], at path: FilePath, in directory: FilePath, keys: [FilePath], _ remark: (String) -> Void
    ) throws {
        let trusted = try TrustedKeys(directories: keys)
        for sentence in trusted.skipped { remark(sentence) }
        let signaturePath = directory.appending(ImageFile.signature.rawValue)
        guard let text = try FileBytes.readIfPresent(signaturePath, limit: ImageFile.signature.sizeLimit) else {
            throw ImageVerificationError.unsigned(signaturePath)
        }
        guard try trusted.verify(try signatures(text, signaturePath), of: manifest) else {
            throw ImageVerificationError.untrusted(path, keys: trusted.keys.map(\.name))
        }
    }

    private static func signatures(_ text: [UInt8], _ path: FilePath) throws -> [[UInt8]] {
        do { return try SignatureFile(parsing: text).signatures } catch {
            throw ImageVerificationError.badSignatureFile(path, error)
        }
    }
}

import Cryptography
import ImageModel
import LinuxSystem
package import SystemPackage

/// The key with which this machine signs images that it made itself out of container images.
///
/// The private half never leaves the state partition; the public half lies on both partitions, so that the initramfs
/// finds it beside the images. `docs/decisions/0012-local-images.md` says why that is enough.
package enum MachineKey {
    /// The private half on the state partition.
    package static let secretFile: FilePath = "lifeboot/machine-key.pem"
    /// The public half on the state and recovery partitions.
    package static let publicFile: FilePath = "lifeboot/machine.pem"
    /// The signature in the folder of an image, in the form of `manifest.sig`.
    package static let signatureFile = "local.sig"
    private static let sizeLimit = 16 * 1024

    /// Signs a manifest and writes the signature beside it; makes the key when there is none.
    ///
    /// - Parameters:
    ///   - manifest: the bytes of `manifest.json`.
    ///   - folder: the folder that they lie in.
    ///   - state: where the state partition is mounted, writable.
    /// - Throws: `CryptographyError` or `SystemError`.
    package static func sign(_ manifest: [UInt8], in folder: FilePath, state: FilePath) throws {
        let key = try key(on: state)
        let file = SignatureFile(signatures: [try key.sign(manifest)])
        try AtomicFile.write(file.serialized(), to: folder.appending(signatureFile))
    }

    /// Puts the public half on a partition where it is missing or another one.
    ///
    /// - Throws: `CryptographyError` or `SystemError`.
    package static func publish(from state: FilePath, to store: FilePath) throws {
        let pem = try key(on: state).publicKey().pem()
        let path = store.appending(publicFile.components)
        if try FileBytes.readIfPresent(path, limit: sizeLimit) == pem { return }
        try DirectoryListing.make(path.removingLastComponent())
        try AtomicFile.write(pem, to: path)
    }

    /// Reads the key or makes it: the public half is written first, so that there is never a key nobody accepts.
    private static func key(on state: FilePath) throws -> SigningKey {
        let path = state.appending(secretFile.components)
        if let pem = try FileBytes.readIfPresent(path, limit: sizeLimit) { return try SigningKey(pem: pem) }
        let key = try SigningKey()
        try DirectoryListing.make(path.removingLastComponent())
        try AtomicFile.write(try key.publicKey().pem(), to: state.appending(publicFile.components))
        try AtomicFile.write(try key.pem(), to: path, permissions: [.ownerReadWrite])
        return key
    }
}

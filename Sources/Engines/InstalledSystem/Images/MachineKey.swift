import Cryptography
import DiskContract
package import ImageModel
import LinuxSystem
package import SystemPackage

/// The key with which this machine signs images that it made itself out of container images.
///
/// The private half never leaves the state partition; the public half lies on both partitions, so that the initramfs
/// finds it beside the images. `docs/decisions/0012-local-images.md` says why that is enough.
package enum MachineKey {
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
        // A reset may have brought the public half of the key that signed recovery's image.
        try publish(key, to: state)
        let file = SignatureFile(signatures: [try key.sign(manifest)])
        try AtomicFile.write(file.serialized(), to: folder.appending(ImageFile.localSignature))
    }

    /// Puts the public half on a partition where it is missing or another one.
    ///
    /// Images there that another key of this machine signed are signed with this one too first, so that at every cut all of
    /// them hold against the key that lies there.
    ///
    /// - Throws: `CryptographyError` or `SystemError`.
    package static func publish(from state: FilePath, to store: FilePath) throws {
        try publish(try key(on: state), to: store)
    }

    /// Puts the public half that lies on one store on another one.
    ///
    /// Where the store has the private half, images that another key of this machine signed are signed with this one first.
    ///
    /// - Throws: `CryptographyError` or `SystemError`.
    package static func bring(from store: FilePath, to other: FilePath) throws {
        let place = DiskFiles.machineKey.components
        if try FileStatus.of(store.appending(DiskFiles.machineSecret.components)) != nil {
            return try publish(from: store, to: other)
        }
        let key = try FileBytes.read(store.appending(place), limit: sizeLimit)
        let target = other.appending(place)
        if try FileBytes.readIfPresent(target, limit: sizeLimit) == key { return }
        try Folders.make(target.removingLastComponent())
        try AtomicFile.write(key, to: target)
    }

    /// Reads the key or makes it: the public half is written first, so that there is never a key nobody accepts.
    private static func key(on state: FilePath) throws -> SigningKey {
        let path = state.appending(DiskFiles.machineSecret.components)
        if let pem = try FileBytes.readIfPresent(path, limit: sizeLimit) { return try SigningKey(pem: pem) }
        let key = try SigningKey()
        try publish(key, to: state)
        try AtomicFile.write(try key.pem(), to: path, permissions: [.ownerReadWrite])
        return key
    }

    private static func publish(_ key: borrowing SigningKey, to store: FilePath) throws {
        let pem = try key.publicKey().pem()
        let path = store.appending(DiskFiles.machineKey.components)
        let former = try FileBytes.readIfPresent(path, limit: sizeLimit)
        if former == pem { return }
        if let former, let old = try? PublicKey(pem: former) { try resign(ImageStore(store), from: old, with: key) }
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(pem, to: path)
    }

    /// Adds a signature to those images that the former key of this machine signed, and to no others.
    private static func resign(_ store: ImageStore, from old: PublicKey, with key: borrowing SigningKey) throws {
        for folder in try store.imageFolders {
            let path = folder.appending(ImageFile.localSignature)
            guard let text = try FileBytes.readIfPresent(path, limit: ImageFile.signature.sizeLimit),
                let file = try? SignatureFile(parsing: text),
                let manifest = try FileBytes.readIfPresent(
                    folder.appending(ImageFile.manifest.rawValue), limit: ImageFile.manifest.sizeLimit),
                let held = try file.signatures.first(where: { signature in
                    try old.verify(signature: signature, of: manifest) == .valid
                })
            else { continue }
            let both = SignatureFile(signatures: [held, try key.sign(manifest)])
            try AtomicFile.write(both.serialized(), to: path)
        }
    }
}

/// Says who signs an image for the boot, and so which key the initramfs has to find beside it.
package enum BootSignature: Equatable, Sendable {
    /// Its publisher has: the key is in the initramfs.
    case publisher
    /// This machine has to: no trusted key has signed it.
    case thisMachine
    /// Whoever has where it is copied from: the key of that store comes with it, if a machine's key signed it.
    case asWhereItWas(store: FilePath)
}

extension ImageStore {
    /// Makes sure that the signature of a staged image counts on this store: the only place with this rule.
    ///
    /// Publishing the image makes what is written last.
    ///
    /// - Parameter state: where the state partition is mounted, writable: the machine's key lies there; the store's own root
    ///   for an image there.
    /// - Throws: `CryptographyError` or `SystemError`.
    package func adopt(_ image: DeployableImage, _ signature: BootSignature, state: FilePath) throws {
        switch signature {
        case .publisher: break
        case .thisMachine:
            let manifest = try FileBytes.read(
                image.directory.appending(ImageFile.manifest.rawValue), limit: ImageFile.manifest.sizeLimit)
            try MachineKey.sign(manifest, in: image.directory, state: state)
            if root != state { try MachineKey.publish(from: state, to: root) }
        case .asWhereItWas(let store):
            guard try FileStatus.of(image.directory.appending(ImageFile.localSignature)) != nil else { return }
            try MachineKey.bring(from: store, to: root)
        }
    }
}

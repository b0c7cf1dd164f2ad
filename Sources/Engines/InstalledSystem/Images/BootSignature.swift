package import ImageModel
import LinuxSystem
package import SystemPackage

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

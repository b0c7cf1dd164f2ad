/// Names the files of an image directory (`docs/on-disk-layout.md`).
package enum ImageFile: String, CaseIterable, Sendable {
    /// The root filesystem with its dm-verity tree appended.
    case root = "root.squashfs"
    /// The kernel.
    case kernel = "vmlinuz"
    /// The initramfs.
    case initrd = "initrd.img"
    /// The description of the image; the digest of these bytes is the image's identity.
    case manifest = "manifest.json"
    /// The signatures over the bytes of the manifest.
    case signature = "manifest.sig"
    /// The chunk index of the root file, for deltas.
    case chunks = "root.chunks"
    /// The kernel arguments as a GRUB environment block; derived from the manifest when an image is deployed.
    case kernelEnvironment = "kernel.env"
    /// The digests of kernel and initrd for GRUB's `hashsum`; derived from the manifest when an image is deployed.
    case bootDigests = "boot.sha256"

    /// The signature by the key of the machine itself, beside or instead of a publisher's (decision 0012).
    package static let localSignature = "local.sig"

    /// The files that boatyard writes and a registry holds; the others are derived on the machine.
    package static let published: [ImageFile] = [.root, .kernel, .initrd, .manifest, .signature, .chunks]

    /// The files that are read at each boot, in the order in which they are checked, fetched and copied.
    package static let booted: [ImageFile] = [.kernel, .initrd, .root]

    /// The files without which GRUB or the initramfs does not boot an image.
    package static let bootable: [ImageFile] = booted + [.manifest, .signature]

    /// The most bytes that machines read of a file, and so the most that a builder writes.
    ///
    /// A manifest of 256 KiB has room for some 10,000 boards; `root.chunks` of 32 MiB is of a root of 29 GB.
    package var sizeLimit: Int {
        switch self {
        case .manifest: 256 << 10
        case .signature: 8 << 10
        case .chunks: 32 << 20
        case .kernelEnvironment, .bootDigests: 64 << 10
        case .root, .kernel, .initrd: .max
        }
    }
}

package import ImageModel
package import SystemPackage

/// Names what lies on the partitions, relative to the root of each (docs/on-disk-layout.md).
package enum DiskFiles {
    /// The boot environment, on the boot partition.
    package static let bootEnvironment: FilePath = "lifeboot/boot.env"
    /// The second copy of the roles, on the boot partition.
    package static let bootEnvironmentBackup: FilePath = "lifeboot/boot.bak"

    /// The folder of images, on both stores.
    package static let images: FilePath = "images"
    /// The ring of boot records, on both stores.
    package static let history: FilePath = "lifeboot/history"
    /// Bytes of the ring as it is preallocated.
    package static let historySize = 64 << 10
    /// The public half of the machine's own key, on both stores.
    package static let machineKey: FilePath = "lifeboot/machine.pem"
    /// The private half, on the state partition alone.
    package static let machineSecret: FilePath = "lifeboot/machine-key.pem"

    /// The key of an encrypted persistent partition, on the OEM partition.
    package static let persistentKey: FilePath = "lifeboot/persistent.key"
    /// How an expandable disk is completed, on the OEM partition.
    package static let diskSettings: FilePath = "lifeboot/disk.yaml"
    /// On the state and persistent partitions of a disk that was completed: the filesystem was made to its end.
    package static let complete: FilePath = "lifeboot/complete"

    /// The folder of an image, on both stores.
    package static func image(_ id: ImageID) -> FilePath { images.appending(id.description) }

    /// What the names of folders in the making begin with: nothing boots from them.
    package static let stagingPrefix = ".staging-"

    /// The name of the folder that an image grows in, by the digest of its source's manifest, so that the next try finds it.
    package static func staging(for source: Digest) -> String { stagingPrefix + String(source.hex.prefix(16)) }

    /// The name of a folder that is being removed: never taken for an image.
    package static func removed(_ name: String) -> String { stagingPrefix + "removed-" + name }
}

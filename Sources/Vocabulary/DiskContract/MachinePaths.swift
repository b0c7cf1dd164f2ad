package import ImageModel
package import SystemPackage

/// Names the places in the running machine that the initramfs stage and the booted system agree on.
package enum MachinePaths {
    /// Where everything of ours lies while the machine runs.
    package static let run: FilePath = "/run/lifeboot"
    /// The state partition, read-only.
    package static let state: FilePath = "/run/lifeboot/state"
    /// The recovery partition, read-only: in recovery from the beginning, in other systems once the boot was recorded.
    package static let recovery: FilePath = "/run/lifeboot/recovery"
    /// The persistent partition.
    package static let persistent: FilePath = "/run/lifeboot/persistent"
    /// The medium of a live boot, or its copy in memory, read-only.
    package static let medium: FilePath = "/run/lifeboot/medium"
    /// Where a netboot's initramfs carries the image itself.
    package static let carried: FilePath = "/lifeboot"
    /// The store of ephemeral overlays.
    package static let overlay: FilePath = "/run/lifeboot/overlay"
    /// The OEM partition, as the booted system sees it.
    package static let oem: FilePath = "/oem"
    /// The report of this boot.
    package static let report: FilePath = "/run/lifeboot/boot.json"
    /// Tells units that this boot is to finish an operation that is pending.
    package static let pending: FilePath = "/run/lifeboot/pending"
    /// Tells a unit that a live system is to install by the medium's `install.yaml`.
    package static let unattended: FilePath = "/run/lifeboot/unattended"
    /// The new root while the initramfs prepares it.
    package static let newRoot: FilePath = "/sysroot"
    /// Keys that may sign images, in the initramfs and in the image.
    package static let keyDirectories: [FilePath] = ["/usr/lib/lifeboot/keys", "/etc/lifeboot/keys"]
    /// Layout files in the image and on the OEM partition; the first that exists counts, OEM first.
    package static let layouts: [FilePath] = [
        "/oem/layout.yaml", "/etc/lifeboot/layout.yaml", "/usr/lib/lifeboot/layout.yaml",
    ]
    /// Variables that files of the cOS family write for their layout; they count where there is no layout file.
    package static let cosLayout: FilePath = "/run/cos/cos-layout.env"
    /// Folders of files of configuration in the order in which they count, as the booted system has them.
    package static let configuration = [imageConfiguration, oem, persistentConfiguration]
    /// The image's files of configuration.
    package static let imageConfiguration: FilePath = "/system/oem"
    /// Folders of overlays, the image's and that of the OEM partition (docs/overlays.md).
    package static let overlays = [imageOverlays, oemOverlays]
    /// The image's overlays.
    package static let imageOverlays = imageConfiguration.appending("overlays")
    /// Overlays on the OEM partition, as the booted system sees it.
    package static let oemOverlays = oem.appending("overlays")
    /// Where overlays are mounted apart, before they are stacked.
    package static let overlayPlaces: FilePath = "/run/lifeboot/overlays"
    /// What became of the overlays of this boot.
    package static let overlayReport: FilePath = "/run/lifeboot/overlays.json"
    /// Files of configuration of whoever uses the machine, where `/usr/local` persists.
    package static let persistentConfiguration: FilePath = "/usr/local/cloud-config"
    /// Files of configuration that a data source gave, in this boot.
    package static let instanceData: FilePath = "/run/lifeboot/datasource"
    /// Tells units that the kernel's command line names files of configuration.
    package static let setupAsked: FilePath = "/run/lifeboot/setup/asked"
    /// The agent in the image.
    package static let agent: FilePath = "/usr/bin/lifeboot"
    /// Files of configuration from addresses on the kernel's command line, in this boot: a folder for each, by its number.
    package static let setupData: FilePath = "/run/lifeboot/setup"
    /// Written into the initramfs by the dracut module: images that this machine made itself may boot.
    package static let allowLocalImages: FilePath = "/usr/lib/lifeboot/allow-local-images"
    /// In the image: images that this machine made itself must not boot.
    package static let refuseLocalImages: FilePath = "/usr/lib/lifeboot/refuse-local-images"
    /// In the image and its initramfs: only what an image key has signed counts (docs/trust.md).
    package static let sealed: FilePath = "/usr/lib/lifeboot/sealed"
    /// The key file of an encrypted persistent partition, unless the layout names another.
    package static let persistentKey = oem.appending(DiskFiles.persistentKey.components)
    /// How an expandable disk is completed, as recovery sees it.
    package static let diskSettings = oem.appending(DiskFiles.diskSettings.components)
    /// Name of the dm-crypt device of the persistent partition.
    package static let persistentName = "lifeboot-persistent"
    /// Name of the dm-verity device of the root image.
    package static let verityName = "lifeboot-root"

    /// Where the partition that holds the image of this role is mounted.
    package static func store(_ role: Role) -> FilePath { mountPoint(of: Store(of: role)) }

    /// Where a store is mounted, read-only, when it is.
    package static func mountPoint(of store: Store) -> FilePath { store == .recovery ? recovery : state }
}

package import GrubEnvironment
package import ImageModel
package import SystemLayout

/// What to do about the root image's verity tree (`lifeboot.verity=`).
package enum VerityPolicy: String, Sendable {
    /// Refuse an image whose signature or tree does not hold.
    case enforce
    /// Mount the image unverified; for development only.
    case off
}

/// Whether a live boot copies its image into memory (`lifeboot.toram=`).
package enum MemoryCopyPolicy: String, Sendable {
    /// When the medium can be taken out, and there is memory enough.
    case auto
    /// When there is memory enough.
    case yes
    /// Never.
    case no
}

/// Everything the initramfs stage reads from the command line.
package struct BootParameters: Equatable, Sendable {
    /// Where a boot can be stopped to look around.
    package enum Breakpoint: Equatable, Sendable {
        /// Before drivers are loaded.
        case start
        /// When the new root is there, before it is gone on to.
        case end
    }

    /// Whether the image comes from a medium that is found by its content, and nothing on a disk is counted or written.
    package var isLive = false
    /// Whether a live boot copies its image into memory.
    package var memoryCopy: MemoryCopyPolicy = .auto
    /// Whether a live system installs by the medium's `install.yaml` (`lifeboot.install=yes`).
    package var isInstallation = false
    /// The role that GRUB chose; nil when the command line names none.
    package var role: Role?
    /// The image's id; nil when the command line names none.
    package var image: ImageID?
    /// The boot partition, whose disk holds everything else.
    package var bootPartition: DeviceReference?
    /// Why this role was chosen; nil when the command line does not say, or says something unknown.
    package var reason: BootReason?
    /// Attempts left for this role after this one was taken; nil when this boot is not counted.
    package var triesLeft: Int?
    /// The copy of its configuration that GRUB used; nil when the disk has only one, or the command line does not say.
    package var grubCopy: GrubCopy?
    /// How long to wait at the console for the passphrase of the persistent partition, in seconds; nil never asks.
    package var unlockTimeout: Int? = Self.defaultUnlockTimeout
    /// Where the ephemeral overlay lies (`tmpfs:<size>` or a device); nil for the layout's own.
    package var overlay: String?
    /// Further volumes, `<device>:<mount point>` each.
    package var volumes: [String] = []
    /// How long to wait for devices that are not on the boot disk, in seconds.
    package var deviceTimeout: Int = Self.defaultDeviceTimeout
    /// How long to wait for the OEM partition, in seconds.
    package var oemTimeout: Int = Self.defaultDeviceTimeout
    /// The OEM partition's label, or nil for the usual one.
    package var oemLabel: String?
    /// Whether the image is verified.
    package var verity: VerityPolicy = .enforce
    /// Whether every write to the root is allowed into an overlay in memory, for debugging.
    package var debugReadWrite = false
    /// Whether this stage stands aside.
    package var disabled = false
    /// Seconds until the watchdog resets the machine; nil when it is left alone.
    package var watchdogSeconds: Int? = Self.defaultWatchdog
    /// Further configuration sources.
    package var setup: [String] = []
    /// Whether a failure opens a shell instead of a reboot.
    package var shellOnFailure = true
    /// Where a shell opens although nothing failed (`rd.break`), in an initramfs of which the agent is the first process.
    package var breakpoint: Breakpoint?
    /// Seconds between the message about a failure and the reboot (`panic=`).
    package var rebootDelay: Int = Self.defaultRebootDelay
    /// Whether file systems are checked even when clean (`fsck.mode=force`); nil never checks (`fsck.mode=skip`).
    package var forceCheck: Bool? = false
    /// An image file named the way cOS does; nil for an image directory of ours.
    package var legacyImage: String?
    /// The device that holds a cOS image.
    package var legacyDevice: DeviceReference?
    /// What could not be understood, in words for the operator.
    package var problems: [String] = []

    /// Seconds to wait for a device unless the command line says otherwise (cOS V2 uses 120 as well).
    package static let defaultDeviceTimeout = 120
    /// Seconds to wait for a passphrase unless the command line says otherwise.
    package static let defaultUnlockTimeout = 60
    /// Seconds until the watchdog resets the machine unless the command line says otherwise.
    package static let defaultWatchdog = 60
    /// Seconds between the message about a failure and the reboot; GRUB passes the same to the kernel.
    package static let defaultRebootDelay = 5

    /// Makes parameters that say nothing.
    package init() {}

    /// What people and scripts call what runs: the role, or `live`; nil when the command line names neither.
    package var roleName: String? { role?.rawValue ?? (isLive ? "live" : nil) }

    /// Whether GRUB took an attempt for this boot.
    package var isCounted: Bool { triesLeft != nil }
}

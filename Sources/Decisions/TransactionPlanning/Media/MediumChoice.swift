package import SystemPackage

/// A disk or partition as it was seen.
package struct SeenDevice: Equatable, Sendable {
    /// The device node.
    package var path: FilePath
    /// Its size; nil when it could not be asked.
    package var bytes: Int64?
    /// The filesystem, as blkid(8) names it.
    package var filesystem: String?
    /// The filesystem's label.
    package var label: String?
    /// Why it could not be made out.
    package var problem: String?

    /// Names a device of which nothing else is known.
    package init(_ path: FilePath) { self.path = path }
}

/// Decides which devices of a disk are media that can be looked into.
package enum MediumChoice {
    /// What to do with a device.
    package enum Verdict: Equatable, Sendable {
        /// Mount it.
        case look(MediumFilesystem)
        /// Only tell why not.
        case tell(String)
    }

    /// Less than this without a filesystem is what boot loaders leave between partitions.
    static let least: Int64 = 16 << 20
    /// Parts of something larger, which by themselves hold no files.
    private static let parts: Set = ["swap", "linux_raid_member", "LVM2_member", "zfs_member", "bcache", "drbd"]

    /// The media of a disk in their order.
    ///
    /// A disk with a filesystem of its own is one medium: partitions beside it, as an ISO on a stick has, show parts of the same.
    package static func media(
        _ disk: SeenDevice, _ partitions: [SeenDevice]
    ) -> [(device: SeenDevice, verdict: Verdict)] {
        if disk.filesystem != nil { return entries([disk], isWhole: true) }
        if partitions.isEmpty { return entries([disk], isWhole: true) }
        return entries(partitions, isWhole: false)
    }

    private static func entries(_ devices: [SeenDevice], isWhole: Bool) -> [(device: SeenDevice, verdict: Verdict)] {
        devices.compactMap { device in verdict(device, isWhole).map { (device, $0) } }
    }

    private static func verdict(_ device: SeenDevice, _ isWhole: Bool) -> Verdict? {
        if let problem = device.problem { return .tell(problem) }
        guard let name = device.filesystem else {
            if !isWhole, let bytes = device.bytes, bytes < least { return nil }
            return .tell("no filesystem was found on it; it may be damaged, or empty")
        }
        if parts.contains(name) { return nil }
        if name == "crypto_LUKS" { return .tell("it is encrypted") }
        guard let filesystem = MediumFilesystem(probed: name) else {
            return .tell("its filesystem \(name) is not read")
        }
        return .look(filesystem)
    }
}

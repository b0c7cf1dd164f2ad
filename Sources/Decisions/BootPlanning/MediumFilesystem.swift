import DiskContract

/// A filesystem that a medium may have; nothing else is mounted to look for an image.
package enum MediumFilesystem: String, CaseIterable, Sendable {
    case iso9660, vfat, exfat, ext4

    /// Partitions of an installed machine: the same release on its disk is no medium, and may be what is to be replaced.
    private static let installed: Set<String> = [
        Partition.boot.rawValue, Partition.state.rawValue, Partition.recovery.rawValue,
    ]

    /// Decides whether a device can be a medium from what its first blocks and the table of its disk say; nil when it cannot.
    ///
    /// - Parameter type: the filesystem's name, as blkid(8) has it.
    package init?(_ type: String?, onPartition label: String?) {
        guard let type, let filesystem = Self(rawValue: type), !Self.installed.contains(label ?? "") else { return nil }
        self = filesystem
    }

    /// What the kernel asks for when one is mounted, in the order in which it does.
    ///
    /// Each request of the kernel starts a program that reads all indexes of modules. Disks that are mounted beside each other
    /// start it once for each disk: with twenty of them it took five sixths of the search.
    package var requests: [String] {
        switch self {
        // What names are read by is the kernel's default; another one it asks for itself.
        case .vfat: ["fs-vfat", "nls_cp437", "nls_ascii"]
        case .iso9660, .exfat, .ext4: ["fs-\(rawValue)"]
        }
    }

    /// What keeps a filesystem from being written to by the kernel itself.
    package var options: [String] { self == .ext4 ? ["noload"] : [] }
}

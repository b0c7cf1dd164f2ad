package import ImageModel

/// A partition of our disk; the raw value is its PARTLABEL, the order is the order on the disk (docs/on-disk-layout.md).
package enum Partition: String, CaseIterable, Sendable {
    /// GRUB's core image for BIOS; no filesystem.
    case bios
    /// GRUB for both firmwares and the boot environment.
    case boot
    /// The vendor's and user's layer.
    case oem
    /// The recovery image.
    case recovery
    /// The active and passive images.
    case state
    /// Data that survives upgrades.
    case persistent

    /// What is made on the partition.
    package var filesystem: PartitionFilesystem {
        switch self {
        case .bios: .none
        case .boot: .fat32
        case .oem, .recovery, .state, .persistent: .ext4
        }
    }

    /// The label of the filesystem: at most 11 characters in capitals, because FAT allows no more.
    package var label: String { "LB_\(rawValue.uppercased())" }

    /// The label of an encrypted volume on the partition: another one than that of the filesystem inside, so that a label
    /// never means two devices.
    package var containerLabel: String { "\(label)_LUKS" }

    /// The GPT type (UEFI specification 2.10, table 5.7; GRUB's BIOS boot partition; Linux filesystem data).
    package var typeIdentifier: String {
        switch self {
        case .bios: "21686148-6449-6E6F-744E-656564454649"
        case .boot: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
        case .oem, .recovery, .state, .persistent: "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
        }
    }

    /// The smallest size in bytes that works.
    ///
    /// FAT32 needs 65,525 clusters, here of 1 KiB; ext4 needs room for its journal.
    package var minimumSize: Int64 {
        switch self {
        case .bios: 1 << 20
        case .boot: 68 << 20
        case .oem, .recovery, .state, .persistent: 16 << 20
        }
    }

    /// The smallest size in bytes that works on a disk with sectors of so many bytes.
    ///
    /// A cluster of FAT has one sector at least, and FAT32 needs 65,525 of them whatever their size.
    package func minimumSize(sectorSize: Int64) -> Int64 {
        self == .boot && sectorSize > 1024 ? minimumSize / 1024 * sectorSize : minimumSize
    }

    /// Bytes for each inode of its filesystem: images are a few large files, what the user keeps is many small ones.
    package var bytesPerInode: Int { self == .recovery || self == .state ? 65_536 : 16_384 }

    /// The number in the partition table, from 1.
    package var number: Int {
        (Partition.allCases.firstIndex(of: self) ?? 0) + 1
    }
}

/// Names what is made on a partition.
package enum PartitionFilesystem: Sendable {
    /// Nothing.
    case none
    /// FAT32 with clusters of 1 KiB, so that the boot environment is one cluster and never scattered.
    case fat32
    /// ext4 without what the oldest supported GRUB cannot read.
    case ext4
}

/// A partition that holds images.
package enum Store: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Active and passive.
    case state
    /// Recovery alone.
    case recovery

    /// The store that holds the image of a role.
    package init(of role: Role) { self = role == .recovery ? .recovery : .state }

    /// The roles whose images it holds.
    package var roles: [Role] { self == .recovery ? [.recovery] : [.active, .passive] }

    /// The other one.
    package var other: Store { self == .recovery ? .state : .recovery }

    /// The partition that it is.
    package var partition: Partition { self == .recovery ? .recovery : .state }

    /// Its PARTLABEL, for people and programs.
    package var description: String { rawValue }
}

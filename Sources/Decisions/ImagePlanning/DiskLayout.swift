package import DiskContract
package import Faults

/// Says why a disk cannot be laid out as asked.
package typealias DiskLayoutError = Fault<DiskLayoutFault>

/// Names what does not fit on a disk.
package enum DiskLayoutFault: FaultKind {
    /// The files on a partition.
    case files
    /// The partitions on the disk.
    case partitions
    /// The size of a partition among those that are possible.
    case size
    /// The disk in the format that it becomes.
    case format
    /// A partition beside ours.
    case extra
}

extension DiskLayoutError {
    fileprivate init(_ kind: DiskLayoutFault, _ subject: String, cause: String, remedy: String) {
        self.init(kind, "laying out", subject, cause: cause, remedy: remedy)
    }
}

/// Holds the sizes asked for, in bytes.
package struct DiskSizes: Equatable, Sendable {
    /// The sizes of sectors that disks can have, in bytes, the common one first.
    package static let sectorSizes: [Int64] = [512, 4096]

    /// The sizes of partitions for which none was asked.
    static let defaults: (oem: Int64, recovery: Int64, state: Int64) = (64 << 20, 2 << 30, 8 << 30)

    /// Bytes in a sector of the disk.
    package var sectorSize = DiskSizes.sectorSizes[0]
    /// The boot partition; nil for 128 MiB, or 288 MiB on a disk with sectors of 4,096 bytes.
    package var boot: Int64?
    /// The OEM partition; nil for 64 MiB.
    package var oem: Int64?
    /// The recovery partition; nil for 2 GiB.
    package var recovery: Int64?
    /// The state partition; nil for 8 GiB.
    package var state: Int64?
    /// The persistent partition; nil for the rest of the disk, or 1 GiB where the disk has no size either.
    package var persistent: Int64?
    /// The whole disk; nil for what the partitions need.
    package var disk: Int64?
    /// Partitions beside ours, which lie before the persistent one, because that is the one that grows.
    package var extra: [ExtraPartition] = []
    /// Whether the disk ends behind the recovery partition, and its machine makes the others.
    package var isExpandable = false

    /// Takes the defaults of the design.
    package init() {}
}

/// Places all partitions on a disk, aligned to 1 MiB (`docs/on-disk-layout.md`).
package struct DiskLayout: Equatable, Sendable {
    /// Every partition begins and ends at a multiple of this.
    package static let alignment: Int64 = 1 << 20
    /// The largest disk that is laid out: 16 TiB, what ext4 with 4 KiB blocks and 32-bit numbers holds.
    package static let maximumSize: Int64 = 16 << 40

    /// Our partitions in order.
    package private(set) var partitions: [DiskPartition] = []
    /// The partitions beside ours, in order; in the table they are behind ours, on the disk before the persistent one.
    package private(set) var extra: [PlacedPartition] = []
    /// The size of the disk in bytes.
    package private(set) var size: Int64
    /// Bytes in a sector.
    package let sectorSize: Int64

    /// Places the partitions.
    ///
    /// - Throws: when one is below its minimum, or the disk is too small or too large.
    package init(_ sizes: DiskSizes) throws(DiskLayoutError) {
        // The first megabyte holds the table, the last one its copy.
        var end = Self.alignment
        sectorSize = sizes.sectorSize
        for (name, size) in Self.fixedSizes(sizes) where name != .state || !sizes.isExpandable {
            let size = try Self.checked(size, for: name, sectorSize)
            partitions.append(DiskPartition(name: name, offset: end, size: size))
            end += size
        }
        size = end
        guard !sizes.isExpandable else {
            size = try Self.expandableSize(sizes, after: end)
            return
        }
        try place(sizes.extra, from: &end)
        let rest = try Self.persistentSize(sizes, after: end)
        partitions.append(DiskPartition(name: .persistent, offset: end, size: rest))
        size = sizes.disk.map { Self.roundedDown($0) } ?? end + rest + Self.alignment
    }

    /// What the partitions need, or more where that is asked for; nothing else may be asked for.
    private static func expandableSize(_ sizes: DiskSizes, after end: Int64) throws(DiskLayoutError) -> Int64 {
        guard sizes.extra.isEmpty, sizes.persistent == nil else {
            throw DiskLayoutError(
                .partitions, "an expandable disk", cause: "only boot, oem and recovery are on it",
                remedy: "Leave out the sizes of state and persistent, and further partitions.")
        }
        let size = sizes.disk.map { roundedDown($0) } ?? end + alignment
        guard size >= end + alignment else {
            throw DiskLayoutError(
                .partitions, "the disk", cause: "\(size >> 20) MiB do not hold the partitions",
                remedy: "Change --size or the sizes of the partitions.")
        }
        return size
    }

    private mutating func place(_ wanted: [ExtraPartition], from end: inout Int64) throws(DiskLayoutError) {
        var names = Set(Partition.allCases.map(\.rawValue))
        for partition in wanted {
            guard names.insert(partition.name.lowercased()).inserted else {
                throw .extra(partition.name, "another partition has this name", remedy: "Give it a name of its own.")
            }
            let smallest = partition.filesystem.minimumSize(sectorSize: sectorSize)
            guard (smallest...Self.maximumSize).contains(partition.size) else {
                throw .extra(
                    partition.name, Self.outside(partition.size, smallest),
                    remedy: "Give it another size, or another filesystem.")
            }
            let size = Self.roundedUp(partition.size)
            extra.append(PlacedPartition(partition: partition, offset: end, size: size))
            end += size
        }
    }

    /// The partition of that name.
    package subscript(name: Partition) -> DiskPartition? {
        partitions.first { $0.name == name }
    }

    /// Checks that files fit on a partition, with what ext4 takes for itself.
    ///
    /// - Throws: when they do not, with what is missing.
    package func checkSpace(for bytes: Int64, on name: Partition) throws(DiskLayoutError) {
        guard let partition = self[name] else { return }
        try Self.checkSpace(for: bytes, in: partition.size, on: name)
    }

    /// Checks that files fit on a partition of a size in bytes, with what ext4 takes for itself.
    ///
    /// - Throws: when they do not, with what is missing.
    package static func checkSpace(
        for bytes: Int64, in size: Int64, on name: Partition
    ) throws(DiskLayoutError) {
        let overhead = overhead(of: size)
        let (needed, overflow) = bytes.addingReportingOverflow(overhead)
        guard !overflow, needed <= size else {
            throw DiskLayoutError(
                .files, "the \(name.rawValue) partition",
                cause: "it has \(size >> 20) MiB, of which \(overhead >> 20) MiB are the filesystem's own, "
                    + "and the files need \(bytes / (1 << 20) + 1) MiB",
                remedy: "Make it larger with --\(name.rawValue)-size.")
        }
    }

    /// What ext4 takes for itself of a partition: measured with the options of Ext4Format, the journal, inode tables and group
    /// descriptors.
    static func overhead(of size: Int64) -> Int64 { size / 50 + (12 << 20) }

    private static func fixedSizes(_ sizes: DiskSizes) -> [(Partition, Int64)] {
        let boot = sizes.boot ?? (sizes.sectorSize > 1024 ? 288 : 128) << 20
        return [
            (.bios, Partition.bios.minimumSize), (.boot, boot), (.oem, sizes.oem ?? DiskSizes.defaults.oem),
            (.recovery, sizes.recovery ?? DiskSizes.defaults.recovery),
            (.state, sizes.state ?? DiskSizes.defaults.state),
        ]
    }

    /// The size of the last partition: as asked, or what the disk has left.
    private static func persistentSize(_ sizes: DiskSizes, after end: Int64) throws(DiskLayoutError) -> Int64 {
        guard let disk = sizes.disk else { return try checked(sizes.persistent ?? 1 << 30, for: .persistent) }
        let wanted = try sizes.persistent.map { size throws(DiskLayoutError) in try checked(size, for: .persistent) }
        let left = roundedDown(min(disk, maximumSize)) - alignment - end
        guard disk <= maximumSize, left >= max(wanted ?? 0, Partition.persistent.minimumSize) else {
            throw DiskLayoutError(
                .partitions, "the disk", cause: "\(disk >> 20) MiB do not hold the partitions",
                remedy: "Change --size or the sizes of the partitions.")
        }
        return wanted ?? left
    }

    private static func checked(
        _ size: Int64, for name: Partition, _ sectorSize: Int64 = DiskSizes.sectorSizes[0]
    ) throws(DiskLayoutError) -> Int64 {
        let smallest = name.minimumSize(sectorSize: sectorSize)
        guard size >= smallest, size <= maximumSize else {
            throw DiskLayoutError(
                .size, "the \(name.rawValue) partition",
                cause: outside(size, smallest),
                remedy: "Change --\(name.rawValue)-size.")
        }
        return roundedUp(size)
    }

    private static func outside(_ size: Int64, _ smallest: Int64) -> String {
        "\(size) bytes are outside \(smallest >> 20) MiB to \(maximumSize >> 40) TiB"
    }

    private static func roundedUp(_ size: Int64) -> Int64 { roundedDown(size + alignment - 1) }

    private static func roundedDown(_ size: Int64) -> Int64 {
        size / alignment * alignment
    }
}

/// Places one partition on the disk.
package struct DiskPartition: Equatable, Sendable {
    /// Which partition it is.
    package var name: Partition
    /// Where it begins, in bytes from the start of the disk.
    package var offset: Int64
    /// How long it is, in bytes.
    package var size: Int64

    /// Places a partition.
    package init(name: Partition, offset: Int64, size: Int64) {
        self.name = name
        self.offset = offset
        self.size = size
    }
}

/// Places a partition beside ours on the disk.
package struct PlacedPartition: Equatable, Sendable {
    /// Which partition it is.
    package let partition: ExtraPartition
    /// Where it begins, in bytes from the start of the disk.
    package let offset: Int64
    /// How long it is, in bytes.
    package let size: Int64
}

/// Holds a number of bytes, written as a whole number with an optional K, M, G or T.
package struct ByteCount: Equatable, Sendable {
    /// The number.
    package let bytes: Int64

    /// Takes a number of bytes; nil for anything that is not one or does not fit.
    package init?(argument: String) {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int64(unit == nil ? argument : String(argument.dropLast())), number > 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}

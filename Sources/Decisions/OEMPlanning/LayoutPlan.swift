package import Faults
package import OEMModel

/// Says why partitions are not changed.
package typealias LayoutRefusal = Fault<LayoutFault>

/// Names what keeps partitions from being changed.
package enum LayoutFault: FaultKind {
    /// What is on the disk, or uses it.
    case disk
    /// What the file asks for.
    case request
}

/// What is known of a disk whose partitions a stage changes.
package struct LayoutFacts: Equatable, Sendable {
    /// A partition that is there.
    package struct Entry: Equatable, Sendable {
        /// PARTLABEL; empty when it has none.
        package var name: String
        /// The label of its filesystem.
        package var label: String?
        /// What is on it, in words; nil for nothing at all.
        package var content: String?

        /// Describes a partition.
        package init(name: String, label: String?, content: String?) {
            (self.name, self.label, self.content) = (name, label, content)
        }
    }

    /// What a disk has.
    package enum Content: Equatable, Sendable {
        /// No signature at all.
        case nothing
        /// A GPT with these partitions, in the order of their numbers.
        case table([Entry])
        /// Something else, in words.
        case other(String)
    }

    /// The disk, for people.
    package var disk: String
    /// Whether the running system was started from it.
    package var isBooted: Bool
    /// Bytes of a sector.
    package var sectorSize: Int64
    /// The size in bytes.
    package var size: Int64
    /// What is on it.
    package var content: Content
    /// By what it is used, one phrase each.
    package var uses: [String]

    /// Makes facts.
    package init(
        disk: String, isBooted: Bool, sectorSize: Int64, size: Int64, content: Content, uses: [String] = []
    ) {
        self.disk = disk
        self.isBooted = isBooted
        self.sectorSize = sectorSize
        self.size = size
        self.content = content
        self.uses = uses
    }
}

/// Decides what becomes of a disk: all of a new one, nothing of one that others made.
package struct LayoutPlan: Equatable, Sendable {
    /// Where a partition is to be.
    package struct Place: Equatable, Sendable {
        /// Its first sector.
        package var start: Int64
        /// Its length in sectors.
        package var sectors: Int64
        /// What it is to be.
        package var partition: LayoutDirective.Partition
    }

    /// The partitions of a new table; nil where the table stays.
    package private(set) var table: [Place]?
    /// Partitions to be formatted, by their number from 1.
    package private(set) var formatted: [(number: Int, partition: LayoutDirective.Partition)] = []
    /// Whether the persistent partition takes up its disk.
    package private(set) var growsPersistent = false

    /// Every partition begins and ends at a multiple of this.
    private static let alignment: Int64 = 1 << 20
    /// The most partitions of a table as libfdisk makes it.
    private static let mostPartitions = 128

    /// Decides.
    ///
    /// - Throws: `LayoutRefusal` for what cannot be done, or not without a risk for what is there.
    package init(_ layout: LayoutDirective, _ facts: LayoutFacts) throws(LayoutRefusal) {
        for partition in layout.partitions where partition.tableName == nil {
            throw Self.wrong(facts, "a partition has neither 'pLabel' nor 'fsLabel'", "Give it a name.")
        }
        guard !facts.isBooted else {
            try planBooted(layout, facts)
            return
        }
        guard layout.expandedSize == nil else {
            throw Self.wrong(
                facts, "only the persistent partition of the disk that was booted grows",
                "Leave 'expand_partition' out; a partition of size 0 takes the rest of the disk when it is made.")
        }
        switch facts.content {
        case .table(let entries): try planExisting(layout, entries, facts)
        case .nothing: try planNew(layout, facts)
        case .other(let what): throw Self.occupied(facts, what)
        }
    }

    private mutating func planBooted(_ layout: LayoutDirective, _ facts: LayoutFacts) throws(LayoutRefusal) {
        guard case .table(let entries) = facts.content else { throw Self.occupied(facts, "no GPT") }
        if let missing = layout.partitions.first(where: { $0.place(in: entries) == nil }) {
            throw Self.refused(
                facts, "there is no partition '\(missing.tableName ?? "")', and the system runs from this disk",
                "Start recovery and use 'lifeboot reset', which makes state and persistent anew, or another disk.")
        }
        growsPersistent = layout.expandedSize != nil
    }

    /// Of a table that is there nothing changes; a cut may have left partitions of ours without their filesystems.
    private mutating func planExisting(
        _ layout: LayoutDirective, _ entries: [LayoutFacts.Entry], _ facts: LayoutFacts
    ) throws(LayoutRefusal) {
        for partition in layout.partitions {
            guard let place = partition.place(in: entries) else {
                throw Self.refused(
                    facts, "it has a partition table without '\(partition.tableName ?? "")'",
                    "Partitions are only made on a disk without any signature; make it by hand, or wipe the disk.")
            }
            if layout.makesTable, partition.filesystem.isMade, entries[place].content == nil {
                formatted.append((place + 1, partition))
            }
        }
    }

    private mutating func planNew(_ layout: LayoutDirective, _ facts: LayoutFacts) throws(LayoutRefusal) {
        guard layout.makesTable else {
            throw Self.wrong(facts, "it has no partition table", "Write 'init_disk: true' to have one made.")
        }
        guard facts.uses.isEmpty else {
            throw Self.refused(facts, facts.uses.joined(separator: ", "), "Stop what uses it.")
        }
        table = try Self.places(layout.partitions, facts)
        for (index, partition) in layout.partitions.enumerated() where partition.filesystem.isMade {
            formatted.append((index + 1, partition))
        }
    }

    /// One behind the other from the first MiB; the table's copy has the last one.
    private static func places(
        _ partitions: [LayoutDirective.Partition], _ facts: LayoutFacts
    ) throws(LayoutRefusal) -> [Place] {
        guard facts.sectorSize > 0, partitions.count <= mostPartitions else {
            throw wrong(facts, "there are more than \(mostPartitions) partitions", "Leave some out.")
        }
        let end = facts.size / alignment - 1
        var next: Int64 = 1
        var places: [Place] = []
        for (index, partition) in partitions.enumerated() {
            guard partition.size > 0 || index == partitions.count - 1 else {
                throw wrong(facts, "only the last partition can take the rest of the disk", "Give the others a size.")
            }
            let size = partition.size > 0 ? Int64(partition.size) : end - next
            guard size > 0, size <= end - next else {
                throw refused(
                    facts,
                    "'\(partition.tableName ?? "")' needs \(max(1, size)) MiB and \(max(0, end - next)) are left",
                    "Make the partitions smaller.")
            }
            let sectors = alignment / facts.sectorSize
            places.append(Place(start: next * sectors, sectors: size * sectors, partition: partition))
            next += size
        }
        return places
    }

    private static func wrong(_ facts: LayoutFacts, _ cause: String, _ remedy: String) -> LayoutRefusal {
        LayoutRefusal(.request, "partitioning", facts.disk, cause: cause, remedy: remedy)
    }

    private static func refused(_ facts: LayoutFacts, _ cause: String, _ remedy: String) -> LayoutRefusal {
        LayoutRefusal(.disk, "partitioning", facts.disk, cause: cause, remedy: remedy)
    }

    private static func occupied(_ facts: LayoutFacts, _ what: String) -> LayoutRefusal {
        refused(facts, "it has \(what)", "Partitions are only made on a disk without any signature; wipe it first.")
    }

    /// Compares all parts.
    package static func == (one: LayoutPlan, other: LayoutPlan) -> Bool {
        one.table == other.table && one.growsPersistent == other.growsPersistent
            && one.formatted.elementsEqual(other.formatted) { $0 == $1 }
    }
}

extension LayoutDirective.Partition {
    /// Its name in the table, by which it is found again even before it has a filesystem.
    package var tableName: String? {
        [name, filesystemLabel].compactMap(\.self).first { !$0.isEmpty }
    }

    /// Its place among those that are there.
    func place(in entries: [LayoutFacts.Entry]) -> Int? {
        entries.firstIndex { $0.name == tableName }
            ?? entries.firstIndex { $0.label != nil && $0.label == filesystemLabel }
    }

    /// The GPT type (UEFI specification 2.10, table 5.7; the Discoverable Partitions Specification; GRUB for BIOS).
    package var typeIdentifier: String {
        switch (isBootable, filesystem) {
        case (true, .fat), (true, .vfat), (true, .fat16), (true, .fat32): "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
        case (true, _): "21686148-6449-6E6F-744E-656564454649"
        case (false, .fat), (false, .vfat), (false, .fat16), (false, .fat32): "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
        case (false, .swap): "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"
        case (false, _): "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
        }
    }
}

extension LayoutDirective.Filesystem {
    /// Whether anything is made on the partition.
    package var isMade: Bool { self != .none && self != .noformat && self != .dash }

    /// The program that makes it, and its arguments before the device.
    ///
    /// - Parameter label: nil for none.
    package func command(label: String?) -> [String] {
        let label = label.flatMap { $0.isEmpty ? nil : $0 }
        switch self {
        case .ext2, .ext3, .ext4: return ["mkfs.\(rawValue)", "-q", "-F"] + (label.map { ["-L", $0] } ?? [])
        case .xfs, .btrfs: return ["mkfs.\(rawValue)", "-q"] + (label.map { ["-L", $0] } ?? [])
        case .fat, .vfat: return ["mkfs.vfat"] + (label.map { ["-n", $0] } ?? [])
        case .fat16: return ["mkfs.vfat", "-F", "16"] + (label.map { ["-n", $0] } ?? [])
        case .fat32: return ["mkfs.vfat", "-F", "32"] + (label.map { ["-n", $0] } ?? [])
        case .swap: return ["mkswap"] + (label.map { ["-L", $0] } ?? [])
        case .none, .noformat, .dash: return []
        }
    }
}

import DiskContract
package import Faults
import ImagePlanning
package import JSONText
package import Plans

/// Says why the persistent partition is not grown.
package typealias GrowRefusal = Fault<GrowFault>

/// Names what is odd about a machine that is not grown.
package enum GrowFault: FaultKind {
    /// The disk or its table.
    case disk
    /// What is on the partition.
    case content
}

extension GrowRefusal {
    fileprivate init(_ kind: GrowFault, subject: String, cause: String) {
        self.init(
            kind, "growing", subject, cause: cause,
            remedy: "Nothing was changed; grow it by hand with sfdisk and resize2fs if it is right.")
    }
}

/// Decides how the persistent partition takes up a disk that is larger than its table.
package enum GrowPlan {
    /// Less than this is not worth a write: what aligning leaves at the end of a disk.
    static let least: Int64 = 16 << 20

    /// The steps that are left to do; none when partition, volume and filesystem are as large as they can be.
    ///
    /// A cut between two steps leaves a partition that is larger than what is on it, which the next run goes on from.
    ///
    /// - Throws: `GrowRefusal` when anything is not as lifeboot makes it: then nobody knows what is safe.
    package static func plan(_ facts: GrowFacts) throws(GrowRefusal) -> Plan<GrowAction> {
        let entry = try checkedEntry(facts)
        let wanted = sectors(facts, entry)
        let isLarger = (wanted - entry.sectors) * facts.sectorSize >= least
        let target = isLarger ? wanted : entry.sectors
        var steps: [Step<GrowAction>] = []
        if isLarger { steps.append(.init(.commit, .writeTable(partition: entry.number, sectors: target))) }
        if facts.kernelSectors < target {
            steps.append(.init(.finish, .tellKernel(partition: entry.number, sectors: target)))
        }
        let bytes = target * facts.sectorSize
        return Plan(
            "grow", "persistent: \(entry.sectors * facts.sectorSize >> 20) MiB -> \(bytes >> 20) MiB",
            steps + (try content(facts.content, entry.number, bytes)))
    }

    /// The last partition, which must be the persistent one and the same to table and kernel.
    private static func checkedEntry(_ facts: GrowFacts) throws(GrowRefusal) -> GrowFacts.Entry {
        func refuse(_ cause: String) -> GrowRefusal { GrowRefusal(.disk, subject: facts.disk, cause: cause) }
        guard facts.isGPT else { throw refuse("its table is no GPT") }
        guard facts.sectorSize > 0, facts.diskSectors > 0, facts.diskSectors < .max / facts.sectorSize else {
            throw refuse("its size makes no sense")
        }
        guard let entry = facts.entries.first(where: { $0.number == facts.persistent }) else {
            throw refuse("its table has no partition \(facts.persistent), which the kernel knows")
        }
        guard entry.name == Partition.persistent.rawValue else {
            throw refuse("partition \(entry.number) is named '\(entry.name)' instead of persistent")
        }
        let end = entry.start.addingReportingOverflow(entry.sectors)
        guard entry.start > 0, entry.sectors > 0, !end.overflow, end.partialValue <= facts.diskSectors else {
            throw refuse("its last partition reaches beyond its end")
        }
        guard facts.entries.allSatisfy({ $0.number == entry.number || $0.start < entry.start }) else {
            throw refuse("another partition lies behind the persistent one")
        }
        guard facts.kernelSectors <= entry.sectors else {
            throw refuse("the kernel sees a larger persistent partition than the table has; restart first")
        }
        return entry
    }

    /// The length up to the last whole megabyte before the table's copy, as DiskLayout places partitions.
    private static func sectors(_ facts: GrowFacts, _ entry: GrowFacts.Entry) -> Int64 {
        let disk = min(facts.diskSectors * facts.sectorSize, DiskLayout.maximumSize)
        let end = disk / DiskLayout.alignment * DiskLayout.alignment - DiskLayout.alignment
        return max(entry.sectors, end / facts.sectorSize - entry.start)
    }

    /// What makes use of a partition of so many bytes.
    private static func content(
        _ content: PersistentContent, _ number: Int, _ bytes: Int64
    ) throws(GrowRefusal) -> [Step<GrowAction>] {
        let filesystem = Step(.finish, GrowAction.growFilesystem)
        switch content {
        case .ext4(let size): return bytes - size >= least ? [filesystem] : []
        case .encrypted(let name, let offset, let volume, let size):
            let room = bytes - offset
            let grow = Step(.finish, GrowAction.growVolume(name: name))
            return (room - volume >= least ? [grow] : []) + (room - size >= least ? [filesystem] : [])
        case .other(let what):
            throw GrowRefusal(.content, subject: "partition \(number)", cause: "it holds \(what)")
        }
    }
}

/// What one step of growing the persistent partition does; the order of writes is in docs/growing.md.
package enum GrowAction: PlannedAction {
    /// Moves the table's copy to the end of the disk and makes the last partition so many sectors long.
    case writeTable(partition: Int, sectors: Int64)
    /// Tells the kernel the partition's new length.
    case tellKernel(partition: Int, sectors: Int64)
    /// Lets the open encrypted volume take up the partition.
    case growVolume(name: String)
    /// Lets the mounted filesystem take up the partition or volume.
    case growFilesystem

    /// The kind of action.
    package var name: String {
        switch self {
        case .writeTable: "write-table"
        case .tellKernel: "tell-kernel"
        case .growVolume: "grow-volume"
        case .growFilesystem: "grow-filesystem"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .writeTable(let number, let sectors): "partition \(number): \(sectors) sectors"
        case .tellKernel(let number, _): "partition \(number)"
        case .growVolume(let name): name
        case .growFilesystem: "the persistent filesystem"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .writeTable: "Write the table for the whole disk: first the copy at its end, then the one in front."
        case .tellKernel: "Tell the kernel the new length of this one partition, which is in use."
        case .growVolume: "Let the encrypted volume take up the partition."
        case .growFilesystem: "Run resize2fs, which lets a mounted filesystem grow."
        }
    }

    /// The kind and the subject.
    package var json: JSONValue { ["kind": .string(name), "subject": .string(subject)] }
}

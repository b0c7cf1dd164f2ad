import DiskContract
import Faults
import ImagePlanning

/// Where the partitions of an expandable disk are, and where they are to be.
struct CompletionLayout: Equatable {
    /// The partitions that the table has not yet, or has shorter; none when it is as it is to be.
    private(set) var changes: [DiskPartition] = []
    /// Every partition as it is to be, in the order of the disk.
    private(set) var partitions: [DiskPartition]

    /// The partitions that such a disk begins with.
    private static let first = Array(Partition.allCases.prefix { $0 != .state })

    /// Places what is missing; partitions of the right names that are there are taken as they are.
    ///
    /// - Throws: `Refusal` when the table is not as boatyard makes it, or the disk is too small.
    init(_ facts: CompletionFacts) throws(Refusal) {
        guard facts.isGPT else { throw Self.foreign(facts, "its table is no GPT") }
        guard facts.sectorSize > 0, facts.diskSectors > 0, facts.diskSectors <= .max / facts.sectorSize else {
            throw Self.foreign(facts, "its size makes no sense")
        }
        partitions = try Self.present(facts)
        if partitions.count == Self.first.count { try complete(facts) }
        try PartitionRoom(
            operation: "completing", sizes: Dictionary(partitions.map { ($0.name, $0.size) }) { first, _ in first },
            isEncrypted: facts.settings.isEncrypted
        ).check([.recovery: facts.image.size, .state: facts.image.size]) {
            "Set \($0.rawValue) in \(MachinePaths.diskSettings), and make the disk larger."
        }
    }

    /// The partitions that are there, which are the first ones or all.
    private static func present(_ facts: CompletionFacts) throws(Refusal) -> [DiskPartition] {
        let entries = facts.entries.sorted { $0.start < $1.start }
        let names = entries.map(\.name)
        let wanted = names.count == first.count ? first : Partition.allCases
        guard names == wanted.map(\.rawValue), entries.map(\.number) == wanted.map(\.number) else {
            throw foreign(facts, "its partitions are " + (names.isEmpty ? "none" : names.joined(separator: ", ")))
        }
        var places: [DiskPartition] = []
        for (entry, name) in zip(entries, wanted) {
            let end = entry.start.addingReportingOverflow(entry.sectors)
            guard entry.start > 0, entry.sectors > 0, !end.overflow, end.partialValue <= facts.diskSectors else {
                throw foreign(facts, "\(name.rawValue) reaches beyond its end")
            }
            places.append(
                DiskPartition(
                    name: name, offset: entry.start * facts.sectorSize, size: entry.sectors * facts.sectorSize))
        }
        return places
    }

    private mutating func complete(_ facts: CompletionFacts) throws(Refusal) {
        let layout: DiskLayout
        do throws(DiskLayoutError) { layout = try DiskLayout(sizes(facts)) } catch {
            throw Refusal(
                .space, "completing", facts.disk, cause: "\(error.subject): \(error.cause)",
                remedy: "Make the disk larger, or set smaller sizes in \(MachinePaths.diskSettings).",
                underlying: error)
        }
        let placed = layout.partitions
        guard zip(partitions, placed).allSatisfy({ $0.offset == $1.offset && $0.size <= $1.size }) else {
            throw Self.foreign(facts, "its partitions do not lie one behind the other")
        }
        changes = placed.filter { !partitions.contains($0) }
        partitions = placed
    }

    private func sizes(_ facts: CompletionFacts) -> DiskSizes {
        let present = { (name: Partition) in partitions.first { $0.name == name }?.size ?? 0 }
        var asked = DiskSizes()
        asked.sectorSize = facts.sectorSize
        asked.disk = facts.diskSectors * facts.sectorSize
        (asked.boot, asked.oem) = (present(.boot), present(.oem))
        (asked.recovery, asked.state) = (facts.settings.recovery, facts.settings.state)
        asked.persistent = facts.settings.persistent
        let content = DiskContent(oem: 0, recovery: facts.image.size, image: facts.image.size)
        let sizes = content.sizes(asked)
        if sizes.recovery ?? 0 >= present(.recovery) { return sizes }
        asked.recovery = present(.recovery)
        return content.sizes(asked)
    }

    private static func foreign(_ facts: CompletionFacts, _ cause: String) -> Refusal {
        Refusal(
            .impossible, "completing", facts.disk, cause: cause,
            remedy: "Only a disk of `boatyard disk --expandable` is completed; nothing was changed.")
    }
}

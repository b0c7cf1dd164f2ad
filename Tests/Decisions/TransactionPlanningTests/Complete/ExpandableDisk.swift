import DiskContract
import GrubEnvironment
import ImageModel
import ImagePlanning
import Plans
import TransactionPlanning

/// An expandable disk and what a machine knows of it, changed by actions as the real ones change it.
struct ExpandableDisk {
    var facts: CompletionFacts

    static let image = PlannedImage(
        source: "the recovery partition", id: id("c"), title: "demo 1.0", size: 100 << 20,
        staging: ".staging-cccccccccccccccc")

    /// A disk of boatyard's of so many MiB, in a machine that recovery has just started.
    init(mebibytes: Int64 = 16 << 10, sectorSize: Int64 = 512, recovery: Int64 = 192) {
        var environment = BootEnvironment(recovery: id("c"))
        environment.pending = .install
        let sizes: [(Partition, Int64)] = [
            (.bios, 1), (.boot, sectorSize == 512 ? 128 : 288), (.oem, 64), (.recovery, recovery),
        ]
        let unit = (1 << 20) / sectorSize
        var (start, entries) = (unit, [CompletionFacts.Entry]())
        for (name, size) in sizes {
            entries.append(.init(number: name.number, name: name.rawValue, start: start, sectors: size * unit))
            start += size * unit
        }
        facts = CompletionFacts(
            role: .recovery, environment: environment, disk: "/dev/vda", diskSectors: mebibytes * unit,
            entries: entries, known: entries, recoverySize: recovery << 20, image: Self.image)
        facts.sectorSize = sectorSize
    }

    /// The plan for the disk as it is.
    func plan() throws -> Plan<CompletionAction> { try CompletionPlan.make(facts) }

    /// Does what an action does.
    mutating func apply(_ action: CompletionAction) {
        switch action {
        case .writeTable(let places): for place in places { Self.put(entry(place), into: &facts.entries) }
        case .addPartition(let place), .resizePartition(let place): Self.put(entry(place), into: &facts.known)
        case .growRecovery:
            facts.recoverySize = (facts.known.first { $0.number == 4 }?.sectors ?? 0) * facts.sectorSize
        case .formatState: facts.whole.remove(.state)
        case .markWhole(let name): facts.whole.insert(name)
        case .reset(.formatPersistent): facts.whole.remove(.persistent)
        case .reset(.finish): facts.environment = facts.environment.afterReset(active: id("c"))
        case .reset: break
        }
    }

    /// Starts the machine anew, which reads the table.
    mutating func restart() { facts.known = facts.entries }

    private func entry(_ place: DiskPartition) -> CompletionFacts.Entry {
        .init(
            number: place.name.number, name: place.name.rawValue, start: place.offset / facts.sectorSize,
            sectors: place.size / facts.sectorSize)
    }

    private static func put(_ entry: CompletionFacts.Entry, into entries: inout [CompletionFacts.Entry]) {
        entries.removeAll { $0.number == entry.number }
        entries.append(entry)
    }
}

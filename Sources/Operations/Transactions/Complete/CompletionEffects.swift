package import DiskContract
package import ImagePlanning
package import ImageSources
import Plans
package import TransactionPlanning

/// The machine as the completing of its disk uses it; a fake stands in for it in tests.
package protocol CompletionMachine: ResetMachine, ~Copyable {
    /// Changes the table: partitions that are there become longer, others are added, disk and boot partition get new GUIDs.
    mutating func writeTable(_ places: [DiskPartition]) throws
    /// Tells the kernel of a partition; its node is there afterwards.
    mutating func addPartition(_ place: DiskPartition) throws
    /// Tells the kernel the new length of a partition.
    mutating func resizePartition(_ place: DiskPartition) throws
    /// Lets recovery's filesystem take up its partition.
    mutating func growRecovery() throws
    /// Notes on a filesystem that it was made to its end.
    mutating func markWhole(_ name: Partition) throws
}

/// Carries out the steps of completing an expandable disk; what a reset does as well, that does.
package struct CompletionEffects<Machine: CompletionMachine & ~Copyable, Supplier: ImageSupplier & ~Copyable>:
    TransactionEffects, ~Copyable
{
    private var reset: ResetEffects<Machine, Supplier>

    /// Prepares for completing a disk.
    package init(machine: consuming Machine, supplier: consuming Supplier, hooks: HookRunner) {
        reset = ResetEffects(machine: machine, supplier: supplier, hooks: hooks)
    }

    /// Carries out one action.
    package mutating func perform(_ action: CompletionAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeTable(let places): try reset.machine.writeTable(places)
        case .addPartition(let place): try reset.machine.addPartition(place)
        case .resizePartition(let place): try reset.machine.resizePartition(place)
        case .growRecovery: try reset.machine.growRecovery()
        case .formatState: try reset.machine.formatState()
        case .markWhole(let name): try reset.machine.markWhole(name)
        case .reset(let action): return try reset.perform(action, progress: progress)
        }
        return []
    }

    /// Makes partitions read-only that are still writable.
    package mutating func release() -> [String] { reset.release() }
}

package import DiskContract
package import ImagePlanning
package import JSONText
import Plans

/// What one step of completing an expandable disk does; docs/media.md has the order and what every cut leaves.
package enum CompletionAction: PlannedAction {
    /// Changes the table: the partitions from `recovery` on as they are placed, new GUIDs of disk and boot partition.
    case writeTable([DiskPartition])
    /// Tells the kernel of a partition.
    case addPartition(DiskPartition)
    /// Tells the kernel the new length of a partition that is in use.
    case resizePartition(DiskPartition)
    /// Lets recovery's filesystem take up its partition.
    case growRecovery
    /// Makes the state filesystem.
    case formatState
    /// Notes on a filesystem that it was made to its end.
    case markWhole(Partition)
    /// What a reset does as well.
    case reset(ResetAction)

    /// The kind of action.
    package var name: String {
        switch self {
        case .writeTable: "write-table"
        case .addPartition: "add-partition"
        case .resizePartition: "resize-partition"
        case .growRecovery: "grow-recovery"
        case .formatState: "format"
        case .markWhole: "mark-whole"
        case .reset(let action): action.name
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .writeTable(let places): places.map(\.name.rawValue).joined(separator: ", ")
        case .addPartition(let place), .resizePartition(let place): "the \(place.name.rawValue) partition"
        case .growRecovery: "the recovery partition"
        case .formatState: "the state partition"
        case .markWhole(let name): "the \(name.rawValue) partition"
        case .reset(let action): action.subject
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .writeTable(let places):
            "Write " + places.map { "\($0.name.rawValue) \($0.size >> 20) MiB" }.joined(separator: ", ")
                + ", and new GUIDs of the disk and of boot: first the copy at the end, then the table in front."
        case .addPartition: "Tell the kernel of this one partition, for the disk is in use."
        case .resizePartition: "Tell the kernel the new length of this one partition, which is in use."
        case .growRecovery: "Run resize2fs, which lets a mounted filesystem grow."
        case .formatState: "ext4, labelled \(Partition.state.label), which GRUB can read."
        case .markWhole: "From now on a resumption keeps it."
        case .reset(let action): action.explanation
        }
    }

    /// Everything it holds.
    package var json: JSONValue {
        switch self {
        case .writeTable(let places): ["partitions": .array(places.map(\.json))]
        case .addPartition(let place), .resizePartition(let place): place.json
        case .growRecovery: ["partition": .string(Partition.recovery.rawValue)]
        case .formatState: ["partition": .string(Partition.state.rawValue)]
        case .markWhole(let name): ["partition": .string(name.rawValue)]
        case .reset(let action): action.json
        }
    }

    /// What later steps can count on when it was done.
    package var gives: [DeploymentProduct] { if case .reset(let action) = self { action.gives } else { [] } }

    /// What earlier steps must have given.
    package var needs: [DeploymentProduct] { if case .reset(let action) = self { action.needs } else { [] } }
}

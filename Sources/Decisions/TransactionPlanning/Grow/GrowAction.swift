package import JSONText
import Plans

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

import ImagePlanning

/// Why no system can be installed on a disk, whatever is forced.
enum DiskObstacle: Equatable, Sendable {
    /// The system that runs comes from it.
    case running
    /// It is in use, a phrase for each use.
    case used([String])
    /// It is write-protected.
    case readOnly
    /// The kernel reads no partitions on it.
    case withoutPartitions
    /// Its sectors have so many bytes.
    case sectors(Int64)

    /// Finds the first; nil when nothing is known against the disk.
    init?(isRunning: Bool, uses: [String], isReadOnly: Bool, readsPartitions: Bool, sectorSize: Int64) {
        if isRunning {
            self = .running
        } else if !uses.isEmpty {
            self = .used(uses)
        } else if isReadOnly {
            self = .readOnly
        } else if !readsPartitions {
            self = .withoutPartitions
        } else if !DiskSizes.sectorSizes.contains(sectorSize) {
            self = .sectors(sectorSize)
        } else {
            return nil
        }
    }

    /// What it is, without a full stop.
    var cause: String {
        switch self {
        case .running: "the system that runs comes from it"
        case .used(let uses): uses.joined(separator: ", ")
        case .readOnly: "it is write-protected"
        case .withoutPartitions: "the kernel reads no partitions on it"
        case .sectors(let size): "it has sectors of \(size) bytes"
        }
    }
}

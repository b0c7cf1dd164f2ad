import Faults
package import JSONText
import SystemPackage

/// A disk as `lifeboot disks` tells of it: which it is, what is on it, and what an installation would say to it.
package struct DiskReport: Equatable, Sendable {
    /// What was seen on a disk.
    package struct Content: Equatable, Sendable {
        /// Its partitions.
        package var partitions: [FoundPartition] = []
        /// The filesystem, or other signature, of the whole disk; nil when it has none.
        package var filesystem: String?
        /// What it or one of its partitions is a member of, a phrase each.
        package var memberships: [String] = []
        /// By what it is used, a phrase each.
        package var uses: [String] = []
        /// Whether it is write-protected.
        package var isReadOnly = false
        /// Whether the kernel reads partitions on it, which it does on no disc.
        package var readsPartitions = true

        /// An empty disk that nothing uses.
        package init() {}
    }

    /// The disk.
    package var disk: DiskCandidate
    /// What is on it; nil when it cannot be read.
    package var content: Content?
    /// Why not; nil when it can.
    package var problem: String?

    /// States what was seen.
    package init(_ disk: DiskCandidate, _ content: Content) { (self.disk, self.content) = (disk, content) }

    /// States that nothing can be seen.
    package init(_ disk: DiskCandidate, problem: String) { (self.disk, self.problem) = (disk, problem) }

    /// What is on it, in a few words.
    package var contents: String {
        guard let content else { return "nobody knows what is on it" }
        if holdsInstallation { return "a system of lifeboot" }
        if let first = content.memberships.first { return first }
        if !content.partitions.isEmpty {
            return content.partitions.count == 1 ? "one partition" : "\(content.partitions.count) partitions"
        }
        return content.filesystem.map { "no partitions, \($0)" } ?? "empty"
    }

    /// Whether an installation needs `--force`, as something on it would be lost that an installation asks about.
    package var needsForce: Bool { holdsInstallation || content?.memberships.isEmpty == false }

    /// Why no installation takes it, whatever is forced; nil when nothing is known against it.
    ///
    /// The plan of an installation says more: whether the image has room.
    package var obstacle: String? {
        if disk.isMemory { return "it is memory" }
        let known = content ?? Content()
        let obstacle = DiskObstacle(
            isRunning: disk.isMedium, uses: known.uses, isReadOnly: known.isReadOnly,
            readsPartitions: known.readsPartitions, sectorSize: disk.sectorSize)
        return obstacle?.cause ?? problem
    }

    private var holdsInstallation: Bool { content?.partitions.contains(where: \.isInstallation) == true }
}

extension DiskReport {
    /// The disk for programs.
    package var json: JSONValue {
        [
            "device": .string(disk.path.string), "bytes": .integer(disk.size),
            "sectorSize": .integer(disk.sectorSize),
            "serial": disk.serial.map { .string($0) } ?? .null, "wwn": disk.wideName.map { .string($0) } ?? .null,
            "byID": .array(disk.identifiers.map { .string($0) }), "byPath": .array(disk.places.map { .string($0) }),
            "removable": .bool(disk.isRemovable), "contents": .string(contents), "needsForce": .bool(needsForce),
            "obstacle": obstacle.map { .string($0) } ?? .null,
        ]
    }

    /// The disk for people: what it is, then its names, then what stands in the way.
    package var lines: [String] {
        let serial = disk.serial.map { ", serial \($0)" } ?? ""
        return ["\(disk.path) (\(ByteText.scaled(Int(clamping: disk.size)))\(serial)): \(contents)"]
            + disk.identifiers.map { "  by-id \($0)" }
            + (obstacle.map { ["  not for an installation: \($0)"] } ?? [])
            + (obstacle == nil && needsForce ? ["  an installation wants --force, and all of that is lost"] : [])
    }
}

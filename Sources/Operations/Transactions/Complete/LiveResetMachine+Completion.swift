import BlockDevices
package import DiskContract
import Filesystems
package import ImagePlanning
package import InstalledSystem
import LinuxSystem
import PartitionTables
package import Plans
import SystemPackage
package import TransactionPlanning

extension LiveResetMachine: CompletionMachine {
    /// Unmounts what a plan formats, for everybody; before the process has mounts of its own.
    ///
    /// - Throws: `Refusal` that says what uses a partition; `SystemError` or `BlockDeviceError`.
    package static func detach(for plan: Plan<CompletionAction>, on disk: BootDisk) throws {
        let actions = plan.steps.map(\.action)
        let missing = actions.compactMap { if case .addPartition(let place) = $0 { place.name } else { nil } }
        try OperationLock.withPartitions {
            for action in actions {
                switch action {
                case .formatState where !missing.contains(.state):
                    try DeviceDetachment.detach(try disk.partition(.state))
                case .reset(.formatPersistent) where !missing.contains(.persistent):
                    try DeviceDetachment.detach(
                        try disk.partition(.persistent), volume: PersistentFilesystem.temporaryVolume)
                default: break
                }
            }
        }
    }

    /// Changes the table, with identifiers that no other disk has; the boot partition's device is noted before, because the
    /// kernel's command line names it by the GUID that it loses.
    package mutating func writeTable(_ places: [DiskPartition]) throws {
        let geometry = try PartitionGeometry(of: disk.boot)
        let table = try DiskTable(of: geometry.disk)
        let identity = DiskIdentity.random()
        var change = TableChange()
        change.identifier = identity.disk
        change.identifiers[Partition.boot.number] = identity.partition(.boot)
        for place in places {
            let number = place.name.number
            if table.entries.contains(where: { $0.number == number }) {
                change.lengths[number] = place.size / table.sectorSize
            } else {
                change.added[number] = .init(place, sectorSize: table.sectorSize, identity)
            }
        }
        try BootPartitionNote.write(disk.boot)
        try DiskTable.change(geometry.disk, change)
    }

    /// Tells the kernel of a partition; its node is there afterwards.
    package mutating func addPartition(_ place: DiskPartition) throws {
        try PartitionReading.add(
            disk: try PartitionGeometry(of: disk.boot).disk, partition: place.name.number, start: place.offset,
            length: place.size)
    }

    /// Tells the kernel the new length of a partition, which is in use.
    package mutating func resizePartition(_ place: DiskPartition) throws {
        try PartitionLength.set(
            disk: try PartitionGeometry(of: disk.boot).disk, partition: place.name.number, start: place.offset,
            length: place.size)
    }

    /// Lets recovery's filesystem, from which this system runs, take up its partition; it is writable meanwhile.
    package mutating func growRecovery() throws {
        _ = try open(.recovery)
        try FilesystemTools().run("resize2fs", [try disk.partition(.recovery).path.string])
        try close(.recovery)
    }

    /// Notes on a filesystem that it was made to its end.
    package mutating func markWhole(_ name: Partition) throws {
        guard name == .state else {
            try PersistentFilesystem.use(try disk.partition(name), readOnly: false) { try CompletionMark.write(at: $0) }
            return
        }
        try CompletionMark.write(at: try open(.state))
        try close(.state)
    }
}

extension PartitionTable.Entry {
    /// An entry for a partition of ours.
    init(_ place: DiskPartition, sectorSize: Int64, _ identity: DiskIdentity) {
        self.init(
            firstSector: place.offset / sectorSize, sectors: place.size / sectorSize, type: place.name.typeIdentifier,
            name: place.name.rawValue, identifier: identity.partition(place.name))
    }
}

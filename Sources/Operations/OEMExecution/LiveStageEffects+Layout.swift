import BlockDevices
import Faults
import Filesystems
import ImagePlanning
import InstalledSystem
import LinuxSystem
import OEMModel
import OEMPlanning
import PartitionTables
import Plans
import SystemLayout
import SystemPackage

// Partitions: all of a new disk, nothing of one that others made, and the growth of the booted one.
extension LiveStageEffects {
    /// How long a disk may stay away.
    private static let patience = Duration.seconds(10)
    private static let script = "script://"
    /// The labels of the family's own disks, whose place the booted disk has here.
    private static let familyLabels = ["COS_OEM", "COS_PERSISTENT", "COS_RECOVERY", "COS_STATE"]

    mutating func changePartitions(_ layout: LayoutDirective) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("changing", "partitions") }
        // Where it is not known a disk counts as another one: of those only one without anything is changed.
        let boot = try? FoundDisk().get()
        let disk = try DiskDescription(of: try self.disk(of: layout, boot))
        let isBooted = boot?.boot.disk == disk.path
        let facts = try Self.facts(disk, isBooted: isBooted)
        let plan = try LayoutPlan(layout, facts)
        if plan.growsPersistent { return try growPersistent() }
        guard plan.table != nil || !plan.formatted.isEmpty else { return changed(false) }
        // udev keeps off a disk that is locked, and looks at it again afterwards (systemd, BLOCK_DEVICE_LOCKING).
        let lock = try FileLock(disk.path)
        try withExtendedLifetime(lock) {
            if let table = plan.table { try Self.write(table, on: disk, name: layout.diskName) }
            for (number, partition) in plan.formatted { try format(partition, number, of: disk.path) }
        }
        return changed(true)
    }

    /// In the initramfs nothing is grown: the table is written while the system runs, in an order that survives a cut.
    private mutating func growPersistent() throws -> StepResult<Never> {
        guard let grow, !StageNames.comesBeforeFilesystems(stage) else {
            return changed(false, note: "the persistent partition grows by itself when the system runs")
        }
        return changed(try grow())
    }

    /// The disk that a directive means; a label means one of the booted disk before all others.
    private func disk(of layout: LayoutDirective, _ boot: BootDisk?) throws -> FilePath {
        if let path = layout.path, !path.isEmpty {
            let text = path.hasPrefix(Self.script) ? try printed(String(path.dropFirst(Self.script.count))) : path
            return try Self.disk(named: try DeviceReference(parsing: text))
        }
        guard let label = layout.label, !label.isEmpty else {
            throw StageError.refused("a layout", "it names no disk", "Give 'device' a 'path' or a 'label'.")
        }
        if let boot, let disk = boot.boot.disk {
            let parts = try DiskPartitions.siblings(of: boot.boot).map { try BlockDevice.probe($0.path) }
            if parts.contains(where: { $0.label == label || $0.partitionLabel == label }) { return disk }
            if Self.familyLabels.contains(label) { return disk }
        }
        return try Self.disk(named: .label(label))
    }

    private static func disk(named reference: DeviceReference) throws -> FilePath {
        let device = try DeviceWait.wait(for: reference, until: .after(patience)).device
        return device.disk ?? device.path
    }

    /// The first line that a program of the file's prints.
    private func printed(_ command: String) throws -> String {
        let words = command.split(separator: " ").map(String.init)
        guard let program = words.first else {
            throw StageError.refused(
                "a layout", "'\(Self.script)' names no program", "Write the program behind it, or the disk's path.")
        }
        let outcome = try ChildProcess.run(
            program, Array(words.dropFirst()), environment: shell.environment, output: .capture(atMost: 4096),
            timeout: shell.timeout
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self).split(whereSeparator: \.isNewline).first
            .map(String.init) ?? ""
    }

    private static func facts(_ disk: DiskDescription, isBooted: Bool) throws -> LayoutFacts {
        LayoutFacts(
            disk: disk.path.string, isBooted: isBooted, sectorSize: disk.sectorSize, size: disk.size,
            content: try content(of: disk), uses: try DeviceUse.of(disk.path).reasons)
    }

    private static func content(of disk: DiskDescription) throws -> LayoutFacts.Content {
        if let membership = disk.memberships.first { return .other("a part in something: \(membership)") }
        let table = try DiskTable(of: disk.path)
        if table.isGPT {
            // The kernel's list has no gaps for entries that are not used, so both are matched by number.
            let entries = try table.entries.map { entry in
                let part = try disk.partitions.first { try PartitionGeometry(of: $0).number == entry.number }
                guard let part else {
                    throw StageError.unknownPartitions(of: disk.path)
                }
                return LayoutFacts.Entry(
                    name: entry.name, label: part.label, content: part.filesystemType ?? part.problem)
            }
            return .table(entries)
        }
        let whole = try BlockDevice.probe(disk.path)
        if let found = whole.filesystemType ?? whole.problem { return .other(found) }
        if try !disk.partitions.isEmpty || hasOtherTable(disk) { return .other("a partition table of another kind") }
        return .nothing
    }

    /// The mark of an MBR, or what is left of a GPT at either end (UEFI specification 2.10, chapter 5).
    private static func hasOtherTable(_ disk: DiskDescription) throws -> Bool {
        let mark = Array("EFI PART".utf8)
        if try FileRange.read(disk.path, at: 510, count: 2) == [0x55, 0xAA] { return true }
        return try [disk.sectorSize, disk.size - disk.sectorSize].contains { place in
            try FileRange.read(disk.path, at: max(0, place), count: mark.count) == mark
        }
    }

    private static func write(_ places: [LayoutPlan.Place], on disk: DiskDescription, name: String?) throws {
        let own = DiskIdentity.random()
        let entries = places.enumerated().map { index, place in
            PartitionTable.Entry(
                firstSector: place.start, sectors: place.sectors, type: place.partition.typeIdentifier,
                name: place.partition.tableName ?? "", identifier: own.entry(index + 1))
        }
        let identifier = name.map { DiskIdentity(seed: $0).disk } ?? own.disk
        try PartitionTable(identifier: identifier, entries: entries).write(to: disk.path)
        for (index, place) in places.enumerated() {
            try PartitionReading.add(
                disk: disk.path, partition: index + 1, start: place.start * disk.sectorSize,
                length: place.sectors * disk.sectorSize)
        }
    }

    private func format(_ partition: LayoutDirective.Partition, _ number: Int, of disk: FilePath) throws {
        let parts = try DiskDescription(of: disk).partitions
        let device = try parts.first { try PartitionGeometry(of: $0).number == number }
        guard let device else { throw StageError.unknownPartitions(of: disk) }
        let command = partition.filesystem.command(label: partition.filesystemLabel)
        guard let program = command.first else { return }
        try run("formatting", device.path.string, program, Array(command.dropFirst()) + [device.path.string])
    }
}

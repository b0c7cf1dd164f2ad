import BlockDevices
import DiskContract
import Filesystems
import GrubEnvironment
import InstalledSystem
import LinuxSystem
import SystemPackage
import TransactionPlanning

extension DiskCandidate {
    /// The disks of this machine.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say what it has; `SystemError` when it is not known which disk
    ///   the medium is on.
    static func all() throws -> [DiskCandidate] {
        let medium = try LiveMedium.disk()
        return try MachineDisk.all().map { DiskCandidate($0, isMedium: $0.path == medium) }
    }

    private init(_ disk: MachineDisk, isMedium: Bool) {
        self.init(path: disk.path, size: disk.size)
        sectorSize = disk.sectorSize
        (identifiers, places) = (disk.identifiers, disk.places)
        (serial, wideName) = (disk.serial, disk.wideName)
        (isRemovable, isMemory) = (disk.isRemovable, disk.isMemory)
        self.isMedium = isMedium
    }
}

extension FoundInstallation {
    /// What a disk boots; nil when nothing is on it that we would boot, or its boot environment cannot be used.
    ///
    /// - Parameter loaders: for which firmware the running image brings GRUB.
    /// - Throws: when the disk cannot be looked at.
    init?(on path: FilePath, loaders: Set<Firmware>) throws {
        let disk = try DiskDescription(of: path)
        let boot = disk.partitions.first { Partition.boot.isNamed($0) }
        guard let boot, let environment = try Self.environment(on: boot.path) else { return nil }
        // An installation writes the boot sector last, where there is one (docs/installing.md).
        let needsSector =
            loaders.contains(.bios) && disk.sectorSize == PartitionGeometry.sectorSize
            && disk.partitions.contains { $0.partitionLabel == Partition.bios.rawValue }
        let isBootable = try !needsSector || FileRange.read(path, at: 0, count: 1).first ?? 0 != 0
        self.init(environment: environment, isBootable: isBootable)
    }

    private static func environment(on partition: FilePath) throws -> BootEnvironment? {
        let copies = try OperationLock.withPartitions {
            try EnvironmentStore(device: partition).readUnmountedEnvironment()
        }
        if let bytes = copies.primary, let reading = try? BootEnvironment.read(bytes, backup: copies.backup) {
            return reading.environment
        }
        return copies.backup.flatMap { try? BootEnvironment.read($0).environment }
    }
}

extension Partition {
    /// Whether a device has the name of this partition and the label of its filesystem.
    fileprivate func isNamed(_ device: BlockDevice) -> Bool {
        device.partitionLabel == rawValue && device.label == label
    }
}

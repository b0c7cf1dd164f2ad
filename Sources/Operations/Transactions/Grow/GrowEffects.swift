import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import Encryption
import Filesystems
package import InstalledSystem
import LinuxSystem
import PartitionTables
import SystemPackage
package import TransactionPlanning

/// Grows the persistent partition of the disk that was booted: gathers facts and carries out a plan.
package struct GrowEffects {
    private let partition: BlockDevice
    private let geometry: PartitionGeometry

    /// Looks for the persistent partition of a disk.
    ///
    /// - Throws: an error that says so when there is none.
    package init(_ disk: BootDisk) throws {
        partition = try disk.partition(.persistent)
        geometry = try PartitionGeometry(of: partition)
    }

    /// Reads the table, the kernel's view and the filesystem.
    ///
    /// - Throws: `PartitionTableError`, `BlockDeviceError` or `EncryptionError` when one cannot be read.
    package func facts() throws -> GrowFacts {
        let table = try DiskTable(of: geometry.disk)
        let entries = table.entries.map {
            GrowFacts.Entry(number: $0.number, name: $0.name, start: $0.start, sectors: $0.sectors)
        }
        return GrowFacts(
            disk: geometry.disk.string, sectorSize: table.sectorSize, diskSectors: table.diskSectors,
            isGPT: table.isGPT, entries: entries, persistent: geometry.number,
            kernelSectors: geometry.sectors * PartitionGeometry.sectorSize / max(1, table.sectorSize),
            content: try content())
    }

    private func content() throws -> PersistentContent {
        switch partition.filesystemType {
        case "ext4": return .ext4(size: try Ext4Superblock.read(partition.path).filesystemSize)
        case "crypto_LUKS": return try encrypted()
        case let type: return .other(type.map { "a \($0) filesystem" } ?? partition.problem ?? "no known filesystem")
        }
    }

    private func encrypted() throws -> PersistentContent {
        let (name, node) = (MachinePaths.persistentName, Self.mapping)
        guard try FileStatus.of(node) != nil else { return .other("an encrypted volume that is not open") }
        let volume = try BlockDevice.probe(node)
        guard volume.filesystemType == "ext4" else { return .other("an encrypted volume without ext4") }
        return .encrypted(
            name: name, offset: try VolumeActivation.dataOffset(name), volume: try BlockDeviceSize.of(node),
            size: try Ext4Superblock.read(node).filesystemSize)
    }

    private static let mapping = FilePath("/dev/mapper/\(MachinePaths.persistentName)")
}

extension GrowEffects: TransactionEffects {
    /// Carries out one action.
    package mutating func perform(_ action: GrowAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeTable(let number, let sectors):
            try DiskTable.extend(geometry.disk, partition: number, to: sectors)
        case .tellKernel(let number, let sectors):
            let sectorSize = try DiskTable(of: geometry.disk).sectorSize
            try PartitionLength.set(
                disk: geometry.disk, partition: number, start: geometry.start * PartitionGeometry.sectorSize,
                length: sectors * sectorSize)
        case .growVolume(let name): try VolumeActivation.grow(name)
        case .growFilesystem:
            let node = partition.filesystemType == "crypto_LUKS" ? Self.mapping : partition.path
            try FilesystemTools().run("resize2fs", [node.string])
        }
        return []
    }

    /// Holds nothing.
    package mutating func release() -> [String] { [] }
}

import BlockDevices
package import BootModel
import DiskContract
import DocumentTree
import Faults
package import InstalledSystem
import LinuxSystem
import PartitionTables
import SystemPackage
package import TransactionPlanning
import YAMLDocuments

extension CompletionFacts {
    /// Gathers what the completing of a disk is planned from; nothing is written.
    ///
    /// - Parameter image: the image that recovery runs from.
    /// - Throws: `Refusal` when `boot.env` or the settings cannot be used; `PartitionTableError` or `BlockDeviceError`.
    package init(of disk: BootDisk, _ parameters: BootParameters, image: PlannedImage) throws {
        let geometry = try PartitionGeometry(of: disk.boot)
        let table = try DiskTable(of: geometry.disk)
        let scale = max(1, table.sectorSize / PartitionGeometry.sectorSize)
        let known = try DiskPartitions.siblings(of: disk.boot).map { partition in
            let place = try PartitionGeometry(of: partition)
            return Entry(
                number: place.number, name: partition.partitionLabel ?? "", start: place.start / scale,
                sectors: place.sectors / scale)
        }
        let recovery = try disk.partition(.recovery).path
        self.init(
            role: parameters.role, environment: try EnvironmentStore(device: disk.boot.path).environment(),
            disk: geometry.disk.string, diskSectors: table.diskSectors,
            entries: table.entries.map {
                Entry(number: $0.number, name: $0.name, start: $0.start, sectors: $0.sectors)
            },
            known: known, recoverySize: try Ext4Superblock.read(recovery).filesystemSize, image: image)
        (sectorSize, isGPT) = (table.sectorSize, table.isGPT)
        settings = try Self.settings()
        whole = Set([Partition.state, .persistent].filter { isWhole($0, disk) })
    }

    /// What the OEM partition says; where it is not there to be asked, nobody knows what was wanted.
    private static func settings() throws -> DiskSettings {
        guard try Procfs.mounts().contains(where: { $0.target == MachinePaths.oem }) else {
            throw Refusal(
                .impossible, "reading", "\(MachinePaths.diskSettings)", cause: "the OEM partition is not mounted",
                remedy: "See /run/lifeboot/boot.json for why, mend it and restart.")
        }
        guard let bytes = try FileBytes.readIfPresent(MachinePaths.diskSettings, limit: DiskSettings.sizeLimit) else {
            return DiskSettings()
        }
        do { return try YAMLDocument.parse(bytes).map { try DiskSettings($0) } ?? DiskSettings() } catch {
            throw Refusal(
                .impossible, "reading", "\(MachinePaths.diskSettings)", because: error,
                remedy: "Mend the file and run `lifeboot resume`.")
        }
    }

    /// Whether a filesystem was made to its end, and as the settings want it.
    ///
    /// One that cannot be looked at is made again: no system that keeps data has run from this disk.
    private func isWhole(_ name: Partition, _ disk: BootDisk) -> Bool {
        guard known.contains(where: { $0.number == name.number }) else { return false }
        do {
            if name == .state { return try Machine(disk: disk).read(.state) { try CompletionMark.isThere(at: $0) } }
            let device = try disk.partition(name)
            guard (device.filesystemType == "crypto_LUKS") == settings.isEncrypted else { return false }
            return try PersistentFilesystem.use(device, readOnly: true) { try CompletionMark.isThere(at: $0) }
        } catch { return false }
    }
}

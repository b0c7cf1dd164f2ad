import BlockDevices
import BootModel
import Filesystems
import ImagePlanning
import InstalledSystem
import LinuxSystem
import PartitionTables
package import SystemPackage
package import TransactionPlanning

extension InstallFacts {
    /// Gathers what an installation is planned from; nothing is written.
    ///
    /// - Parameters:
    ///   - disk: the disk; a link to it does as well.
    ///   - oemFiles: the folder whose contents go on the OEM partition.
    ///   - grub: GRUB's files of the running image; nil when it has none.
    /// - Returns: the facts, and the kernel's own node of the disk.
    /// - Throws: `BlockDeviceError` when the path is no whole disk; `FilesystemError` when it cannot be found out whether
    ///   it is in use.
    package static func gather(
        _ disk: FilePath, image: PlannedImage, oemFiles: FilePath?, grub: GrubSource?, isKeyGiven: Bool
    ) throws -> (facts: InstallFacts, disk: FilePath) {
        let description = try DiskDescription(of: disk)
        var facts = InstallFacts(size: description.size, image: image)
        facts.sectorSize = description.sectorSize
        facts.isReadOnly = description.isReadOnly
        facts.uses = try DeviceUse.of(description.path).reasons
        facts.readsPartitions = try description.showsPartitions()
        (facts.parts, facts.memberships) = (description.parts, description.memberships)
        facts.isRunning = try isBooted(description.path)
        facts.partitions = try description.partitions.map { try FoundPartition($0) }
        facts.oemSize = try oemFiles.map { try size(of: $0) } ?? 0
        facts.loaders = firmware(grub)
        facts.isKeyGiven = isKeyGiven
        return (facts, description.path)
    }

    /// Whether the system that runs was booted from a disk, as a system of its own or as a medium.
    private static func isBooted(_ disk: FilePath) throws -> Bool {
        if try LiveMedium.disk() == disk { return true }
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        guard parameters.bootPartition != nil else { return false }
        return try BootDisk(parameters.bootPartition).boot.disk == disk
    }

    /// For which firmware an image brings GRUB.
    static func firmware(_ grub: GrubSource?) -> Set<Firmware> {
        guard let grub else { return [] }
        let bios: [Firmware] = grub.bootImage != nil && grub.core != nil ? [.bios] : []
        let uefi: [Firmware] = grub.loaders != nil ? [.uefi] : []
        return Set(bios + uefi)
    }

    /// Bytes that a tree takes, each entry in whole blocks.
    private static func size(of folder: FilePath) throws -> Int64 {
        try Folders.names(of: folder).reduce(0) { sum, name in
            let path = folder.appending(name)
            guard let status = try FileStatus.of(path, followingLinks: false) else { return sum }
            let own = (max(0, status.size) + 8191) / 4096 * 4096
            return sum + own + (status.kind == .directory ? try size(of: path) : 0)
        }
    }
}

extension DiskDescription {
    /// Whether the kernel shows the partitions of the table that is there; a kernel may lack GPT altogether.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say whether it reads partitions.
    func showsPartitions() throws -> Bool {
        guard readsPartitions, partitions.isEmpty else { return readsPartitions }
        // A table that cannot be read is about to be overwritten; it says nothing of the kernel.
        return (try? DiskTable(of: path))?.entries.isEmpty ?? true
    }
}

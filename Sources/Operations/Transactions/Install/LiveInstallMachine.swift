import BlockDevices
import BootModel
package import DiskContract
import Faults
import Filesystems
package import GrubEnvironment
package import ImagePlanning
import LinuxSystem
import PartitionTables
package import SystemPackage
package import TransactionPlanning

/// Installs on a disk of the machine that this program runs on.
///
/// The process has mounts of its own by then, so that nothing stays mounted whatever ends it.
package struct LiveInstallMachine: InstallMachine, ~Copyable {
    private static let mounts = MachinePaths.run.appending("install")

    private let disk: FilePath
    private let key: GivenKey?
    private let grub: GrubInstallation
    private let firmware: Set<Firmware>
    private let grubPassword: String?
    /// udev keeps off a disk that is locked (systemd, BLOCK_DEVICE_LOCKING); it looks at it again when we are done.
    private let lock: FileLock
    private var mounted: [Partition] = []

    /// Takes a disk that nothing uses.
    ///
    /// - Parameters:
    ///   - key: the key that the operator gave.
    ///   - firmware: what the disk is made to boot under.
    ///   - grubPassword: the hash of a password for GRUB's editor and shell.
    /// - Throws: `SystemError` when it cannot be opened.
    package init(
        disk: FilePath, key: GivenKey?, grub: GrubSource, firmware: Set<Firmware>, grubPassword: String?
    ) throws {
        self.disk = disk
        self.key = key
        self.grub = GrubInstallation(grub)
        self.firmware = firmware
        self.grubPassword = grubPassword
        lock = try FileLock(disk)
    }

    /// Overwrites both ends of the disk, and lets the kernel forget its partitions.
    package mutating func wipeDisk() throws {
        try SignatureWipe.run(disk)
        try PartitionReading.again(disk)
    }

    /// Overwrites both ends of a partition.
    package mutating func wipePartition(_ name: Partition) throws { try SignatureWipe.run(try device(name)) }

    /// Writes the table with identifiers that no other disk has.
    package mutating func writeTable(_ layout: DiskLayout) throws {
        let identity = DiskIdentity.random()
        let entries = layout.partitions.map { PartitionTable.Entry($0, sectorSize: layout.sectorSize, identity) }
        try PartitionTable(identifier: identity.disk, entries: entries).write(to: disk)
        try PartitionReading.again(disk)
    }

    /// Makes an ext4 filesystem.
    package mutating func format(_ name: Partition) throws {
        try PartitionMaker.format(name, on: try device(name))
    }

    /// Makes the persistent partition; a key that is stored is written to the OEM partition first.
    package mutating func formatPersistent(_ protection: PersistentProtection) throws {
        let oem = protection.usesStoredKey ? try open(.oem) : "/"
        try PartitionMaker.formatPersistent(on: try device(.persistent), protection, key: key, oem: oem)
    }

    /// Mounts a partition below `/run/lifeboot/install`.
    package mutating func open(_ name: Partition) throws -> FilePath {
        let target = Self.mounts.appending(name.rawValue)
        if mounted.contains(name) { return target }
        try Folders.make(target)
        try Mount.attach(
            source: try device(name).string, target: target, filesystem: name == .boot ? "vfat" : "ext4",
            options: ["rw", "nodev", "nosuid", "noexec"])
        mounted.append(name)
        return target
    }

    /// Shows the root of an image that does not run.
    package func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try ImageChroot.with(folder, body)
    }

    /// Unmounts the latest first, so that everything is on the disk.
    package mutating func close() throws {
        while let name = mounted.last {
            try Self.unmount(Self.mounts.appending(name.rawValue))
            mounted.removeLast()
        }
    }

    /// Unmounts a partition once everything is on the disk.
    ///
    /// udev may still read the loop device of an image whose hooks ran, and its file keeps the partition busy: then the
    /// kernel ends the mount when udev is done. Freezing writes out what unmounting would have, the journal included.
    private static func unmount(_ target: FilePath) throws {
        do throws(SystemError) { try Mount.unmount(target) } catch {
            guard error.errno == .resourceBusy else { throw error }
            try FilesystemFreeze.flush(target)
            try Mount.unmount(target, lazy: true)
        }
    }

    /// Makes the FAT filesystem; the boot environment goes first, for it must lie where nothing ever moves it.
    package mutating func makeBootPartition(_ environment: BootEnvironment) throws {
        let device = try device(.boot)
        try SignatureWipe.run(device)
        let size = try BlockDeviceSize.of(device)
        var format = FATFormat(label: Partition.boot.label, size: size)
        format.sectorSize = try DiskDescription.sectorSize(of: disk)
        try format.make(on: device)
        let root = try open(.boot)
        try Folders.make(root.appending("lifeboot"))
        let bytes = environment.serialized()
        for file in [DiskFiles.bootEnvironment, DiskFiles.bootEnvironmentBackup] {
            try AtomicFile.write(bytes, to: root.appending(file.components))
        }
        try Folders.flushFilesystem(root)
        if let grubPassword {
            let block = EnvironmentBlock([.init(GrubPlaces.passwordVariable, grubPassword)])
            try AtomicFile.write(
                try block.serialized(), to: root.appending(FilePath(GrubPlaces.password).components))
        }
        try grub.fill(bootPartition: root)
        try close()
    }

    /// Writes GRUB's core image and boot sector.
    package mutating func makeBootable() throws {
        guard firmware.contains(.bios) else { return }
        let partition = try partition(.bios)
        let start = try PartitionGeometry(of: partition).start
        try grub.makeBootable(
            GrubBootSector(disk: disk, partition: partition.path, firstSector: UInt64(max(0, start))))
    }

    private func device(_ name: Partition) throws -> FilePath { try partition(name).path }

    /// A partition of this disk by its PARTLABEL; those of other disks never count.
    private func partition(_ name: Partition) throws -> BlockDevice {
        let found = try DiskDescription(of: disk).partitions.first { $0.partitionLabel == name.rawValue }
        guard let found else {
            throw Refusal(
                .impossible, "finding", "the partition \(name.rawValue)", cause: "\(disk) has none of that name",
                remedy: "Check the kernel log; the kernel may not have read the new table.")
        }
        return found
    }
}

/// The disk that is installed on; a fake stands in for it in tests.
package protocol InstallMachine: ~Copyable {
    /// Overwrites both ends of the disk.
    mutating func wipeDisk() throws
    /// Overwrites both ends of a partition.
    mutating func wipePartition(_ name: Partition) throws
    /// Writes the partition table; the partitions are there afterwards.
    mutating func writeTable(_ layout: DiskLayout) throws
    /// Makes an ext4 filesystem.
    mutating func format(_ name: Partition) throws
    /// Makes the persistent partition.
    mutating func formatPersistent(_ protection: PersistentProtection) throws
    /// Makes a partition writable and says where it is mounted; one that is mounted already stays so.
    mutating func open(_ name: Partition) throws -> FilePath
    /// Shows the root of an image that does not run, for programs in it.
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result
    /// Unmounts all that is mounted.
    mutating func close() throws
    /// Makes the boot partition: the boot environment first, GRUB's files last.
    mutating func makeBootPartition(_ environment: BootEnvironment) throws
    /// Makes the disk one that BIOS boots, where GRUB for BIOS is at hand.
    mutating func makeBootable() throws
}

import BlockDevices
import BootModel
import DiskContract
import GrubEnvironment
package import LinuxSystem
package import SystemPackage

/// The bytes of `boot.env` and of its second copy, as they were read.
package struct EnvironmentCopies: Equatable, Sendable {
    /// `boot.env`; nil when the file is not there or cannot be read.
    package var primary: [UInt8]?
    /// `boot.bak`; nil when the file is not there or cannot be read.
    package var backup: [UInt8]?
    /// Why a copy is nil, one line each.
    package var problems: [String]

    /// Pairs the copies.
    package init(primary: [UInt8]? = nil, backup: [UInt8]? = nil, problems: [String] = []) {
        self.primary = primary
        self.backup = backup
        self.problems = problems
    }
}

/// Reads and writes the boot environment on the boot partition, which is mounted only meanwhile.
///
/// Order of a write, and what a cut leaves: (1) `boot.env`, one sector in place: before it the old environment counts,
/// after it the new one; a sector is written whole or not at all. (2) `boot.bak`, where it is asked for: between the two it
/// names the old roles, and it is read only when `boot.env` is unusable. No file is made or moved, with two exceptions, in
/// which there was nothing to lose: one that lost its second half (GRUB writes to it all the same) is made whole inside its
/// cluster, and one that is not there, or shorter than a sector, is made anew beside and renamed.
package struct EnvironmentStore: EnvironmentAccess, Sendable {
    /// The boot partition's device.
    package let device: FilePath

    /// Names the partition.
    package init(device: FilePath) { self.device = device }

    /// Reads both copies.
    ///
    /// - Throws: `SystemError` when the partition cannot be mounted; a file that cannot be read is a problem instead.
    package func readEnvironment() throws -> EnvironmentCopies {
        try BootPartition(device: device).mounted(readOnly: true) { root in
            var copies = EnvironmentCopies()
            copies.primary = Self.read(root.appending(DiskFiles.bootEnvironment.components), &copies.problems)
            copies.backup = Self.read(root.appending(DiskFiles.bootEnvironmentBackup.components), &copies.problems)
            return copies
        }
    }

    /// Reads both copies of a partition that nobody has mounted.
    ///
    /// They are read from its sectors, without the kernel's three modules for FAT, whose loading takes a boot longer than
    /// all else that it does there. What is unusual is mounted after all.
    ///
    /// - Throws: as `readEnvironment`.
    package func readUnmountedEnvironment() throws -> EnvironmentCopies {
        let limit = 2 * EnvironmentBlock.size
        let copies = [DiskFiles.bootEnvironment, DiskFiles.bootEnvironmentBackup].compactMap { file in
            (try? FatVolume.read(file, of: device, limit: limit)).flatMap(\.self)
        }
        guard copies.count == 2 else { return try readEnvironment() }
        return EnvironmentCopies(primary: copies[0], backup: copies[1])
    }

    /// Writes the copies; see the type for the order and what a cut leaves.
    package func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        try BootPartition(device: device).mounted(readOnly: false) { root in
            if first { try Self.write(bytes, to: root.appending(DiskFiles.bootEnvironment.components)) }
            guard second else { return nil }
            do { try Self.write(bytes, to: root.appending(DiskFiles.bootEnvironmentBackup.components)) } catch {
                return "\(error)"
            }
            return nil
        }
    }

    /// Takes the lock that all share who mount partitions.
    package func lockPartitions() throws -> FileLock? { try OperationLock.partitions() }

    private static func read(_ path: FilePath, _ problems: inout [String]) -> [UInt8]? {
        do { return try SectorFile.read(path, limit: 2 * EnvironmentBlock.size) } catch {
            problems.append("\(error)")
            return nil
        }
    }

    /// Writes a copy on a mounted partition: in place, or anew where there is none.
    static func write(_ bytes: [UInt8], to path: FilePath) throws {
        guard let status = try FileStatus.of(path, followingLinks: false), status.size >= SectorFile.sectorSize else {
            try Folders.make(path.removingLastComponent())
            return try AtomicFile.write(bytes, to: path)
        }
        try SectorFile.write(bytes, to: path, growing: true)
    }
}

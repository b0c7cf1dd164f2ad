import BootModel
package import GrubEnvironment
import LinuxSystem
package import SystemPackage

/// Reads and writes the boot environment on the boot partition, which is mounted only meanwhile.
///
/// Order of a write, and what a cut leaves: (1) `boot.env`, one sector in place: before it the old environment counts,
/// after it the new one; a sector is written whole or not at all. (2) `boot.bak`, only when roles changed: between the
/// two it names the old roles, and it is read only when `boot.env` is unusable. No file is made or moved; one that
/// lost its second half (GRUB writes to it all the same) is made whole inside its cluster first.
package struct EnvironmentStore: Sendable {
    /// The boot partition's device.
    package let device: FilePath

    /// The bytes of both copies; nil for one that cannot be read, with the reason.
    package struct Copies: Sendable {
        /// `boot.env`.
        package var primary: [UInt8]?
        /// `boot.bak`.
        package var backup: [UInt8]?
        /// Why a copy is missing.
        package var problems: [String] = []

        /// Pairs the copies.
        package init(primary: [UInt8]? = nil, backup: [UInt8]? = nil, problems: [String] = []) {
            self.primary = primary
            self.backup = backup
            self.problems = problems
        }
    }

    /// Names the partition.
    package init(device: FilePath) { self.device = device }

    /// Reads both copies.
    ///
    /// - Throws: `SystemError` when the partition cannot be mounted; a file that cannot be read is a problem instead.
    package func read() throws -> Copies {
        try mounted(readOnly: true) { directory in
            var copies = Copies()
            copies.primary = Self.read(directory.appending("boot.env"), &copies.problems)
            copies.backup = Self.read(directory.appending("boot.bak"), &copies.problems)
            return copies
        }
    }

    /// Writes an environment in place; see the type for the order and what a cut leaves.
    ///
    /// - Parameter rolesChanged: whether the backup is to follow.
    /// - Throws: `SystemError` when the partition or the file cannot be written; then the old environment counts.
    package func write(_ environment: BootEnvironment, rolesChanged: Bool) throws {
        let bytes = environment.serialized()
        try mounted(readOnly: false) { directory in
            try SectorFile.write(bytes, to: directory.appending("boot.env"), growing: true)
            if rolesChanged { try SectorFile.write(bytes, to: directory.appending("boot.bak"), growing: true) }
        }
    }

    private static func read(_ path: FilePath, _ problems: inout [String]) -> [UInt8]? {
        do { return try SectorFile.read(path, limit: 2 * EnvironmentBlock.size) } catch {
            problems.append("\(error)")
            return nil
        }
    }

    /// Mounts the partition and hands over its `lifeboot` folder.
    private func mounted<Result>(readOnly: Bool, _ body: (FilePath) throws -> Result) throws -> Result {
        try BootPartition(device: device).mounted(readOnly: readOnly) { try body($0.appending("lifeboot")) }
    }
}

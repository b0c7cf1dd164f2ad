import BlockDevices
package import BootModel
import BootPlanning
package import DiskContract
package import Filesystems
import GrubEnvironment
import ImagePlanning
package import InstalledSystem
package import LinuxSystem
package import Plans
package import SystemPackage
package import TransactionPlanning

/// The machine as a reset uses it; a fake stands in for it in tests.
package protocol ResetMachine: OperationMachine, ~Copyable {
    /// Makes the OEM partition anew.
    mutating func formatOEM() throws
    /// Makes the persistent partition anew.
    mutating func formatPersistent(_ protection: PersistentProtection) throws
    /// Checks the state filesystem and mends it.
    mutating func mendState() throws -> FilesystemMending.Outcome
    /// Makes the state filesystem anew.
    mutating func formatState() throws
}

/// The machine that this program runs on.
package struct LiveResetMachine: ResetMachine, ~Copyable {

    let disk: BootDisk
    private let key: GivenKey?
    private var machine: Machine

    /// Works on the disk that was booted.
    ///
    /// - Parameter key: the key that the operator gave.
    package init(disk: BootDisk, key: GivenKey?) {
        self.disk = disk
        self.key = key
        machine = Machine(disk: disk)
    }

    /// Unmounts what a plan formats or checks, for everybody; before the process has mounts of its own.
    ///
    /// - Throws: `Refusal` that says what uses a partition; `SystemError` or `BlockDeviceError`.
    package static func detach(for plan: Plan<ResetAction>, on disk: BootDisk) throws {
        try OperationLock.withPartitions {
            for step in plan.steps { try detach(step.action, disk) }
        }
    }

    private static func detach(_ action: ResetAction, _ disk: BootDisk) throws {
        switch action {
        case .formatOEM: try DeviceDetachment.detach(try disk.partition(.oem))
        case .formatPersistent:
            try DeviceDetachment.detach(try disk.partition(.persistent), volume: MachinePaths.persistentName)
        case .mendState: try DeviceDetachment.detach(try disk.partition(.state))
        default: break
        }
    }

    /// Makes the OEM partition anew and mounts it again, for this process and what it starts.
    package mutating func formatOEM() throws {
        try PartitionMaker.format(.oem, on: try disk.partition(.oem).path)
        try mountOEM()
    }

    /// Makes the persistent partition anew.
    package mutating func formatPersistent(_ protection: PersistentProtection) throws {
        if protection.usesStoredKey { try mountOEM() }
        try PartitionMaker.formatPersistent(
            on: try disk.partition(.persistent).path, protection, key: key, oem: MachinePaths.oem)
    }

    /// Checks the state filesystem and mends it.
    package mutating func mendState() throws -> FilesystemMending.Outcome {
        try machine.close(.state)
        let device = try disk.partition(.state).path
        // Others look at the history there for a moment; they have to wait.
        return try OperationLock.withPartitions { try FilesystemMending.run(device) }
    }

    /// Makes the state filesystem anew.
    package mutating func formatState() throws {
        let device = try disk.partition(.state).path
        try OperationLock.withPartitions { try PartitionMaker.format(.state, on: device) }
    }

    private func mountOEM() throws {
        guard try !Procfs.mounts().contains(where: { $0.target == MachinePaths.oem }) else { return }
        try Mount.attach(
            source: try disk.partition(.oem).path.string, target: MachinePaths.oem, filesystem: "ext4",
            options: ["rw", "nodev", "nosuid"])
    }

    /// Makes a partition writable; the state partition gets the folders that it must have.
    package mutating func open(_ place: Store) throws -> FilePath {
        let path = try machine.open(place)
        if place == .state { try PartitionMaker.furnish(path) }
        return path
    }

    /// Makes a partition read-only again.
    package mutating func close(_ place: Store) throws { try machine.close(place) }

    /// Hands over where a partition is mounted.
    package func read<Result>(_ place: Store, _ body: (FilePath) throws -> Result) throws -> Result {
        try machine.read(place, body)
    }

    /// Shows the root of an image that does not run.
    package func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try machine.root(of: folder, body)
    }

    /// Reads both copies of the boot environment.
    package func readEnvironment() throws -> EnvironmentCopies { try machine.readEnvironment() }

    /// Writes the copies.
    package mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        try machine.writeEnvironment(bytes, first: first, second: second)
    }

    /// Takes the lock that all share who mount partitions.
    package func lockPartitions() throws -> FileLock? { try machine.lockPartitions() }

    /// Seconds since 1970.
    package func now() -> Int64 { machine.now() }

    /// The kernel's boot id.
    package func bootID() throws -> String { try machine.bootID() }

    /// Adds a record to the ring on a partition.
    package mutating func append(_ record: HistoryRecord, on store: Store) throws {
        try machine.append(record, on: store)
    }
}

import BlockDevices
import BootExecution
import BootModel
import BootPlanning
package import GrubEnvironment
import LinuxSystem
package import SystemPackage

/// The partitions and the boot environment as an operation uses them; a fake stands in for it in tests.
package protocol OperationMachine: ~Copyable {
    /// Makes a partition writable and says where it is mounted; one that is writable already stays so.
    mutating func open(_ place: FoundImage.Place) throws -> FilePath
    /// Makes a partition read-only again; one that is not writable is no error.
    mutating func close(_ place: FoundImage.Place) throws
    /// Hands over where a partition is mounted, writable or not; mounts it for the moment when it is not.
    func read<Result>(_ place: FoundImage.Place, _ body: (FilePath) throws -> Result) throws -> Result
    /// Hands over the root folder of the image whose files are in a folder, mounted with what programs in it need.
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result
    /// Reads the boot environment.
    func environment() throws -> BootEnvironment
    /// Changes the boot environment as it is now; returns what failed although the new one counts.
    mutating func changeRoles(_ change: (BootEnvironment) throws -> BootEnvironment) throws -> [String]
    /// Seconds since 1970 by the machine's clock.
    func now() -> Int64
}

extension OperationMachine where Self: ~Copyable {
    /// Hands over the root folder of an image; see `ImageChroot`.
    package func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try ImageChroot.with(folder, body)
    }
}

extension OperationMachine where Self: ~Copyable {
    /// Makes both partitions read-only again; returns what failed, a line each.
    mutating func closeAll() -> [String] {
        var failures: [String] = []
        for place in [FoundImage.Place.recovery, .state] {
            do { try close(place) } catch { failures.append("closing the \(place) partition: \(error)") }
        }
        return failures
    }
}

/// The machine that this program runs on.
package struct LiveOperationMachine: OperationMachine, ~Copyable {
    private let disk: BootDisk
    private var state: StoreWindow?
    private var recovery: StoreWindow?

    /// Works on the disk that was booted.
    package init(disk: BootDisk) {
        self.disk = disk
        state = nil
        recovery = nil
    }

    /// Makes a partition writable; see `StoreWindow`.
    package mutating func open(_ place: FoundImage.Place) throws -> FilePath {
        if let path = path(place) { return path }
        let window = try StoreWindow(place, disk: disk)
        let path = window.path
        if place == .recovery { recovery = consume window } else { state = consume window }
        return path
    }

    /// Makes a partition read-only again.
    package mutating func close(_ place: FoundImage.Place) throws {
        var window: StoreWindow?
        if place == .recovery { window = recovery.take() } else { window = state.take() }
        if let window = window.take() { try window.close() }
    }

    /// Hands over where a partition is mounted.
    package func read<Result>(_ place: FoundImage.Place, _ body: (FilePath) throws -> Result) throws -> Result {
        if let path = path(place) { return try body(path) }
        let known = place == .recovery ? MachinePaths.recovery : MachinePaths.state
        if try Procfs.mounts().contains(where: { $0.target == known }) { return try body(known) }
        let device = try disk.partition(place == .recovery ? .recovery : .state)
        return try OperationLock.withPartitions { try TemporaryMount.readOnly(device, body) }
    }

    /// Reads the boot environment.
    package func environment() throws -> BootEnvironment {
        let commit = EnvironmentCommit(device: disk.boot.path)
        return try OperationLock.withPartitions { try commit.read() }
    }

    /// Changes the boot environment.
    package mutating func changeRoles(_ change: (BootEnvironment) throws -> BootEnvironment) throws -> [String] {
        try EnvironmentCommit(device: disk.boot.path).apply(change)
    }

    /// Seconds since 1970.
    package func now() -> Int64 { WallClock.secondsSince1970 }

    private borrowing func path(_ place: FoundImage.Place) -> FilePath? {
        switch place {
        case .recovery: recovery.path
        case .state: state.path
        }
    }
}

import BlockDevices
import BootExecution
import BootModel
import BootPlanning
import GrubEnvironment
import JSONText
import LinuxSystem
import SystemPackage
import Transactions

/// The machine that this program runs on.
struct LiveMachine: MachineAccess {
    /// The largest file below `/run/lifeboot` that is read, in bytes.
    static let runtimeLimit = 1 << 20
    /// Two programs must not mount a partition at once: one that is writable cannot be mounted read-only beside.
    private static let lockFile = MachinePaths.run.appending("lock")
    private let disk = FoundDisk()
    private var held: FileLock?

    /// Starts with nothing looked at; disks are looked at when they are needed.
    init() {}

    /// The machine for a command that works on partitions: this is root, and nobody else is at work.
    ///
    /// - Throws: `CommandFailure` when this is not root; `SystemError` when `/run` cannot be written.
    static func exclusive(_ command: String) throws -> LiveMachine {
        var machine = LiveMachine()
        guard machine.isRoot else { throw CommandFailure.notRoot(command) }
        try machine.lock()
        return machine
    }

    mutating func lock() throws {
        try Folders.make(MachinePaths.run)
        held = try FileLock(Self.lockFile)
    }

    mutating func unlock() { held = nil }

    var isRoot: Bool { ThisProcess.isRoot }

    func commandLine() throws -> String { try Procfs.commandLine() }

    func bootID() throws -> String { Procfs.bootID }

    func now() -> Int64 { WallClock.secondsSince1970 }

    func readEnvironment() throws -> EnvironmentCopies {
        let copies = try EnvironmentStore(device: disk.get().boot.path).read()
        return EnvironmentCopies(primary: copies.primary, backup: copies.backup, problems: copies.problems)
    }

    mutating func write(_ environment: BootEnvironment, rolesChanged: Bool) throws {
        try EnvironmentStore(device: disk.get().boot.path).write(environment, rolesChanged: rolesChanged)
    }

    func history(on place: FoundImage.Place) throws -> BootHistory {
        try mounted(place) { try HistoryStore(mountPoint: $0).read() }
    }

    mutating func append(_ record: BootRecord, on place: FoundImage.Place) throws {
        try mounted(place) { try HistoryStore(mountPoint: $0).append(record) }
    }

    func bootReport() throws -> JSONValue? {
        try FileBytes.readIfPresent(MachinePaths.report, limit: Self.runtimeLimit).map { try JSONValue(parsing: $0) }
    }

    func runtimeFile(_ name: String) throws -> [UInt8]? {
        try FileBytes.readIfPresent(MachinePaths.run.appending(name), limit: Self.runtimeLimit)
    }

    mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws {
        try Folders.make(MachinePaths.run)
        try AtomicFile.write(bytes, to: MachinePaths.run.appending(name))
    }

    /// Hands over where a partition is mounted; mounts it for the moment when it is not.
    func mounted<Result>(_ place: FoundImage.Place, _ body: (FilePath) throws -> Result) throws -> Result {
        let target = place == .recovery ? MachinePaths.recovery : MachinePaths.state
        if try Procfs.mounts().contains(where: { $0.target == target }) { return try body(target) }
        let partition = try disk.get().partition(place == .recovery ? .recovery : .state)
        return try TemporaryMount.readOnly(partition, body)
    }
}

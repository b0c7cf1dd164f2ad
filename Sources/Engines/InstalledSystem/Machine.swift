import BlockDevices
package import BootModel
package import DiskContract
package import Faults
import GrubEnvironment
import ImageModel
package import JSONText
package import LinuxSystem
package import SystemPackage

/// The machine that this program runs on.
///
/// Disks are looked at when they are first needed. A store that an operation opened stays writable until it is closed or
/// this value ends.
package struct Machine: MachineAccess, ~Copyable {
    /// The largest file below `/run/lifeboot` that is read, in bytes.
    private static let runtimeLimit = 1 << 20

    private let found: FoundDisk
    private var state: StoreWindow?
    private var recovery: StoreWindow?
    /// What the journal was told last: a record that one store does not take goes to the other one.
    private var told: HistoryRecord?

    /// Starts with nothing looked at, or with the disk that was found.
    package init(disk: BootDisk? = nil) {
        found = FoundDisk(disk)
        state = nil
        recovery = nil
        told = nil
    }

    /// The disk that was booted.
    ///
    /// - Throws: as `FoundDisk.get`.
    package var disk: BootDisk { get throws { try found.get() } }
}

// MARK: Environment

extension Machine {
    /// Reads both copies; without mounting, which the kernel would tell of, where nobody has the partition mounted.
    package func readEnvironment() throws -> EnvironmentCopies {
        let boot = try disk.boot
        let store = EnvironmentStore(device: boot.path)
        let isMounted = try Procfs.mounts().contains { $0.device == "\(boot.major):\(boot.minor)" }
        return try isMounted ? store.readEnvironment() : store.readUnmountedEnvironment()
    }

    /// Writes the copies; see `EnvironmentStore` for the order and what a cut leaves.
    package mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        try EnvironmentStore(device: disk.boot.path).writeEnvironment(bytes, first: first, second: second)
    }

    /// Takes the lock that all share who mount partitions.
    package func lockPartitions() throws -> FileLock? { try OperationLock.partitions() }
}

// MARK: Stores

extension Machine {
    /// Makes a store writable; see `StoreWindow`.
    package mutating func open(_ store: Store) throws -> FilePath {
        if let path = path(store) { return path }
        let window = try StoreWindow(store, disk: disk)
        let path = window.path
        switch store {
        case .state: state = consume window
        case .recovery: recovery = consume window
        }
        return path
    }

    /// Makes a store read-only again.
    package mutating func close(_ store: Store) throws {
        var window = store == .recovery ? recovery.take() : state.take()
        if let window = window.take() { try window.close() }
    }

    /// Hands over where a store is mounted; mounts it for the moment when it is not.
    package func read<Result>(_ store: Store, _ body: (FilePath) throws -> Result) throws -> Result {
        if let path = try mountPoint(of: store) { return try body(path) }
        let device = try disk.partition(store.partition)
        return try OperationLock.withPartitions { try TemporaryMount.readOnly(device, body) }
    }

    /// Mounts a store read-only for all commands of this boot, unless it is: each time that one of them mounted it for a moment
    /// the kernel would say so on the console.
    ///
    /// - Throws: as for a moment's mount; `PartitionError` when its filesystem is damaged and could not be repaired.
    package func keep(_ store: Store) throws {
        guard try mountPoint(of: store) == nil else { return }
        let device = try disk.partition(store.partition)
        let target = MachinePaths.mountPoint(of: store)
        try OperationLock.withPartitions {
            try Folders.make(target)
            let device = try FilesystemCheck.run(device, force: false).device
            try Mount.attach(
                source: device.path.string, target: target, filesystem: try device.requiredFilesystem,
                options: ["ro", "nodev", "nosuid", "noexec"])
        }
    }

    /// Where a store is mounted, by this process or since the boot; nil when it is not.
    private func mountPoint(of store: Store) throws -> FilePath? {
        if let path = path(store) { return path }
        let known = MachinePaths.mountPoint(of: store)
        return try Procfs.mounts().contains { $0.target == known } ? known : nil
    }

    private func path(_ store: Store) -> FilePath? {
        switch store {
        case .state: state.path
        case .recovery: recovery.path
        }
    }
}

// MARK: Records

extension Machine {
    /// Whether this is root.
    package var isRoot: Bool { ThisProcess.isRoot }

    /// The kernel's command line.
    package func commandLine() throws -> String { try Procfs.commandLine() }

    /// The kernel's boot id.
    package func bootID() throws -> String { Procfs.bootID }

    /// Seconds since 1970.
    package func now() -> Int64 { WallClock.secondsSince1970 }

    /// Reads the ring of boot records on a store.
    package func history(on store: Store) throws -> BootHistory {
        try read(store) { try HistoryStore(mountPoint: $0).read() }
    }

    /// Adds a record to the ring on a store; systemd's journal is told of it, also when it cannot be written.
    package mutating func append(_ record: HistoryRecord, on store: Store) throws {
        if told != record, let entry = JournalEntry(record) { JournalSocket.send(entry.datagram) }
        told = record
        let known = try mountPoint(of: store)
        let disk = try disk
        try OperationLock.withPartitions {
            if let known { return try HistoryStore(mountPoint: known).append(record) }
            try TemporaryMount.readOnly(disk.partition(store.partition)) {
                try HistoryStore(mountPoint: $0).append(record)
            }
        }
    }

    /// Looks for the boot partition's identity on the other disks.
    package func copiesOfBootDisk() throws -> [String] { try disk.copies().map(\.path.string) }

    /// Reads the report of the initramfs stage.
    package func bootReport() throws -> JSONValue? {
        try FileBytes.readIfPresent(MachinePaths.report, limit: Self.runtimeLimit).map { try JSONValue(parsing: $0) }
    }

    /// Reads a file below `/run/lifeboot`.
    package func runtimeFile(_ name: String) throws -> [UInt8]? {
        try FileBytes.readIfPresent(MachinePaths.run.appending(name), limit: Self.runtimeLimit)
    }

    /// Replaces a file below `/run/lifeboot` as a whole.
    package mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws {
        try Folders.make(MachinePaths.run)
        try AtomicFile.write(bytes, to: MachinePaths.run.appending(name))
    }
}

extension Refusal {
    /// The command needs to mount partitions or write to them.
    package static func notRoot(_ command: String) -> Refusal {
        Refusal(
            .impossible, "running", "lifeboot \(command)", cause: "this must run as root",
            remedy: "Run it again with sudo, or as root.")
    }

    /// The command line of the kernel does not say what runs: every verb says so in the same words, with one status.
    package static func notOurs(_ command: String) -> Refusal {
        Refusal(
            .role, "running", "lifeboot \(command)",
            cause: "this machine was not started by lifeboot "
                + "(the kernel's command line has no lifeboot.role=, lifeboot.image= and lifeboot.boot=)",
            remedy: "This works only in a system that lifeboot's grub.cfg has started.")
    }
}

extension Refusal {
    /// The system runs from a medium: no disk of this machine is its own.
    package static func live(_ command: String) -> Refusal {
        Refusal(
            .role, "running", "lifeboot \(command)", cause: "this is a live system, which is installed on no disk",
            remedy: "Put it on a disk with lifeboot install, or start the machine from its own disk.")
    }
}

extension BootParameters {
    /// Where the image that runs is to be read; nil when it is nowhere any more.
    package var imageFolder: FilePath? {
        guard let image else { return nil }
        if let role { return ImageStore(MachinePaths.store(role)).directory(image) }
        let folder = ImageStore(MachinePaths.medium).directory(image)
        return isLive && (try? FileStatus.of(folder)) ?? nil != nil ? folder : nil
    }

    /// Whether the command line is one of grub.cfg's: it says which role runs and which disk was booted.
    package var isOurs: Bool { role != nil && bootPartition != nil }
}

extension RecordAccess where Self: ~Copyable {
    /// The parameters of this boot, for a verb that works only where lifeboot started the machine.
    ///
    /// - Throws: `Refusal` when it has not, or the command line of the kernel cannot be read.
    package func requireOurs(_ command: String) throws(Refusal) -> BootParameters {
        let parameters: BootParameters
        do { parameters = BootParameters(KernelCommandLine(parsing: try commandLine())) } catch {
            throw Refusal(
                .impossible, "reading", "/proc/cmdline", because: error, remedy: "Check that /proc is mounted.")
        }
        guard !parameters.isLive else { throw .live(command) }
        guard parameters.isOurs else { throw .notOurs(command) }
        return parameters
    }
}

extension Machine {
    /// The machine for a command that works on partitions.
    ///
    /// - Throws: `Refusal` when this is not root, or lifeboot has not started this machine.
    package static func forRoot(_ command: String) throws(Refusal) -> Machine {
        guard ThisProcess.isRoot else { throw .notRoot(command) }
        let machine = Machine()
        _ = try machine.requireOurs(command)
        return machine
    }
}

import BootHealth
import BootModel
import InstalledSystem
import LinuxSystem
import ReleaseModel
import Transactions

/// What every operation does first.
struct OperationStart {
    /// Keeps other operations away while it lives; nil for one that only looks.
    private let lock: FileLock?
    /// The disk that was booted.
    let disk: BootDisk

    /// Checks that this is root, takes the machine, and separates the mounts of this process.
    ///
    /// - Parameters:
    ///   - name: the verb.
    ///   - isExclusive: whether it changes anything, so that no other operation may run beside it.
    /// - Throws: `CommandFailure` when this is not root; `Refusal` when another operation is at work, or the boot disk is
    ///   not known.
    init(_ name: String, isExclusive: Bool) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot(name) }
        try Interruption.catchSignals()
        lock = isExclusive ? try OperationLock.take(name) : nil
        disk = try FoundDisk().get()
        // A partition that another command has mounted at this moment would stay mounted here.
        try OperationLock.withPartitions { try MountNamespace.unshare() }
    }

    /// Whether somebody asked to stop.
    static var isCancelled: @Sendable () -> Bool { { Interruption.isRequested } }

    /// Why GRUB could not write `boot.env` at this boot; nil when it could, or when it cannot be told.
    ///
    /// - Throws: `CommandFailure` when the command line of the kernel cannot be read.
    static func unsavable() throws -> String? {
        let machine = Machine()
        let parameters = try BootParameters(machine)
        let summary = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        let saving = summary?.saving ?? GrubSaving(parameters, EnvironmentFacts(machine).primary)
        if case .failed(let why) = saving { return why }
        return nil
    }
}

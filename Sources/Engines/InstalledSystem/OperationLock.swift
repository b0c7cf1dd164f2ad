import DiskContract
import Faults
package import LinuxSystem
import SystemPackage

/// Keeps a second operation from running beside the first, and short commands from each other's mounts.
package enum OperationLock {
    /// Held while an operation runs.
    private static let operationFile = MachinePaths.run.appending("operation")
    /// Held while partitions are mounted or `boot.env` is written: short.
    private static let partitionsFile = MachinePaths.run.appending("lock")

    /// Takes the machine for an operation, without waiting.
    ///
    /// - Parameter isAlone: false for one that only must not run twice, and may run beside others.
    /// - Throws: `Refusal` that names who has it; `SystemError` when `/run` cannot be written.
    package static func take(_ name: String, isAlone: Bool = true) throws -> FileLock {
        let file = isAlone ? operationFile : MachinePaths.run.appending("\(name).lock")
        try Folders.make(MachinePaths.run)
        if let lock = try FileLock.attempt(file, holder: "\(name) (process \(ThisProcess.identifier))") {
            return lock
        }
        let holder = try FileLock.holder(of: file) ?? "another operation"
        throw Refusal(
            .busy, "starting", "lifeboot \(name)", cause: "\(holder) is at work",
            remedy: "Wait until it has ended, or stop that process.")
    }

    /// Waits until no other command works on partitions, and keeps others from them as long as the lock lives.
    ///
    /// - Throws: `SystemError` when `/run` cannot be written.
    package static func partitions() throws -> FileLock {
        try Folders.make(MachinePaths.run)
        return try FileLock(partitionsFile)
    }

    /// Waits until no other command works on partitions, runs a body, and lets others go on.
    ///
    /// - Throws: what the body throws; `SystemError` when `/run` cannot be written.
    package static func withPartitions<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try partitions()
        return try withExtendedLifetime(lock) { try body() }
    }
}

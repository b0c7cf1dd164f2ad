import BootModel
package import LinuxSystem
import ReleaseModel
import SystemPackage

/// Keeps a second operation from running beside the first, and short commands from each other's mounts.
package enum OperationLock {
    /// Held while an operation runs.
    private static let operation = MachinePaths.run.appending("operation")
    /// Held while partitions are mounted or `boot.env` is written: short.
    private static let partitions = MachinePaths.run.appending("lock")

    /// Takes the machine for an operation, without waiting.
    ///
    /// - Throws: `Refusal` that names who has it; `SystemError` when `/run` cannot be written.
    package static func take(_ name: String) throws -> FileLock {
        try Folders.make(MachinePaths.run)
        if let lock = try FileLock.attempt(operation, holder: "\(name) (process \(ThisProcess.identifier))") {
            return lock
        }
        let holder = try FileLock.holder(of: operation) ?? "another operation"
        throw Refusal(
            .busy, "starting", "lifeboot \(name)", cause: "\(holder) is at work",
            remedy: "Wait until it has ended, or stop that process.")
    }

    /// Waits until no other command works on partitions, runs a body, and lets others go on.
    ///
    /// - Throws: what the body throws; `SystemError` when `/run` cannot be written.
    package static func withPartitions<Result>(_ body: () throws -> Result) throws -> Result {
        try Folders.make(MachinePaths.run)
        let lock = try FileLock(partitions)
        return try withExtendedLifetime(lock) { try body() }
    }
}

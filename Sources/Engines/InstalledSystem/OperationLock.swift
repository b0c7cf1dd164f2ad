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

    /// What a unit runs after a healthy boot (`lifeboot upgrade-recovery`): nobody who types a verb meant it.
    package static let follower = "upgrade-recovery"
    /// How long such a unit is waited for: it copies one image.
    private static let patience = Duration.seconds(600)

    /// Takes the machine for an operation; waits for nobody but the unit that gives recovery its image.
    ///
    /// - Parameters:
    ///   - isAlone: false for one that only must not run twice, and may run beside others.
    ///   - isWaiting: is told in one sentence that and why it waits.
    /// - Throws: `Refusal` that names who has it; `SystemError` when `/run` cannot be written.
    package static func take(
        _ name: String, isAlone: Bool = true, isWaiting: (String) -> Void = { _ in }
    ) throws -> FileLock {
        try Folders.make(MachinePaths.run)
        return try take(
            name, isAlone ? operationFile : MachinePaths.run.appending("\(name).lock"), within: patience, isWaiting)
    }

    static func take(
        _ name: String, _ file: FilePath, within patience: Duration, _ isWaiting: (String) -> Void
    ) throws -> FileLock {
        var holder: String?
        switch try attempt(name, file) {
        case .taken(let lock): return lock
        case .held(let other): holder = other
        }
        if let process = holder.flatMap(Self.follower) {
            isWaiting("it waits until recovery has the image that was healthy (process \(process))")
            if try hasEnded(process, within: patience) {
                switch try attempt(name, file) {
                case .taken(let lock): return lock
                case .held(let other): holder = other
                }
            }
        }
        throw Refusal(
            .busy, "starting", "lifeboot \(name)", cause: "\(holder ?? "another operation") is at work",
            remedy: "Wait until it has ended, or stop that process.")
    }

    private static func attempt(_ name: String, _ file: FilePath) throws -> FileLock.Attempt {
        try FileLock.attempt(file, holder: "\(name) (process \(ThisProcess.identifier))")
    }

    /// The process of the unit, when it is the holder.
    static func follower(holder: String) -> Int32? {
        let opening = "\(follower) (process "
        guard holder.hasPrefix(opening), holder.hasSuffix(")") else { return nil }
        return Int32(holder.dropFirst(opening.utf8.count).dropLast())
    }

    /// Waits for the end of a process, or until somebody asks this one to stop.
    private static func hasEnded(_ process: Int32, within patience: Duration) throws -> Bool {
        let deadline = Deadline.after(patience)
        while !deadline.isPast, !Interruption.isRequested {
            let turn = Deadline.after(min(.seconds(1), deadline.remaining ?? .zero))
            if try ProcessEnd.wait(for: process, until: turn) { return true }
        }
        return false
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

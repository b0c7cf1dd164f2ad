import DiskContract
import InstalledSystem
import LinuxSystem
import SystemPackage
package import TransactionPlanning

/// Carries out the steps that make a reset pending or take it back: nothing is formatted and no image is needed.
package struct ResetSchedulingEffects<Machine: OperationMachine & ~Copyable>: TransactionEffects, ~Copyable {
    private var machine: Machine

    /// Prepares for the steps.
    package init(machine: consuming Machine) { self.machine = machine }

    /// Carries out one action.
    package mutating func perform(_ action: ResetScheduling, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeRecord(let record):
            try machine.keep(record)
            return []
        case .makePending(let wipe): return try machine.changeRoles { $0.pendingReset(wiping: wipe) }
        case .takeBack: return try machine.changeRoles { $0.withoutReset() }
        }
    }

    /// Makes partitions read-only that are still writable.
    package mutating func release() -> [String] { machine.closeAll() }
}

extension OperationMachine where Self: ~Copyable {
    /// Writes what a pending reset must remember; removes the file when that is nothing.
    ///
    /// - Throws: `SystemError` when the recovery partition cannot be written.
    mutating func keep(_ record: ResetRecord) throws {
        let path = try open(.recovery).appending(ResetRecord.file.components)
        try Folders.make(path.removingLastComponent())
        if !record.isEmpty {
            try AtomicFile.write(record.serialized(), to: path)
        } else if try FileStatus.of(path) != nil {
            try Folders.removeFile(path)
            try Folders.flushEntry(path.removingLastComponent())
        }
        try close(.recovery)
    }
}

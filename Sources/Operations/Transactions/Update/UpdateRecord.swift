import DiskContract
package import InstalledSystem
package import JSONText
import LinuxSystem
import SystemPackage
package import TransactionPlanning

/// Keeps what is remembered of looks for upgrades on the state partition, and what was decided last below `/run`.
package enum UpdateRecord {
    /// What is on record; nothing when there is no record.
    package static func memory(_ machine: borrowing some RecordAccess & StoreAccess & ~Copyable) -> UpdateMemory {
        let runtime = try? machine.runtimeFile(UpdateMemory.runtimeName)
        return UpdateMemory.newer(kept(machine), runtime.flatMap(\.self).flatMap { UpdateMemory(parsing: $0) })
            ?? UpdateMemory()
    }

    /// What later boots will know.
    private static func kept(_ machine: borrowing some StoreAccess & ~Copyable) -> UpdateMemory? {
        let bytes = try? machine.read(.state) { root in
            try FileBytes.readIfPresent(root.appending(UpdateMemory.file.components), limit: UpdateMemory.sizeLimit)
        }
        return bytes.flatMap(\.self).flatMap { UpdateMemory(parsing: $0) }
    }

    /// What was decided last in this boot; nil when nothing was.
    package static func decision(_ machine: borrowing some RecordAccess & ~Copyable) -> JSONValue? {
        let runtime = try? machine.runtimeFile(UpdateMemory.runtimeName)
        return runtime.flatMap(\.self).flatMap { try? JSONValue(parsing: $0) }?["decision"]
    }

    /// Writes the memory where it has changed, and with the decision for this boot.
    ///
    /// Where nothing is done by itself, nothing is written to the disk either.
    ///
    /// - Returns: why later boots will not know; nil when they will.
    package static func keep(
        _ memory: UpdateMemory, _ decision: UpdateDecision, _ machine: inout some MachineAccess & ~Copyable
    ) -> String? {
        var memory = memory
        var problem: String?
        do {
            if !decision.isNothing, kept(machine) != memory { try write(memory, &machine) }
        } catch {
            problem = "\(error)"
            // It will not be restarted without a record, so that it was not is what has to be known.
            memory.restartedFor = nil
        }
        let standing = UpdateStanding(decision, memory).serialized()
        do { try machine.writeRuntimeFile(UpdateMemory.runtimeName, standing) } catch {
            problem = problem ?? "\(error)"
        }
        return problem
    }

    /// Nobody else may have the partition writable meanwhile, nor lose it by what is done here.
    private static func write(_ memory: UpdateMemory, _ machine: inout some MachineAccess & ~Copyable) throws {
        let lock = try OperationLock.take("upgrade --unattended")
        defer { withExtendedLifetime(lock) {} }
        try OperationSession.separateMounts()
        try write(memory, at: try machine.open(.state))
        try machine.close(.state)
    }

    /// Writes the file.
    ///
    /// - Parameter root: where the state partition is mounted, writable.
    /// - Throws: `SystemError` when it cannot be written.
    static func write(_ memory: UpdateMemory, at root: FilePath) throws {
        let path = root.appending(UpdateMemory.file.components)
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(memory.serialized(), to: path)
    }
}

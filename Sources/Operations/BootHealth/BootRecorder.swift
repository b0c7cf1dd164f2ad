import BootModel
package import Faults
import ImageModel
package import InstalledSystem

/// Writes into the history that this boot entered the system, and, after a fallback, why the others did not.
package enum BootRecorder {
    /// Adds the record, unless the history already knows more about this boot.
    ///
    /// - Returns: whether a record was written.
    /// - Throws: `Refusal` when it is not known what runs, or the history cannot be read or written.
    @discardableResult
    package static func recordBoot(_ machine: inout some MachineAccess & ~Copyable) throws(Refusal) -> Bool {
        let facts = try StatusFacts(gathering: machine, command: "record-boot")
        let known = facts.boots.first { $0.bootID == facts.bootID }
        if let known, known.outcome != .booted || known.cause != nil { return false }
        var record = BootRecord(facts.parameters, bootID: facts.bootID, time: facts.now, outcome: .booted)
        record.cause = fallbackCause(facts)
        if let known, known.cause == record.cause { return false }
        do { try machine.append(record) } catch {
            throw Refusal(
                .impossible, "writing", "the boot history", because: error,
                remedy: "Check the state and recovery partitions; the system runs without.")
        }
        return true
    }

    /// Why the roles that come first were passed over, in one line; nil when none was.
    private static func fallbackCause(_ facts: StatusFacts) -> String? {
        let causes = facts.passedOver.compactMap { role in
            facts.diagnosis(of: role).map { "\(role.rawValue): \($0.description)" }
        }
        return causes.isEmpty ? nil : causes.joined(separator: "; ")
    }
}

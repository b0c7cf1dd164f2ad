package import BootModel
package import Faults
import ImageModel
package import InstalledSystem

/// Decides whether a boot that did not become healthy is ended by a reboot.
///
/// A reboot is the exception: it needs a counted attempt, so that the next boot is another one, and a role other than
/// recovery, which is where the operator looks for help. A crash of this program hence never reboots the machine.
package enum BootJudge {
    /// When the question is asked.
    package enum Occasion: String, CaseIterable, Sendable {
        /// `mark-good` has failed, or could not be started because `boot-complete.target` was not reached.
        case failure
        /// Time is up.
        case deadline
    }

    /// What to do.
    package enum Decision: Equatable, Sendable {
        /// Reboot, for this reason.
        case reboot(String)
        /// Go on, for this reason.
        case stay(String)
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - saving: whether GRUB could write the attempt down.
    ///   - health: what `mark-good` left; nil when it never ran.
    ///   - isHealthy: whether the stamp of a healthy system is there.
    package static func decide(
        _ occasion: Occasion, _ parameters: BootParameters, _ saving: GrubSaving, health: HealthSummary?,
        isHealthy: Bool
    ) -> Decision {
        if isHealthy { return .stay("the system is healthy") }
        if let obstacle = rebootObstacle(parameters, saving) { return .stay(obstacle) }
        switch (health?.verdict, occasion) {
        case (.good, _): return .stay("the system is healthy")
        case (.unsaved, _): return .stay("the system is healthy, but boot.env could not be written")
        case (.unhealthy, _): return .reboot("a required health check failed")
        case (nil, .failure): return .reboot("boot-complete.target was not reached")
        case (.checking, .failure), (.unchecked, .failure):
            return .stay("the health checks came to no verdict; the deadline decides")
        case (.checking, .deadline), (.unchecked, .deadline):
            return .reboot("the health checks came to no verdict in time")
        case (nil, .deadline): return .reboot("boot-complete.target was not reached in time")
        }
    }

    /// Why a reboot would not lead to another role sooner or later; nil when it would.
    package static func rebootObstacle(_ parameters: BootParameters, _ saving: GrubSaving) -> String? {
        guard let role = parameters.role else { return "this system was not started by lifeboot's grub.cfg" }
        if role == .recovery { return "recovery runs; an operator may be at work" }
        guard parameters.isCounted else { return "this boot is not counted; a reboot would only repeat it" }
        if case .failed(let why) = saving { return "\(why); a reboot would only repeat this boot" }
        return nil
    }
}

extension BootJudge {
    /// Asks the machine, and decides.
    ///
    /// - Throws: `Refusal` when the command line of the kernel cannot be read; then nothing reboots.
    package static func decide(
        _ occasion: Occasion, _ machine: borrowing some MachineAccess & ~Copyable
    ) throws(Refusal) -> Decision {
        let parameters = try BootParameters(machine)
        let health = (try? machine.runtimeFile(HealthReport.file)).flatMap { HealthSummary(parsing: $0) }
        let isHealthy = (try? machine.runtimeFile(HealthReport.stamp)) != nil
        return decide(occasion, parameters, try GrubSaving(of: machine), health: health, isHealthy: isHealthy)
    }

    /// Writes into the history why the machine is about to be restarted; a verdict that is there already stays.
    ///
    /// - Throws: the error of the partition that could not be written.
    package static func record(_ cause: String, _ machine: inout some MachineAccess & ~Copyable) throws {
        let parameters = try BootParameters(machine)
        let bootID = try machine.bootID()
        if BootRecord.merged(machine).boots.first(where: { $0.bootID == bootID })?.outcome == .unhealthy { return }
        var record = BootRecord(parameters, bootID: bootID, time: machine.now(), outcome: .unhealthy)
        record.step = "boot"
        record.cause = cause
        try machine.append(record)
    }
}

/// Writes into the history that this boot entered the system, and, after a fallback, why the others did not.
package enum BootRecorder {
    /// Adds the record, unless the history already knows more about this boot.
    ///
    /// - Returns: whether a record was written.
    /// - Throws: `Refusal` when it is not known what runs, or the history cannot be read or written.
    @discardableResult
    package static func recordBoot(_ machine: inout some MachineAccess & ~Copyable) throws(Refusal) -> Bool {
        try recordBoot(try StatusFacts(gathering: machine, command: "record-boot"), &machine)
    }

    /// The same, of what is known already.
    @discardableResult
    package static func recordBoot(
        _ facts: StatusFacts, _ machine: inout some MachineAccess & ~Copyable
    ) throws(Refusal) -> Bool {
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

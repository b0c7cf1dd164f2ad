import CommandOutput
import Faults
import ImageSources
import InstalledSystem
import JSONText
import LinuxSystem
import ReleaseModel
import TransactionPlanning
import Transactions

extension UpgradeCommand {
    /// Does what is due on a machine that nobody watches: nothing, an upgrade, a restart.
    ///
    /// It is an option of `upgrade` and no verb of its own, because it is the same operation with the same lock and the same
    /// statuses; only who decides when, and whether to restart, is another: the configuration and not a person.
    func performUnattended(_ output: Output) throws {
        var machine = try Machine.forRoot("upgrade")
        let configuration = try ConfigurationFiles.read()
        var facts = try UpdateFacts(gathering: machine, configuration, machineID: MachineReading.machineID())
        if dryRun {
            return output.plan("upgrade", Self.members(UpdateDecision(facts)), lines: [UpdateDecision(facts).sentence])
        }
        guard UpdateDecision(facts) == .upgrade else { return try finish(facts, &machine, output) }
        try upgrade(&facts, &machine, output)
        let later = try UpdateFacts(gathering: machine, configuration, machineID: facts.machineID)
        (facts.environment, facts.now, facts.answer) = (later.environment, later.now, .nothing)
        try finish(facts, &machine, output)
    }

    /// Upgrades, and remembers whether that failed.
    private func upgrade(_ facts: inout UpdateFacts, _ machine: inout Machine, _ output: Output) throws {
        do {
            try upgrade(output)
            facts.memory.succeed(at: machine.now())
        } catch {
            if facts.memory.fail(at: machine.now(), RefusalKind(error), cause: "\(error)") {
                facts.now = machine.now()
                let decision = UpdateDecision(facts)
                if let problem = UpdateRecord.keep(facts.memory, decision, &machine) { output.warn(problem) }
                output.note(decision.sentence)
            }
            throw error
        }
    }

    /// Says what comes next where that is news, and restarts the machine when that is due.
    private func finish(_ facts: UpdateFacts, _ machine: inout Machine, _ output: Output) throws {
        let decision = UpdateDecision(facts)
        var memory = facts.memory
        if case .reboot(let image) = decision { memory.restartedFor = image }
        let isNews = UpdateRecord.decision(machine) != decision.json
        if let problem = UpdateRecord.keep(memory, decision, &machine) {
            output.warn("what is remembered of upgrades was not written: \(problem)")
            // Without a record it would be restarted for the same image again and again.
            if case .reboot = decision { return }
        }
        let result = OperationResult("upgrade", changed: false, decision.sentence, details: Self.members(decision))
        output.end(result, lines: isNews ? nil : [])
        if case .reboot(let image) = decision { try restart.perform(starting: image, isDue: true, output) }
    }

    private static func members(_ decision: UpdateDecision) -> JSONObject { ["decision": decision.json] }
}

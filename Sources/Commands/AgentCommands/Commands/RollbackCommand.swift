package import ArgumentParser
package import CommandOutput
import JSONText
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot rollback`.
package struct RollbackCommand: AgentVerb {
    /// What `lifeboot rollback --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the passive image active again, and the active one passive.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The passive image is read and compared with its digests first; then one sector of boot.env is written. \
        Nothing happens until the machine is restarted, and asked again before that it changes nothing. After a \
        fallback it makes the fallback permanent. Refused when passive has no whole image or was given up. Must \
        run as root.
        """,
        examples: [
            "Go back to the former image now":
                "lifeboot rollback --reboot",
            "See what that would write":
                "lifeboot rollback --dry-run",
        ])

    /// Whether the machine is restarted afterwards.
    @OptionGroup package var restart: RestartOption

    @Flag(help: "Say what would be done, step by step, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Rejects a restart when nothing is done.
    package func validate() throws {
        if restart.reboot, dryRun { throw ValidationError("--dry-run restarts nothing.") }
    }

    /// Rolls back.
    package func perform(_ output: Output) throws {
        let operation = try RollbackOperation(changes: !dryRun, observer: output.report)
        let plan = try operation.prepare()
        show(plan, output)
        if dryRun { return }
        guard let steps = plan.plan else {
            output.end(OperationResult("rollback", changed: false, Self.nothing, notes: plan.notes), lines: [])
            return try restart.perform(starting: plan.image, output)
        }
        let outcome = try operation.run(steps)
        output.end(
            OperationResult(
                "rollback", changed: true, "Done: the former image starts when the machine is restarted.",
                notes: outcome.notes, warnings: outcome.warnings))
        try restart.perform(starting: plan.image, output)
    }

    private static let nothing = "Nothing to do."

    private func show(_ plan: RollbackPlan, _ output: Output) {
        let heads = [plan.plan.map { "rollback \($0.subject)" } ?? Self.nothing]
        output.plan(
            "rollback", ["plans": .array([plan.plan].compactMap { $0?.json }), "notes": .strings(plan.notes)],
            lines: dryRun ? plan.lines : heads + notes(plan))
    }

    private func notes(_ plan: RollbackPlan) -> [String] {
        ((plan.plan?.notes ?? []) + plan.notes).map { "note: \($0)" }
    }
}

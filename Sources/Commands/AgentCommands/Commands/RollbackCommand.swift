package import ArgumentParser
import JSONText
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot rollback`.
package struct RollbackCommand: AgentVerb {
    /// What `lifeboot rollback --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the passive image active again, and the active one passive.",
        discussion: """
            The passive image is read and compared with its digests first; then one sector of boot.env is written. \
            Nothing happens until the machine is restarted, and asked again before that it changes nothing. After a \
            fallback it makes the fallback permanent. Refused when passive has no whole image or was given up. Must \
            run as root.
            """)

    @Flag(help: "Say what would be done, step by step, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/upgrading.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Rolls back.
    package func perform() throws {
        let start = try OperationStart("rollback", isExclusive: !dryRun)
        try withExtendedLifetime(start) {
            let operation = try RollbackOperation(disk: start.disk)
            let plan = try operation.prepare()
            printPlan(plan)
            guard let steps = plan.plan, !dryRun else { return }
            let reporter = OperationReporter(.chosen(json: json))
            defer { reporter.finish() }
            let outcome = try operation.run(steps, isCancelled: OperationStart.isCancelled) { reporter.report($0) }
            reporter.finish()
            printResult(outcome, reporter)
        }
    }

    private func printPlan(_ plan: RollbackPlan) {
        guard json else {
            Output.print(
                dryRun ? plan.lines : [plan.plan.map { "rollback \($0.subject)" } ?? "Nothing to do."] + notes(plan))
            return
        }
        let json: JSONValue = [
            "event": "plan", "plans": .array([plan.plan].compactMap { $0?.json }),
            "notes": .array(plan.notes.map { .string($0) }),
        ]
        Output.printLine(json)
    }

    private func notes(_ plan: RollbackPlan) -> [String] {
        ((plan.plan?.notes ?? []) + plan.notes).map { "note: \($0)" }
    }

    private func printResult(_ outcome: TransactionOutcome, _ reporter: OperationReporter) {
        if json {
            let warnings = JSONValue.array(outcome.warnings.map { .string($0) })
            reporter.finish(["event": "end", "changed": true, "warnings": warnings])
        } else {
            Output.print(["Done: the former image starts with the next boot."])
        }
    }
}

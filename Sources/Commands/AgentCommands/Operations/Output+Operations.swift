import CommandOutput
import JSONText
import Plans
import TransactionPlanning
import Transactions

extension Output {
    /// Shows what an operation tells.
    func report(_ event: TransactionEvent) {
        switch event {
        case .step(let number, let count, let name, let subject): step(number, of: count, name: name, subject: subject)
        case .progress(let progress): report(progress)
        case .note(let text): note(text)
        case .warning(let text): warn(text)
        case .committed: committed()
        }
    }

    /// Prints the plans that `--dry-run` asks for.
    ///
    /// - Parameter nothing: what to say to people when there is nothing to do.
    func plans<Action: PlannedAction>(
        _ operation: String, _ plans: [Plan<Action>], nothing: String = "Nothing to do."
    ) {
        let steps = plans.filter { !$0.steps.isEmpty }
        plan(
            operation, ["plans": .array(steps.map(\.json))],
            lines: steps.isEmpty ? [nothing] : steps.flatMap(\.lines))
    }
}

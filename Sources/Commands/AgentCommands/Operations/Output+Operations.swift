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
        show(operation, steps.map(\.json), steps.flatMap(\.lines), nothing)
    }

    /// Prints two plans of different kinds, one after the other.
    func plans<First: PlannedAction, Second: PlannedAction>(
        _ operation: String, _ first: Plan<First>, then second: Plan<Second>
    ) {
        show(operation, [first.json, second.json], first.lines + second.lines, "")
    }

    private func show(_ operation: String, _ plans: [JSONValue], _ lines: [String], _ nothing: String) {
        plan(operation, ["plans": .array(plans)], lines: lines.isEmpty ? [nothing] : lines)
    }
}

extension OperationResult {
    /// States the result of a plan that was carried out.
    init(_ operation: String, changed: Bool, _ message: String, _ outcome: TransactionOutcome) {
        self.init(operation, changed: changed, message, notes: outcome.notes, warnings: outcome.warnings)
    }
}

/// Runs plans one after the other and tells what they do.
struct OperationPlans {
    private let operation: String
    private let unchanged: String
    private let changed: String

    /// Names an operation.
    ///
    /// - Parameters:
    ///   - unchanged: what to say when there is nothing to do.
    ///   - changed: what to say when all was done.
    init(_ operation: String, unchanged: String, changed: String) {
        self.operation = operation
        self.unchanged = unchanged
        self.changed = changed
    }

    /// Runs them; the first that fails ends it.
    func run<Effects: TransactionEffects>(
        _ plans: [Plan<Effects.Action>], _ effects: inout Effects, _ output: Output
    ) throws {
        let plans = plans.filter { !$0.steps.isEmpty }
        var result = OperationResult(operation, changed: !plans.isEmpty, plans.isEmpty ? unchanged : changed)
        for plan in plans {
            if !output.isJSON { output.print(["\(plan.operation) \(plan.subject)"]) }
            let outcome = try TransactionRunner.run(plan, &effects, observer: output.report)
            result.notes += outcome.notes
            result.warnings += outcome.warnings
        }
        output.end(result)
    }
}

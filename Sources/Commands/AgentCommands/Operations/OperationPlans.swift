import CommandOutput
import Plans
import TransactionPlanning
import Transactions

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

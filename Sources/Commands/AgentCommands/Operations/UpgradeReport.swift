import ImageModel
import JSONText
import Plans
import RegistryModel
import TransactionPlanning
import Transactions

/// Words what an upgrade would do and what it did.
struct UpgradeReport {
    let plan: UpgradePlan
    let candidate: ImageCandidate?
    let json: Bool

    /// The plan as one line of JSON.
    var planJSON: JSONValue {
        [
            "event": "plan", "plans": .array([plan.active, plan.recovery].compactMap { $0?.json }),
            "notes": .array(plan.notes.map { .string($0) }), "image": candidate?.json ?? .null,
        ]
    }

    /// Prints every step, for `--dry-run`; before a run only the heads and notes.
    func printPlan(isDryRun: Bool) {
        if json {
            Output.printLine(planJSON)
        } else if isDryRun {
            Output.print(plan.lines)
        } else {
            let heads = [plan.active, plan.recovery].compactMap { $0.map { "\($0.operation) \($0.subject)" } }
            let notes = [plan.active, plan.recovery].compactMap { $0?.notes }.flatMap { $0 } + plan.notes
            Output.print((heads.isEmpty ? ["Nothing to do."] : heads) + notes.map { "note: \($0)" })
        }
    }

    /// Prints what would come, for `--check`.
    func printCheck() {
        if json {
            printPlan(isDryRun: false)
            return
        }
        let head =
            plan.isEmpty
            ? "Nothing to install."
            : "\(candidate?.title ?? "An image") can be installed (sequence \(candidate?.sequence ?? 0))."
        Output.print([head] + plan.notes.map { "note: \($0)" })
    }

    /// Prints what became of it.
    func printResult(_ result: UpgradeResult, _ reporter: OperationReporter) {
        if json {
            reporter.finish([
                "event": "end", "changed": .bool(result.isChanged),
                "image": result.image.map { .string($0.description) } ?? .null,
                "version": candidate.map { .string($0.version) } ?? .null,
                "requests": .integer(Int64(result.traffic.requests)),
                "bytes": .integer(Int64(result.traffic.bytesReceived)),
                "warnings": .array(result.warnings.map { .string($0) }),
            ])
        } else if result.isChanged {
            let image = result.image.map { " (\($0))" } ?? ""
            Output.print(["Done: \(candidate?.title ?? "the image")\(image) starts with the next boot."])
        }
    }
}

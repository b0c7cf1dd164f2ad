import CommandOutput
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
    let output: Output

    /// The members of the event `plan`.
    private var members: JSONObject {
        [
            "plans": .array([plan.active, plan.recovery].compactMap { $0?.json }), "notes": .strings(plan.notes),
            "image": candidate?.json ?? .null,
        ]
    }

    /// Prints every step, for `--dry-run`; before a run only the heads and notes.
    func printPlan(isDryRun: Bool) { output.plan("upgrade", members, lines: isDryRun ? plan.lines : heads) }

    private var heads: [String] {
        let heads = [plan.active, plan.recovery].compactMap { $0.map { "\($0.operation) \($0.subject)" } }
        let notes = [plan.active, plan.recovery].compactMap { $0?.notes }.flatMap { $0 } + plan.notes
        return (heads.isEmpty ? [Self.nothing] : heads) + notes.map { "note: \($0)" }
    }

    /// Prints what would come, for `--check`.
    func printCheck() {
        let head =
            plan.isEmpty
            ? "Nothing to install."
            : "\(candidate?.title ?? "An image") can be installed (sequence \(candidate?.sequence ?? 0))."
        output.plan("upgrade", members, lines: [head] + plan.notes.map { "note: \($0)" })
    }

    /// Prints what became of it; to people it has been said already when there was nothing to do.
    func printResult(_ result: UpgradeResult) {
        let details: JSONObject = [
            "image": result.image.map { .string($0.description) } ?? .null,
            "version": candidate.map { .string($0.version) } ?? .null,
            "requests": .integer(Int64(result.traffic.requests)),
            "bytes": .integer(Int64(result.traffic.bytesReceived)),
            "needsRestart": .bool(plan.active != nil || plan.waitingImage != nil),
            "recoveryFollows": .bool(plan.recoveryFollows),
        ]
        output.end(
            OperationResult(
                "upgrade", changed: result.isChanged, result.isChanged ? done(result) : Self.nothing,
                warnings: result.warnings, details: details),
            lines: result.isChanged ? nil : [])
    }

    /// What starts now, and what is still to come.
    private func done(_ result: UpgradeResult) -> String {
        let title = (candidate?.title ?? "the image") + (result.image.map { " (\($0))" } ?? "")
        guard plan.active != nil else { return "Done: recovery is \(title) now." }
        let recovery =
            plan.recoveryFollows ? " Recovery gets it once it has been healthy." : ""
        return "Done: \(title) starts when the machine is restarted.\(recovery)"
    }

    private static let nothing = "Nothing to do."
}

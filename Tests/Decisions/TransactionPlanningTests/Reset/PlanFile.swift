import Foundation
import Plans
import Testing
import TransactionPlanning

/// A plan that is kept as a file, so that a review sees a change of behaviour.
enum PlanFile {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Golden")

    /// Compares a plan with the file of that name, or writes the file anew with `LIFEBOOT_UPDATE_GOLDEN`.
    static func check<Action: PlannedAction>(
        _ plan: Plan<Action>, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appendingPathComponent("\(name).plan")
        let text = plan.lines.map { $0 + "\n" }.joined()
        if ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(plan.unmet() == [], "\(name): a step needs what none before it gives", sourceLocation: sourceLocation)
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(kept == text, "\(name): run make golden and review", sourceLocation: sourceLocation)
    }
}

package import JSONText
import LinuxSystem
package import OverlayPlanning
package import Plans
package import SystemPackage

/// What became of the overlays of a boot.
package struct OverlayOutcome: Equatable, Sendable {
    /// What was decided; nil when it came to no decision.
    package var decision: OverlayDecision?
    /// What became of each step.
    package var steps: [StepReport]
    /// Folders from the top down that become lower layers of the layout's own overlay of a hierarchy, over the image's.
    package var lowerLayers: [OverlayHierarchy: [FilePath]] = [:]
    /// Why the boot ends; nil when it goes on.
    package var failure: String?

    /// The decision's object with `steps`, `lowerLayers`, `problems` and `failure`, as `/run/lifeboot/overlays.json` has it.
    package var json: JSONValue {
        var object = decision?.json.object ?? ["format": .integer(OverlayDecision.format)]
        object["steps"] = .array(steps.map { .object($0.json) })
        object["lowerLayers"] = .object(
            JSONObject(
                lowerLayers.sorted { $0.key < $1.key }.map { hierarchy, folders in
                    JSONObject.Member(hierarchy.rawValue, .array(folders.map { .string($0.string) }))
                }))
        object["problems"] = .array(problems.map { .string($0) })
        object["failure"] = failure.map { .string($0) } ?? .null
        return .object(object)
    }

    /// What is not as it should be, one line each.
    package var problems: [String] {
        let failed = steps.filter { $0.outcome == .failed || $0.outcome == .failedOptional }
        return (decision?.findings ?? []) + failed.map { "\($0.step) \($0.subject): \($0.message ?? "failed")" }
    }
}

extension OverlayRun {
    /// Does all that a boot does with overlays, and keeps the report.
    ///
    /// - Returns: what became of them; nil when there are none, and nothing was done.
    /// - Throws: `OverlayError` when one is required that cannot be used, `StepFailure` when it cannot be mounted; all that
    ///   was done is undone then.
    package mutating func perform() throws -> OverlayOutcome? {
        if scan.isEmpty { return nil }
        var outcome = OverlayOutcome(steps: [])
        do {
            let decision = try decide()
            outcome.decision = decision
            outcome.lowerLayers = try stack(decision)
        } catch {
            undo()
            outcome.steps = steps
            outcome.failure = "\((error as? StepFailure)?.error ?? error)"
            try? keep(outcome)
            throw error
        }
        outcome.steps = steps
        do { try keep(outcome) } catch { log("keeping the report of overlays: \(error)") }
        return outcome
    }

    private func keep(_ outcome: OverlayOutcome) throws {
        try Folders.make(request.places.report.removingLastComponent())
        try AtomicFile.write(outcome.json.serialized() + [0x0A], to: request.places.report)
    }
}

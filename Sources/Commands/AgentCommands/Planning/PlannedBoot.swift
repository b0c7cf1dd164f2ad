package import BootModel
import BootPlanning
import CommandOutput
package import Faults
import ImageModel
package import JSONText
import Plans
package import SystemLayout
package import SystemPackage

/// What a boot with given facts would do: the plans of all phases.
package struct PlannedBoot: Equatable, Sendable {
    /// The parameters it was planned from.
    package var parameters: BootParameters
    /// The plans in order.
    package var plans: [BootPlan]

    /// Plans a boot.
    ///
    /// - Parameters:
    ///   - existing: those of the layout's paths that the image has; nil when it has all.
    ///   - hasPersistent: whether the persistent partition is there.
    ///   - stages: the stages that files of configuration name.
    ///   - hasOverlays: whether there are overlays.
    /// - Throws: `Refusal` when the facts do not say enough.
    package init(
        _ line: KernelCommandLine, layout: Layout = .default, layoutFile: FilePath? = nil,
        existing: Set<FilePath>? = nil,
        hasPersistent: Bool = true, stages: Set<String> = [], hasOverlays: Bool = false
    ) throws(Refusal) {
        let parameters = BootParameters(line)
        let all = layout.ephemeralPaths + layout.persistentPaths
        let state = StateFacts(
            parameters: parameters, layout: layout, existing: existing ?? Set(all), layoutFile: layoutFile,
            hasOverlays: hasOverlays)
        self.parameters = parameters
        do throws(PlanningError) {
            let root = try BootPlan.root(RootFacts(parameters: parameters))
            let early = try BootPlan.configuration(ConfigurationFacts(parameters: parameters, stages: stages))
            let middle = try BootPlan.state(state)
            let handoff = HandoffFacts(
                parameters: parameters, mountPoints: (root.steps + middle.steps).compactMap(\.mountPoint),
                hasPersistent: hasPersistent && middle.steps.contains { $0.action.kind == .mountPersistent },
                stages: stages)
            plans = [root, early, middle, try BootPlan.handoff(handoff)]
        } catch {
            throw Refusal(
                .impossible, "reading", "the given facts", because: error,
                remedy: "Give a whole line with --command-line.")
        }
    }

    /// The plan for people: a line a step, and under it what the step is for.
    package var lines: [String] {
        var lines = TextTable.wrapped(summary, hanging: 0)
        lines += parameters.problems.flatMap { TextTable.wrapped($0, lead: "problem:", hanging: 9) }
        var count = 0
        for (phase, plan) in zip(BootPhase.planned, plans) {
            lines += ["", "\(phase.rawValue): \(phase.explanation)"]
            lines += plan.stepLines(after: count).flatMap {
                TextTable.wrapped($0.text, lead: $0.lead, hanging: $0.lead.count)
            }
            count += plan.steps.count
        }
        return lines
    }

    private var summary: String {
        guard !parameters.disabled else { return "lifeboot-init stands aside (lifeboot.disable); without that:" }
        let role = parameters.role?.rawValue ?? "no role"
        let counted = parameters.triesLeft.map { "counted, \($0) attempts left" } ?? "not counted"
        let failure = parameters.shellOnFailure ? "opens a shell" : "reboots after \(parameters.rebootDelay) s"
        return "A boot of \(role), \(counted). When a required step fails, it undoes all it did and \(failure)."
    }

    /// The plan for programs.
    package var json: JSONValue {
        [
            "format": .integer(1), "problems": .array(parameters.problems.map { .string($0) }),
            "steps": .array(
                zip(BootPhase.planned, plans).flatMap { phase, plan in plan.steps.map { Self.json($0, phase) } }),
        ]
    }

    private static func json(_ step: Step<BootAction>, _ phase: BootPhase) -> JSONValue {
        let own: JSONObject = ["phase": .string(phase.rawValue), "step": .string(step.action.name)]
        return .object(JSONObject(own.members + (step.json.object?.members ?? [])))
    }
}

extension BootPhase {
    /// What the phase is for.
    var explanation: String {
        switch self {
        case .machine: "drivers, where the agent is the first process"
        case .root: "from the command line to a verified root on /sysroot"
        case .configuration: "what files of configuration do before that is known"
        case .state: "where writes go"
        case .handoff: "what the booted system finds"
        }
    }
}

extension Step<BootAction> {
    /// Where the step mounts inside the new root, as the booted system names it; nil when it does not.
    fileprivate var mountPoint: FilePath? {
        switch action {
        case .overlayPath(let path, _, _), .persistPath(let path, _, _, _): path
        case .mountOEM(let mount), .mountVolume(let mount): mount.mount.target
        default: nil
        }
    }
}

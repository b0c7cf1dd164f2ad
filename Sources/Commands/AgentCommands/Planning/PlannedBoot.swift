package import BootModel
import BootPlanning
import ImageModel
package import JSONText
package import SystemLayout
package import SystemPackage

/// What a boot with given facts would do: the plans of all three phases.
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
    /// - Throws: `CommandFailure` when the facts do not say enough.
    package init(
        _ line: KernelCommandLine, layout: Layout = .default, layoutFile: FilePath? = nil,
        existing: Set<FilePath>? = nil,
        hasPersistent: Bool = true
    ) throws(CommandFailure) {
        let parameters = BootParameters(line)
        let all = layout.ephemeralPaths + layout.persistentPaths
        let state = StateFacts(
            parameters: parameters, layout: layout, existing: existing ?? Set(all), layoutFile: layoutFile)
        self.parameters = parameters
        do throws(PlanningError) {
            let root = try BootPlan.root(RootFacts(parameters: parameters))
            let middle = try BootPlan.state(state)
            let handoff = HandoffFacts(
                parameters: parameters, mountPoints: (root.steps + middle.steps).compactMap(\.mountPoint),
                hasPersistent: hasPersistent && middle.steps.contains { $0.kind == .mountPersistent })
            plans = [root, middle, try BootPlan.handoff(handoff)]
        } catch {
            throw CommandFailure(
                "reading", "the given facts", cause: error.description,
                remedy: "Give a whole line with --command-line.")
        }
    }

    /// The plan for people: a line a step, and under it what the step is for.
    package var lines: [String] {
        var number = 0
        let steps = plans.flatMap { plan in
            ["", "\(plan.phase.rawValue): \(plan.phase.explanation)"]
                + plan.steps.flatMap { step -> [String] in
                    number += 1
                    return Self.lines(step, number)
                }
        }
        return TextTable.wrapped(summary, hanging: 0)
            + parameters.problems.flatMap { TextTable.wrapped($0, lead: "problem:", hanging: 9) } + steps
    }

    private var summary: String {
        guard !parameters.disabled else { return "lifeboot-init stands aside (lifeboot.disable); without that:" }
        let role = parameters.role?.rawValue ?? "no role"
        let counted = parameters.triesLeft.map { "counted, \($0) attempts left" } ?? "not counted"
        let failure = parameters.shellOnFailure ? "opens a shell" : "reboots after \(parameters.rebootDelay) s"
        return "A boot of \(role), \(counted). When a required step fails, it undoes all it did and \(failure)."
    }

    private static func lines(_ step: BootStep, _ number: Int) -> [String] {
        let lead = TextTable.padded("", to: max(0, 3 - String(number).count)) + "\(number) "
        let head = "\(step.kind.rawValue) \(step.subject)"
        let explanation = TextTable.wrapped(step.kind.explanation, hanging: 6)
        switch step.requirement {
        case .required: return [lead + " " + head] + explanation
        case .optional(let reason):
            return [lead + " " + head] + explanation + TextTable.wrapped("Optional: \(reason).", hanging: 6)
        }
    }

    /// The plan for programs.
    package var json: JSONValue {
        [
            "format": .integer(1), "problems": .array(parameters.problems.map { .string($0) }),
            "steps": .array(plans.flatMap { plan in plan.steps.map { Self.json($0, plan.phase) } }),
        ]
    }

    private static func json(_ step: BootStep, _ phase: BootPhase) -> JSONValue {
        let reason: JSONValue =
            switch step.requirement {
            case .required: .null
            case .optional(let reason): .string(reason)
            }
        return [
            "phase": .string(phase.rawValue), "step": .string(step.kind.rawValue), "subject": .string(step.subject),
            "required": .bool(step.requirement == .required), "optionalBecause": reason,
            "explanation": .string(step.kind.explanation), "action": .string("\(step.action)"),
        ]
    }
}

extension BootPhase {
    /// What the phase is for.
    var explanation: String {
        switch self {
        case .root: "from the command line to a verified root on /sysroot"
        case .state: "where writes go"
        case .handoff: "what the booted system finds"
        }
    }
}

extension BootStep {
    /// Where the step mounts inside the new root, as the booted system names it; nil when it does not.
    fileprivate var mountPoint: FilePath? {
        switch action {
        case .overlay(let path, _, _), .persist(let path, _, _, _): path
        case .mountDevice(_, let mount, .some, _): mount.target
        default: nil
        }
    }
}

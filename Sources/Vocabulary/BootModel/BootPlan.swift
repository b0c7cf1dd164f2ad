/// Names the phases of the initramfs stage, in order.
package enum BootPhase: String, CaseIterable, Sendable {
    /// From the command line to a verified root, mounted read-only, with OEM, which may hold the layout.
    case root
    /// Persistent data, overlays and volumes.
    case state
    /// What the booted system finds.
    case handoff
}

/// The steps of one phase, in order.
package struct BootPlan: Equatable, Sendable {
    /// The phase.
    package var phase: BootPhase
    /// The steps in the order they run.
    package var steps: [BootStep]

    /// Makes a plan.
    package init(_ phase: BootPhase, _ steps: [BootStep]) {
        self.phase = phase
        self.steps = steps
    }

    /// One line a step, for people and for golden tests.
    package var text: String {
        steps.map { step in
            let requirement =
                switch step.requirement {
                case .required: "required"
                case .optional(let reason): "optional: \(reason)"
                }
            return "\(phase.rawValue) \(step.kind.rawValue) \(step.subject) [\(requirement)]\n    \(step.action)\n"
        }.joined()
    }
}

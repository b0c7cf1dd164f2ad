import DocumentTree
package import OEMModel
package import Plans

/// What a step's runner decides just before it: earlier steps make the files that later ones ask for.
package struct StepCondition: Equatable, Sendable {
    /// Files that must be there or not.
    package var files: StepConditions.Files?
    /// A shell's condition, rendered.
    package var shell: String?
    /// Whether a shell may be asked where the text is no closed form.
    package var mayUseShell = true
    /// Under which name it is remembered that the step has run; nil for at every boot.
    package var onceAs: String?

    /// Whether there is nothing to decide.
    package var isEmpty: Bool { files == nil && shell == nil && onceAs == nil }
}

/// One step of a stage, with what planning decided of it.
package struct PlannedStep: Equatable, Sendable {
    /// What becomes of it.
    package enum Fate: Equatable, Sendable {
        /// It runs, if its condition holds.
        case run
        /// It is for other machines, and this is why.
        case elsewhere(String)
        /// It cannot run, and this is why.
        case refused(String)
    }

    /// Where it stands.
    package var origin: StageOrigin
    /// Its full name: that of its file, a dot, and its own or its number.
    package var name: String
    /// What becomes of it.
    package var fate: Fate
    /// What is decided just before it.
    package var condition: StepCondition
    /// Its actions; those that cannot be done are among them, and fail.
    package var plan: Plan<StageAction>
}

/// A stage as it would run: its three parts, one after the other.
package struct StagePlan: Equatable, Sendable {
    /// The stage.
    package var stage: String
    /// The steps in order.
    package var steps: [PlannedStep]

    /// Plans the stage of the facts, with its `.before` and `.after`.
    package init(_ facts: StageFacts) {
        stage = facts.stage
        steps = StageNames.parts(of: facts.stage).flatMap { StepOrder.sorted(StagePlanner(facts).steps(of: $0)) }
    }

    /// Whether no file has a step for it.
    package var isEmpty: Bool { steps.isEmpty }
}

/// Makes planned steps of written ones.
struct StagePlanner {
    let facts: StageFacts

    init(_ facts: StageFacts) { self.facts = facts }

    /// The steps for one part of a stage, in the order of the files, with what must come before each.
    func steps(of part: String) -> [StepOrder.Entry] {
        facts.documents.flatMap { document in
            document.file.steps(of: part).map { step in
                StepOrder.Entry(step: planned(step, document), ownName: step.name, after: step.after)
            }
        }
    }

    private func planned(_ step: StageStep, _ document: OEMDocument) -> PlannedStep {
        let origin = StageOrigin(path: document.path, line: step.mark.line)
        let name = "\(document.label).\(step.name ?? String(step.index))"
        var planned = PlannedStep(
            origin: origin, name: name, fate: .run, condition: StepCondition(),
            plan: Plan(facts.stage, name, []))
        if let reason = elsewhere(step.conditions) {
            planned.fate = .elsewhere(reason)
            return planned
        }
        var planner = ActionPlanner(facts: facts, source: document.source, path: document.path)
        planned.plan.steps = planner.actions(of: step).map { Step($0) }
        planned.plan.notes = planner.notes
        planned.condition.files = step.conditions.files
        if step.runsOnce { planned.condition.onceAs = step.digest }
        planned.condition.mayUseShell = facts.mayRunPrograms(document.source)
        guard let text = step.conditions.shell else { return planned }
        do throws(RenderingError) {
            planned.condition.shell = try facts.renderer.render(text, forHostname: false).text
        } catch {
            planned.fate = .refused("its condition cannot be rendered: \(error)")
        }
        return planned
    }

    /// Why a step is not for this machine; nil when it is.
    private func elsewhere(_ conditions: StepConditions) -> String? {
        let isMajor = ["almalinux", "rocky"].contains(facts.systemID)
        let version = isMajor ? String(facts.systemVersion.prefix { $0 != "." }) : facts.systemVersion
        let patterns: [(String, String?, String)] = [
            ("the hostname", conditions.node, facts.hostname), ("the system", conditions.system, facts.systemName),
            ("the version", conditions.version, version),
            ("the architecture", conditions.architecture, facts.architecture),
        ]
        for (what, pattern, text) in patterns {
            guard let pattern, facts.matches(pattern, text) != true else { continue }
            return facts.matches(pattern, text) == nil
                ? "'\(pattern)' is no regular expression" : "\(what) '\(text)' does not match '\(pattern)'"
        }
        guard let manager = conditions.serviceManager, facts.serviceManagers != [manager] else { return nil }
        return "the service manager is not \(manager.rawValue) alone"
    }
}

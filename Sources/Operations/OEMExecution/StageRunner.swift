import Faults
import JSONText
import LinuxSystem
import OEMModel
package import OEMPlanning
import Plans
import ShellConditions
package import SystemPackage

/// Runs a planned stage: decides each step's condition just before it, and lets no failure hide another step.
package struct StageRunner {
    private let files: RootFiles
    private let shell: StageShell
    private let memory: OnceMemory
    private let isRunning: Bool

    /// Runs below a root.
    ///
    /// - Parameter timeout: how long one command or condition may take.
    package init(stage: String, root: FilePath, timeout: Duration) {
        files = RootFiles(root: root)
        shell = StageShell(stage: stage, timeout: timeout)
        memory = OnceMemory(root: root)
        isRunning = root == "/"
    }

    /// Runs all steps.
    ///
    /// - Parameter told: called with each step as soon as it ended.
    package func run(
        _ plan: StagePlan, _ effects: inout LiveStageEffects, told: (StageStepReport) -> Void = { _ in }
    ) -> StageReport {
        var report = StageReport(stage: plan.stage)
        for step in plan.steps {
            let step = run(step, &effects)
            report.steps.append(step)
            told(step)
        }
        return report
    }

    private func run(_ step: PlannedStep, _ effects: inout LiveStageEffects) -> StageStepReport {
        var report = StageStepReport(origin: step.origin, name: step.name, notes: step.plan.notes)
        switch step.fate {
        case .elsewhere(let reason): report.outcome = .elsewhere(reason)
        case .refused(let reason): report.outcome = .refused(reason)
        case .run:
            if let outcome = undecided(step.condition) {
                report.outcome = outcome
            } else {
                act(step, &effects, &report)
            }
        }
        return report
    }

    private func act(_ step: PlannedStep, _ effects: inout LiveStageEffects, _ report: inout StageStepReport) {
        for action in step.plan.steps {
            let plan = Plan(step.plan.operation, step.plan.subject, [action])
            guard let reports = try? GoOnRunner.run(plan, &effects), let result = reports.first else { continue }
            report.actions.append(
                StageActionReport(report: result, origin: action.action.origin, isChanged: effects.hasChanged))
        }
        guard let digest = step.condition.onceAs, !report.hasFailed else { return }
        do { try memory.remember(digest) } catch { report.notes.append("it will run again: \(error)") }
    }

    /// How a step ends without running; nil when it runs.
    private func undecided(_ condition: StepCondition) -> StageStepReport.Outcome? {
        if let digest = condition.onceAs, memory.has(digest) { return .skipped("it has run already") }
        if let files = condition.files, let reason = unmet(files) { return .skipped(reason) }
        guard let text = condition.shell else { return nil }
        if let holds = ShellCondition(text)?.holds(in: files) { return holds ? nil : .skipped("'if' does not hold") }
        guard condition.mayUseShell else {
            return .refused(
                "its condition needs a shell, and files of its source may not run programs here; 'oem.programs' allows it"
            )
        }
        // The shell would answer for the system that runs, not for the root that is changed.
        guard isRunning else {
            return .refused("its condition needs the shell of the running system; run the stage there")
        }
        do {
            return try shell.run(text).succeeded ? nil : .skipped("'if' does not hold")
        } catch { return .failed("its condition could not be decided: \(error)") }
    }

    private func unmet(_ wanted: StepConditions.Files) -> String? {
        let isThere: (String) -> Bool = { files.attributes(of: $0)?.target != nil }
        if let missing = wanted.all.first(where: { !isThere($0) }) { return "\(missing) is not there" }
        if !wanted.any.isEmpty, !wanted.any.contains(where: isThere) { return "none of 'any' is there" }
        if let present = wanted.none.first(where: isThere) { return "\(present) is there" }
        return nil
    }
}

/// Remembers steps that run once, on the persistent partition.
struct OnceMemory {
    private let folder: FilePath

    init(root: FilePath) { folder = root.appending("run/lifeboot/persistent/once") }

    func has(_ digest: String) -> Bool { (try? FileStatus.of(folder.appending(digest))).flatMap(\.self) != nil }

    func remember(_ digest: String) throws {
        guard try FileStatus.of(folder.removingLastComponent()) != nil else {
            throw StageError(
                .impossible, "remembering", "a step with 'once'", cause: "there is no persistent partition",
                remedy: "Give the machine one.")
        }
        try Folders.make(folder)
        try AtomicFile.write([], to: folder.appending(digest))
    }
}

import DocumentTree
import ImageAssembly
import JSONText
import LinuxSystem
package import OEMModel
package import OEMPlanning
package import SystemPackage

/// One stage on one root, from the files to the report.
package struct StageRun: Sendable {
    /// The stage, without `.before` and `.after`.
    package var stage: String
    /// The root that is changed.
    package var root: FilePath
    /// Files and folders besides the usual ones, which come last.
    package var given: [FilePath]
    /// Which sources may run programs.
    package var programSources: Set<OEMSource>
    /// How long one command may take.
    package var timeout: Duration
    /// What the kernel's command line names.
    package var setup: SetupFiles

    /// Lets the persistent partition of the booted disk take it up, and says whether it was smaller; nil where nobody can.
    package var grow: (@Sendable () throws -> Bool)?

    /// The folder of the reports of this boot.
    package static let reports: FilePath = "/run/lifeboot/stages"

    /// Names a stage.
    package init(
        _ stage: String, root: FilePath = "/", given: [FilePath] = [],
        programSources: Set<OEMSource> = Set(OEMSource.allCases), timeout: Duration = .seconds(300),
        setup: SetupFiles? = nil
    ) {
        self.stage = stage
        self.root = root
        self.given = given
        self.programSources = programSources
        self.timeout = timeout
        self.setup = setup ?? SetupFiles(ofThisMachineFor: root)
    }

    /// Reads the files, and what the stage is planned from.
    package func facts() -> StageFacts {
        facts(of: OEMSources.documents(in: root, setup: setup) + given.flatMap(OEMSources.given))
    }

    private func facts(of documents: [OEMDocument]) -> StageFacts {
        var facts = StageFacts(stage: stage, documents: documents, renderer: LiveRenderer(root: root))
        let release = OSRelease(root)
        facts.hostname = KernelNames.hostname
        facts.systemName = release["PRETTY_NAME"] ?? ""
        facts.systemID = release["ID"] ?? ""
        facts.systemVersion = release["VERSION_ID"] ?? ""
        facts.architecture = ImageArchitecture.host
        facts.serviceManagers = managers
        let allowed = programSources
        facts.mayRunPrograms = { allowed.contains($0) }
        facts.matches = { PosixPattern.matches($0, $1) }
        return facts
    }

    /// By the program that rules services, as the family looks for it.
    private var managers: Set<StepConditions.ServiceManager> {
        let folders = ["sbin", "bin", "usr/sbin", "usr/bin"]
        let has: (String) -> Bool = { name in
            folders.contains { folder in
                let place = root.appending("\(folder)/\(name)")
                return (try? FileStatus.of(place)).flatMap(\.self) != nil
            }
        }
        var found: Set<StepConditions.ServiceManager> = []
        if has("systemctl") { found.insert(.systemd) }
        if has("openrc") { found.insert(.openrc) }
        return found
    }

    /// Runs the stage, and keeps the report for `lifeboot status`.
    ///
    /// - Parameter told: called with each step as soon as it ended.
    /// - Throws: `SystemError` when there is no such root; what fails in steps is in the report.
    package func perform(told: (StageStepReport) -> Void = { _ in }) throws -> StageReport {
        let fetched = fetchSetup()
        let missed = StageNames.missed(before: stage)
        var steps: [StageStepReport] = []
        if !fetched.new.isEmpty {
            steps = try catchUp(missed, told: told) { file in fetched.new.contains { file.path.starts(with: $0) } }
        }
        var effects = try LiveStageEffects(stage: stage, root: root, timeout: timeout)
        effects.grow = grow
        let started = effects.now()
        let facts = facts()
        let plan = StagePlan(facts)
        let planned = effects.now()
        let runner = StageRunner(stage: stage, root: root, timeout: timeout)
        var report = runner.run(plan, &effects, told: told)
        if effects.hasNewData {
            report.steps += try catchUp(missed + [stage], told: told) { $0.source == .instance }
        }
        steps += report.steps
        report.steps = steps
        report.refusals = fetched.problems + Self.refusals(facts)
        report.planning = planned - started
        report.duration = effects.now() - started
        do { try keep(report) } catch { report.refusals.append("the report could not be kept: \(error)") }
        return report
    }

    /// Asks addresses of the command line at the head of the first stage with a network, and those that gave nothing later.
    private func fetchSetup() -> (new: [FilePath], problems: [String]) {
        guard StageNames.hasNetwork(stage) else { return ([], []) }
        let (new, problems) = setup.fetch(in: root, onlyMissing: stage != StageNames.network)
        return (new, setup.problems(in: root) + problems)
    }

    /// Runs what some files would have done in some stages, which came only now.
    private func catchUp(
        _ stages: [String], told: (StageStepReport) -> Void, of isMeant: (OEMDocument) -> Bool
    ) throws -> [StageStepReport] {
        let found = OEMSources.documents(in: root, setup: setup).filter(isMeant)
        guard !found.isEmpty else { return [] }
        var steps: [StageStepReport] = []
        for name in stages {
            var run = self
            run.stage = name
            let facts = run.facts(of: found)
            var effects = try LiveStageEffects(stage: name, root: root, timeout: timeout)
            effects.hasNetwork = !StageNames.comesBeforeNetwork(stage)
            effects.grow = grow
            steps +=
                StageRunner(stage: name, root: root, timeout: timeout).run(StagePlan(facts), &effects, told: told).steps
        }
        return steps
    }

    /// Files that count for nothing, and steps of the stage that do not.
    package static func refusals(_ facts: StageFacts) -> [String] {
        facts.documents.flatMap { document in
            document.file.remarks.filter { $0.level >= .step }.map { "\(document.path):\($0.mark.line): \($0.reason)" }
        }
    }

    private func keep(_ report: StageReport) throws {
        let folder = root.appending(Self.reports.components)
        try Folders.make(folder)
        let name = stage.utf8.allSatisfy { $0 > 0x20 && $0 != 0x2F } && !stage.hasPrefix(".") ? stage : "other"
        try AtomicFile.write(
            report.json.serialized() + [0x0A], to: folder.appending("\(name).json"),
            permissions: [.ownerReadWrite])
    }
}

import FieldCorpus
import Foundation
import LinuxSystem
import OEMExecution
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

/// A root with one file of an existing user, and what such files expect of an image.
final class FieldRoot {
    private let fixture: FixtureRoot
    private let facts: StageFacts

    /// The root.
    var path: FilePath { fixture.path }

    init(_ entry: FieldCorpus.Entry) throws {
        // Each file is flushed to the disk, which there is none for here.
        fixture = try FixtureRoot(Self.image, in: URL(fileURLWithPath: "/dev/shm"))
        let document = OEMDocument(
            path: "/oem/90_field.yaml", source: .oem, file: OEMSources.parse(try entry.bytes()))
        var facts = StageFacts(stage: "", documents: [document], renderer: LiveRenderer(root: fixture.path))
        facts.hostname = "box"
        facts.systemName = "Debian GNU/Linux 12 (bookworm)"
        facts.systemID = "debian"
        facts.systemVersion = "12"
        facts.architecture = "amd64"
        facts.serviceManagers = [.systemd]
        facts.matches = { PosixPattern.matches($0, $1) }
        self.facts = facts
    }

    /// Groups that files of the field put users into, and facts that do not change from machine to machine.
    private static let image: [String: String] = [
        "/etc/group": "root:x:0:\n"
            + ["admin", "sudo", "wheel", "docker", "users", "adm", "systemd-journal", "ssh", "plugdev"].enumerated()
            .map { "\($1):x:\(100 + $0):\n" }.joined(),
        "/etc/os-release": "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
        "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        "/run/lifeboot/random": "0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d", "/run/lifeboot/active_mode": "",
        "/run/cos/active_mode": "", "/run/elemental/active_mode": "", "/root/.profile": "",
        "/usr/share/zoneinfo/UTC": "",
    ]

    /// The stages that the file has steps for, without `.before` and `.after`, in the order of a boot.
    var stages: [String] {
        let named = Set(
            facts.documents.flatMap(\.file.stages).map { stage in
                [".before", ".after"].first { stage.stage.hasSuffix($0) }
                    .map { String(stage.stage.dropLast($0.utf8.count)) } ?? stage.stage
            })
        return StageNames.boot.filter(named.contains) + named.subtracting(StageNames.boot).sorted()
    }

    /// The plan of a stage, as it is or with all steps.
    func plan(_ stage: String, unconditionally: Bool = false) -> StagePlan {
        var facts = facts
        facts.stage = stage
        if unconditionally { facts.matches = { _, _ in true } }
        var plan = StagePlan(facts)
        guard unconditionally else { return plan }
        for index in plan.steps.indices {
            plan.steps[index].condition.files = nil
            plan.steps[index].condition.shell = nil
            plan.steps[index].condition.onceAs = nil
        }
        return plan
    }

    /// Runs steps, but for what asks the network or prints on the console of whoever tests.
    @discardableResult
    func run(_ steps: [PlannedStep], of stage: String) throws -> [StageActionReport] {
        var plan = plan(stage)
        plan.steps = steps
        for index in steps.indices {
            plan.steps[index].plan.steps = steps[index].plan.steps.compactMap(Self.alone)
        }
        var effects = try LiveStageEffects(stage: stage, root: path, timeout: .seconds(10))
        let report = StageRunner(stage: stage, root: path, timeout: .seconds(10)).run(plan, &effects)
        return report.steps.flatMap(\.actions)
    }

    /// What is left of an action without the rest of the world; nil for nothing.
    private static func alone(_ step: Step<StageAction>) -> Step<StageAction>? {
        var step = step
        switch step.action.work {
        case .printMessage, .fetchFile, .cloneRepository, .unpackImage, .lookForData: return nil
        case .writeFile(let file): return file.source == nil ? step : nil
        case .authorizeKeys(var keys):
            keys.keys.removeAll(where: \.isKeyToFetch)
            step.action.work = .authorizeKeys(keys)
            return keys.keys.isEmpty ? nil : step
        default: return step
        }
    }
}

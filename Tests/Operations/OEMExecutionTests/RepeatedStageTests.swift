import FieldCorpus
import LinuxSystem
import OEMExecution
import OEMModel
import OEMPlanning
import Plans
import SystemPackage
import Testing

@Suite("A stage that runs again", .enabled(if: FieldCorpus.folder != nil && ThisProcess.isRoot))
struct RepeatedStageTests {
    /// Those whose steps count, all or some; what is refused changes nothing in any run.
    static let accepted = FieldCorpus.entries.filter { !$0.verdict.hasPrefix("reject") }

    @Test("changes nothing in the root: no content, no mode, no owner, no time", arguments: accepted)
    func stages(entry: FieldCorpus.Entry) throws {
        let root = try FieldRoot(entry)
        let changed = try root.stages.flatMap { try runTwice(root, root.plan($0).steps, of: $0) }
        #expect(changed == Self.changing[entry.file]?.actions ?? [])
    }

    @Test("does so step by step, too, whatever the conditions are", arguments: accepted)
    func steps(entry: FieldCorpus.Entry) throws {
        let root = try FieldRoot(entry)
        let changed = try root.stages.flatMap { stage in
            try root.plan(stage, unconditionally: true).steps.flatMap { try runTwice(root, [$0], of: stage) }
        }
        let known = Self.changing[entry.file].flatMap { $0.isOneStep ? $0.actions : nil }
        #expect(changed == known ?? [])
    }

    /// What the second run says that it has changed, or cannot tell of.
    private func runTwice(_ root: FieldRoot, _ steps: [PlannedStep], of stage: String) throws -> [String] {
        try root.run(steps, of: stage)
        let before = try TreeDigest.lines(of: root.path)
        let changed = try root.run(steps, of: stage).filter { $0.isChanged != false && !$0.hasFailed }
        let after = try TreeDigest.lines(of: root.path)
        if changed.isEmpty { #expect(Set(after).symmetricDifference(before).sorted() == [], "\(stage)") }
        return changed.map { "\($0.report.step) \($0.report.subject)" }
    }

    /// A file of which a second run does change something.
    struct Change {
        /// What is done anew.
        var actions: [String]
        /// Whether one step alone does it.
        var isOneStep = false
        /// Why this is as it is written.
        var reason: String
    }

    static let changing: [String: Change] = [
        "mudler__yip__README.md#block7.yaml": laterOwner,
        "rancher__elemental-docs__versioned_docs__version-1.2__cloud-config-reference.md#block2.yaml": laterOwner,
        "rancher__os2__docs__configuration.md#block1.yaml": laterOwner,
        "rancher-sandbox__epinio-appliance-demo-sample__packages__epinioOS__02_upgrades.yaml.yaml": Change(
            actions: [
                "write-file /etc/cos-upgrade-image",
                "set-environment /etc/cos-upgrade-image: UPGRADE_IMAGE CHANNEL_UPGRADES VERIFY",
            ], isOneStep: true, reason: "a step writes a file, and then variables into it"),
    ]

    private static let laterOwner = Change(
        actions: ["write-file /foo/bar"],
        reason: "the owner of the file is a user who is made after it, as in cloud-init")
}

import DocumentTree
import JSONText
import OEMModel
import Plans
import SystemPackage
import Testing
import YAMLDocuments

@testable import OEMPlanning

/// Renders nothing, but refuses one word and remarks on another.
struct PlainRenderer: TextRenderer {
    func render(_ text: String, forHostname: Bool) throws(RenderingError) -> RenderedText {
        if text.hasPrefix("{{ bad") { throw RenderingError("no such function") }
        if text.hasPrefix("{{ odd") { return RenderedText(text, note: "kept as it is") }
        return RenderedText(forHostname ? text + "!" : text)
    }
}

extension StageFacts {
    /// The facts of a machine with these files, by their paths.
    static func made(_ stage: String, _ files: (String, String)...) -> StageFacts {
        let documents = files.map { path, text in
            let bytes = Array(text.utf8)
            let node = try? YAMLDocument.parse(bytes, references: .expanded)
            return OEMDocument(
                path: .init(path), source: .oem, file: OEMFile(node, isCloudConfig: OEMHeader.isCloudConfig(bytes)))
        }
        var facts = StageFacts(stage: stage, documents: documents, renderer: PlainRenderer())
        facts.hostname = "box"
        facts.systemName = "Debian GNU/Linux 12"
        facts.systemVersion = "12"
        facts.architecture = "amd64"
        facts.serviceManagers = [.systemd]
        facts.matches = { expression, text in expression == "[" ? nil : text.contains(expression) }
        return facts
    }
}

@Suite("A stage's plan")
struct StagePlanTests {
    @Test("has the part before, the stage, and the part after, each over all files in their order")
    func order() {
        let plan = StagePlan(
            .made(
                "boot", ("/oem/1.yaml", "stages: {boot.after: [{name: e}], boot: [{name: b}, {name: c}]}"),
                (
                    "/oem/2.yaml",
                    "name: two\nstages: {boot: [{name: d}], boot.before: [{name: a}], network: [{name: x}]}"
                )))
        #expect(plan.steps.map(\.name) == ["two.a", "/oem/1.yaml.b", "/oem/1.yaml.c", "two.d", "/oem/1.yaml.e"])
    }

    @Test("goes file by file, also where one between two others, or the last, has no step for the stage")
    func filesWithoutStep() {
        let other = "stages: {network: [{name: x}]}"
        let plan = StagePlan(
            .made(
                "boot", ("/oem/1.yaml", "stages: {boot: [{name: a}, {name: b}]}"), ("/oem/2.yaml", other),
                ("/oem/3.yaml", "stages: {boot: [{name: c}]}"), ("/oem/4.yaml", "stages: {boot: [{name: d}]}"),
                ("/oem/5.yaml", other)))
        #expect(plan.steps.map(\.name) == ["/oem/1.yaml.a", "/oem/1.yaml.b", "/oem/3.yaml.c", "/oem/4.yaml.d"])
    }

    @Test("puts the actions of a step in the family's order, with drop-ins before what is started")
    func actions() {
        let plan = StagePlan(
            .made(
                "boot",
                (
                    "/oem/1.yaml",
                    """
                    stages:
                      boot:
                        - environment: {A: b}
                          systemctl: {start: [s], enable: [e], overrides: [{service: s, content: c}]}
                          users: {u: {ssh_authorized_keys: [k]}}
                          sysctl: {a.b: 1}
                          hostname: h
                          commands: [one, two]
                          files: [{path: /f}]
                          directories: [{path: /d}]
                          modules: [m]
                          dns: {nameservers: [n]}
                    """
                )))
        #expect(
            plan.steps.flatMap { $0.plan.steps.map(\.action.name) } == [
                "set-resolver", "make-directory", "write-file", "run-script", "run-script", "set-hostname",
                "set-kernel-setting", "ensure-users", "authorize-keys", "load-module", "override-unit",
                "reload-manager", "enable-units", "start-units", "set-environment",
            ])
        #expect(plan.steps[0].plan.steps[3].action.origin.line == 8)
        #expect(plan.steps[0].plan.steps[5].action.subject == "h!")
    }

    @Test(
        "says why a step is for other machines, and leaves to the runner what only it can know",
        arguments: [
            ("node: bo", nil), ("node: other", "the hostname 'box' does not match 'other'"),
            ("only_os: Debian", nil), ("only_os: SUSE", "the system 'Debian GNU/Linux 12' does not match 'SUSE'"),
            ("only_os_version: '11'", "the version '12' does not match '11'"),
            ("only_arch: arm64", "the architecture 'amd64' does not match 'arm64'"),
            ("node: '['", "'[' is no regular expression"),
            ("only_service_manager: openrc", "the service manager is not openrc alone"),
            ("only_service_manager: systemd", nil),
        ])
    func conditions(key: String, reason: String?) {
        let plan = StagePlan(.made("boot", ("/oem/1.yaml", "stages: {boot: [{\(key), if: x, if_files: {all: [/a]}}]}")))
        #expect(plan.steps.map(\.fate) == [reason.map { .elsewhere($0) } ?? .run])
        guard reason == nil else { return }
        #expect(plan.steps[0].condition.shell == "x" && plan.steps[0].condition.files?.all == ["/a"])
    }

    @Test("takes only the major number of the version on systems that follow another one")
    func majorVersion() {
        var facts = StageFacts.made(
            "boot", ("/a", "stages: {boot: [{only_os_version: '9.4'}, {only_os_version: '9'}]}"))
        facts.systemID = "rocky"
        facts.systemVersion = "9.4"
        #expect(StagePlan(facts).steps.map { $0.fate == .run } == [false, true])
    }

    @Test(
        "moves a step behind those that it must come after, and no other",
        arguments: [
            ("[{name: a, after: [{name: c}]}, {name: b}, {name: c}]", ["b", "c", "a"]),
            ("[{name: a}, {name: b, after: [{name: demo.c}]}, {name: c}]", ["a", "c", "b"]),
            ("[{name: a, after: [{name: demo.1}]}, {commands: []}]", ["1", "a"]),
            (
                "[{name: a, after: [{name: d}]}, {name: b, after: [{name: a}]}, {name: c}, {name: d}, {name: e}]",
                ["c", "d", "a", "b", "e"]
            ),
            (
                "[{name: a, after: [{name: c}]}, {name: b, after: [{name: c}, {name: c}]}, {name: c}, {name: d}]",
                ["c", "a", "b", "d"]
            ),
        ])
    func after(steps: String, names: [String]) {
        let plan = StagePlan(.made("boot", ("/a", "name: demo\nstages: {boot: \(steps)}")))
        #expect(plan.steps.map(\.name) == names.map { "demo.\($0)" })
        #expect(plan.steps.map(\.fate) == names.map { _ in .run })
    }

    @Test("refuses a step that waits for none, and all in a circle, and runs the others")
    func circle() {
        let plan = StagePlan(
            .made(
                "boot",
                (
                    "/a",
                    """
                    name: n
                    stages:
                      boot:
                        - {name: a, after: [{name: b}]}
                        - {name: b, after: [{name: c}]}
                        - {name: c, after: [{name: b}]}
                        - {name: d, after: [{name: nobody}]}
                        - {name: e}
                    """
                )))
        let fates = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.name, $0.fate) })
        #expect(fates["n.b"] == .refused("steps wait for each other: n.b after n.c after n.b"))
        #expect(fates["n.c"] == fates["n.b"])
        #expect(fates["n.a"] == .run && fates["n.e"] == .run)
        #expect(fates["n.d"] == .refused("it must come after 'nobody', and no step of this stage has that name"))
    }

    @Test("puts steps behind a circle that they wait for, in the order in which they wait")
    func behindCircle() {
        let steps =
            "[{name: a, after: [{name: b}]}, {name: b, after: [{name: d}]}, {name: c, after: [{name: d}]}, "
            + "{name: d, after: [{name: c}]}, {name: e, after: [{name: e}]}]"
        let plan = StagePlan(.made("boot", ("/a", "name: n\nstages: {boot: \(steps)}")))
        #expect(plan.steps.map(\.name) == ["n.c", "n.d", "n.b", "n.a", "n.e"])
        let refused = plan.steps.filter { $0.fate != .run }.map(\.name)
        #expect(refused == ["n.c", "n.d", "n.e"])
    }

    @Test("takes its time for each step, not for each pair of steps", .timeLimit(.minutes(10)))
    func manySteps() {
        let count = 100_000
        // Each waits for its neighbour, but for the last, which waits for the first.
        var sequence = StepSequence((0..<count).map { [($0 + 1) % count] })
        #expect(sequence.goOn() == Array(0..<count))
        #expect(sequence.goOn() == nil)
        #expect(sequence.order == Array(0..<count))
        var backwards = StepSequence((0..<count).map { $0 + 1 < count ? [$0 + 1] : [] })
        #expect(backwards.goOn() == nil)
        #expect(backwards.order == Array((0..<count).reversed()))
    }

    @Test("keeps a text that cannot be rendered from being used, and the rest of the step goes on")
    func templates() {
        let text = "stages: {boot: [{commands: ['{{ bad }}', '{{ odd }}', c]}, {if: '{{ bad }}'}]}"
        let plan = StagePlan(.made("boot", ("/a", text)))
        #expect(plan.steps[0].plan.steps.map(\.action.name) == ["refuse", "run-script", "run-script"])
        #expect(plan.steps[0].plan.notes == ["command: kept as it is"])
        #expect(plan.steps[1].fate == .refused("its condition cannot be rendered: no such function"))
    }

    @Test("lets files run programs only where the policy lets them")
    func policy() {
        var facts = StageFacts.made(
            "boot", ("/a", "stages: {boot: [{commands: [c], files: [{path: /f}], packages: {install: [p]}}]}"))
        facts.mayRunPrograms = { $0 != .oem }
        let names = StagePlan(facts).steps[0].plan.steps.map(\.action.name)
        #expect(names == ["write-file", "refuse", "refuse"])
    }

    @Test("shows what a file is to hold, unless only its owner may read it")
    func secrets() {
        let text =
            "stages: {boot: [{files: [{path: /a, content: open}, {path: /b, content: s3cret, permissions: 0600}]}]}"
        let plan = StagePlan(.made("boot", ("/a", text)))
        let shown = plan.steps[0].plan.steps.map { $0.action.json["content"]?.text }
        #expect(shown == ["open", "<hidden>"])
    }

    @Test("remembers a step that runs once by what it says, wherever it stands")
    func once() {
        let first = StagePlan(.made("boot", ("/a", "stages: {boot: [{once: true, commands: [c]}]}")))
        let moved = StagePlan(.made("boot", ("/b", "stages:\n  boot:\n    - {once: true, commands: [c]}\n")))
        let other = StagePlan(.made("boot", ("/a", "stages: {boot: [{once: true, commands: [d]}, {commands: [c]}]}")))
        let name = first.steps[0].condition.onceAs
        #expect(name?.utf8.count == 16 && name == moved.steps[0].condition.onceAs)
        #expect(name != other.steps[0].condition.onceAs && other.steps[1].condition.onceAs == nil)
    }
}

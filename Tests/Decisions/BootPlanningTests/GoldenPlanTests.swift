import BootModel
import BootPlanning
import Foundation
import ImageModel
import JSONText
import Plans
import SystemLayout
import SystemPackage
import Testing

/// One machine and command line whose whole plan is kept as a file, so that a review sees a change of behaviour.
struct GoldenCase: CustomTestStringConvertible, Sendable {
    var name: String
    var commandLine: String
    var layout: Layout = .default
    var layoutFile: FilePath?
    var stages: Set<String> = []
    var hasOverlays = false
    var isCarried = false

    var testDescription: String { name }

    static let grub =
        "lifeboot.image=0123456789abcdef lifeboot.boot=PARTUUID=11111111-2222-3333-4444-555555555555 panic=5"

    static var persistentLayout: Layout {
        var layout = Layout.default
        layout.persistentPaths = ["/etc/ssh", "/home"]
        layout.ephemeralPaths = ["/etc", "/var"]
        layout.persistentRequired = true
        layout.volumes = [
            Layout.Volume(device: .label("DATA"), path: "/var/data", options: ["noatime"]),
            Layout.Volume(device: .uuid("abcd"), path: "/srv/spare", required: false),
        ]
        return layout
    }

    static var keyedLayout: Layout {
        var layout = persistentLayout
        (layout.persistentDevice, layout.persistentKeyFile) = (.label("SECRETS"), "/etc/persistent.key")
        layout.persistentEncrypted = true
        return layout
    }

    static let all = [
        GoldenCase(
            name: "active", commandLine: "lifeboot.role=active lifeboot.tries=2 lifeboot.reason=default \(grub)"),
        GoldenCase(
            name: "passive-with-layout", commandLine: "lifeboot.role=passive lifeboot.reason=fallback \(grub)",
            layout: persistentLayout, layoutFile: "/etc/lifeboot/layout.yaml"),
        GoldenCase(
            name: "encrypted", commandLine: "lifeboot.role=active lifeboot.tries=2 \(grub)", layout: keyedLayout,
            layoutFile: "/oem/layout.yaml"),
        GoldenCase(
            name: "stages", commandLine: "lifeboot.role=passive lifeboot.reason=fallback \(grub)",
            layout: persistentLayout, layoutFile: "/run/cos/cos-layout.env",
            stages: ["pre-rootfs", "rootfs", "initramfs"], hasOverlays: true),
        GoldenCase(name: "recovery", commandLine: "lifeboot.role=recovery lifeboot.reason=pending \(grub)"),
        GoldenCase(
            name: "parameters",
            commandLine: "lifeboot.role=active \(grub) lifeboot.overlay=LABEL=SCRATCH lifeboot.volume=LABEL=data:/srv "
                + "lifeboot.verity=off lifeboot.watchdog=off rd.cos.oemlabel=VENDOR rd.cos.oemtimeout=7 fsck.mode=force"
        ),
        GoldenCase(name: "debug-rw", commandLine: "lifeboot.role=active lifeboot.debug-rw \(grub)"),
        GoldenCase(
            name: "live", commandLine: "lifeboot.mode=live lifeboot.image=0123456789abcdef lifeboot.toram=yes",
            layout: persistentLayout, layoutFile: "/usr/lib/lifeboot/layout.yaml"),
        GoldenCase(
            name: "live-carried", commandLine: "lifeboot.mode=live lifeboot.image=0123456789abcdef", isCarried: true),
        GoldenCase(
            name: "cos",
            commandLine:
                "root=LABEL=COS_STATE cos-img/filename=/cOS/active.img rd.cos.overlay=tmpfs:20% lifeboot.verity=off"),
    ]

    func plans() throws -> [BootPlan] {
        let parameters = BootParameters(KernelCommandLine(parsing: commandLine))
        let state = StateFacts(
            parameters: parameters, layout: layout, existing: ["/etc", "/var", "/srv", "/home"], layoutFile: layoutFile,
            hasOverlays: hasOverlays)
        let statePlan = try BootPlan.state(state)
        let handoff = HandoffFacts(
            parameters: parameters, mountPoints: ["/etc", "/var"],
            hasPersistent: statePlan.steps.contains { $0.action.kind == .mountPersistent }, stages: stages)
        let early = try BootPlan.configuration(ConfigurationFacts(parameters: parameters, stages: stages))
        return [
            try BootPlan.root(RootFacts(parameters: parameters, isCarried: isCarried)), early, statePlan,
            try BootPlan.handoff(handoff),
        ]
    }
}

@Suite("Golden plans")
struct GoldenPlanTests {
    /// Set this variable to write the golden files anew: `LIFEBOOT_UPDATE_GOLDEN=1 swift test --filter Golden`.
    static let update = ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] != nil

    @Test("the plan is the one in the golden file", arguments: GoldenCase.all)
    func plan(_ golden: GoldenCase) throws {
        let text = try golden.plans().map(Self.text).joined()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/\(golden.name).plan")
        if Self.update { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// The plan as people read it, and below each step everything that it holds.
    private static func text(_ plan: BootPlan) -> String {
        let steps = plan.steps.enumerated().flatMap { index, step in
            step.lines(index + 1).map { $0.lead + $0.text }
                + ["       " + String(decoding: step.action.json.serialized(), as: UTF8.self)]
        }
        return (["\(plan.operation) \(plan.subject)"] + steps).map { $0 + "\n" }.joined()
    }

    @Test("every step of every phase gets what it needs from steps before it", arguments: GoldenCase.all)
    func needs(_ golden: GoldenCase) throws {
        let unmet = Plan("boot", "all phases", try golden.plans().flatMap(\.steps)).unmet()
        // A cOS command line need not name the boot disk; without it there is no persistent partition either.
        #expect(unmet.map(\.step) == (golden.name == "cos" ? ["find-persistent"] : []))
    }

    @Test(
        "without any one step that gives something, a later step is found to miss it",
        arguments: GoldenCase.all.filter { $0.name != "cos" && $0.name != "parameters" })
    func chain(_ golden: GoldenCase) throws {
        let plans = try golden.plans()
        for (index, plan) in plans.enumerated() {
            for (place, step) in plan.steps.enumerated() where !step.action.gives.isEmpty {
                var shortened = plans
                shortened[index].steps.remove(at: place)
                let steps = Plan("boot", "all phases", shortened.flatMap(\.steps))
                #expect(!steps.unmet().isEmpty, "\(step.action.name)")
            }
        }
    }
}

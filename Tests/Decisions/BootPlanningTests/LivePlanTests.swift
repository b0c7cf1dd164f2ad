import BootModel
import BootPlanning
import Faults
import Plans
import SystemLayout
import SystemPackage
import Testing

@Suite("Plan of a live boot")
struct LivePlanTests {
    private static func root(_ words: String, isSealed: Bool = false, isCarried: Bool = false) throws -> BootPlan {
        let parameters = BootParameters(KernelCommandLine(parsing: words))
        return try .root(RootFacts(parameters: parameters, isSealed: isSealed, isCarried: isCarried))
    }

    private static let live = "lifeboot.mode=live lifeboot.image=0123456789abcdef"

    @Test("no disk is named, nothing is counted, and the signature comes before anything of the image is used")
    func order() throws {
        let kinds = try Self.root(Self.live).steps.map(\.action.kind)
        #expect(
            kinds == [
                .armWatchdog, .findMedium, .mountMedium, .verifyManifest, .copyMedium, .attachImage, .activateVerity,
                .mountRoot, .mountOEM,
            ])
    }

    @Test("an image that the initramfs carries is not searched for nor copied, and kept where a medium would be")
    func carried() throws {
        let steps = try Self.root(Self.live, isCarried: true).steps
        #expect(!steps.contains { [.findMedium, .mountMedium, .copyMedium].contains($0.action.kind) })
        #expect(steps.contains { $0.action == .attachImage("root.squashfs", in: "/lifeboot/images/0123456789abcdef") })
        let kept = try #require(steps.firstIndex { $0.action.kind == .keepCarried })
        #expect(kept > 0 && steps[kept - 1].action.kind == .verifyManifest)
        #expect(steps[kept].action.subject == "/run/lifeboot/medium")
        // What lies in the initramfs itself is gone when the system runs.
        #expect(steps.last?.action == .bindMedium("/run/lifeboot/medium/oem", on: "/oem", root: "/sysroot"))
    }

    @Test(
        "an installation that nobody watches is not copied into memory first, unless that is asked for",
        arguments: [
            ("lifeboot.install=yes", false), ("lifeboot.install=no", true),
            ("lifeboot.install=yes lifeboot.toram=yes", true),
        ])
    func unattended(words: String, isCopied: Bool) throws {
        let steps = try Self.root("\(Self.live) \(words)").steps
        #expect(steps.contains { $0.action.kind == .copyMedium } == isCopied)
    }

    @Test(
        "a unit is told to install in a live system that was asked to, and in no other",
        arguments: [
            ("\(live) lifeboot.install=yes", true), ("\(live) lifeboot.install=no", false), (live, false),
            ("lifeboot.role=active lifeboot.image=0123456789abcdef lifeboot.install=yes", false),
        ])
    func sentinel(words: String, isThere: Bool) throws {
        let parameters = BootParameters(KernelCommandLine(parsing: words))
        #expect(parameters.problems.isEmpty)
        let steps = try BootPlan.configuration(ConfigurationFacts(parameters: parameters)).steps
        #expect(steps.contains { $0.action.subject == "/run/lifeboot/unattended" } == isThere)
    }

    @Test("another word for an installation is a problem, and asks for none")
    func unknownInstallation() {
        let other = BootParameters(KernelCommandLine(parsing: "\(Self.live) lifeboot.install=sda"))
        #expect(!other.isInstallation && other.problems.count == 1)
    }

    @Test("a sealed system compares the command line, and takes no configuration that nobody has signed")
    func sealed() throws {
        let kinds = try Self.root(Self.live, isSealed: true).steps.map(\.action.kind)
        #expect(kinds.contains(.checkArguments) && !kinds.contains(.mountOEM))
        #expect(throws: PlanningError.self) { try Self.root("\(Self.live) lifeboot.verity=off", isSealed: true) }
    }

    @Test(
        "what cannot count beside it is refused, and named",
        arguments: [
            ("lifeboot.role=active", "lifeboot.role=active"), ("cos-img/filename=/x", "cos-img/filename="),
        ])
    func contradictions(word: String, name: String) {
        let error = #expect(throws: PlanningError.self) { try Self.root("\(Self.live) \(word)") }
        #expect(error?.cause.contains(name) == true && error?.cause.contains("lifeboot.mode=live") == true)
    }

    @Test("without an image it is refused; another mode is a problem, and no live boot")
    func incomplete() {
        let error = #expect(throws: PlanningError.self) { try Self.root("lifeboot.mode=live") }
        #expect(error?.cause.contains("lifeboot.image=") == true)
        let other = BootParameters(KernelCommandLine(parsing: "lifeboot.mode=dead"))
        #expect(!other.isLive && other.problems.count == 1)
    }

    @Test("an OEM partition that the command line names takes the place of the medium's folder")
    func namedOEM() throws {
        let steps = try Self.root("\(Self.live) lifeboot.oemlabel=VENDOR").steps
        #expect(!steps.contains { if case .bindMedium = $0.action { true } else { false } })
        #expect(steps.last?.action.kind == .mountOEM)
    }

    @Test("everything is written to memory, also what an installed system keeps, and no device is asked for")
    func state() throws {
        var layout = Layout.default
        layout.store = .device(.label("SCRATCH"))
        layout.persistentPaths = ["/home", "/var/data"]
        layout.volumes = [Layout.Volume(device: .label("DATA"), path: "/srv")]
        let parameters = BootParameters(KernelCommandLine(parsing: Self.live))
        let plan = try BootPlan.state(
            StateFacts(parameters: parameters, layout: layout, existing: [], layoutFile: "/oem/layout.yaml"))
        let kinds = Set(plan.steps.map(\.action.kind))
        #expect(kinds == [.mountOverlayStore, .overlayPath])
        #expect(plan.steps.contains { $0.action.subject == "/var/data" })
        #expect(plan.steps.first?.action.subject == "tmpfs:25%")
    }

    private static let gigabyte: Int64 = 1 << 30

    @Test(
        "the image is copied where the medium can be taken out and memory is there, or when it is asked for",
        arguments: [
            (MemoryCopyPolicy.auto, true, 4 * gigabyte, true), (.auto, false, 4 * gigabyte, false),
            (.yes, false, 4 * gigabyte, true), (.no, true, 4 * gigabyte, false), (.yes, true, gigabyte, false),
            (.auto, true, 3 * gigabyte, true), (.auto, true, 3 * gigabyte - 1, false),
        ])
    func copy(policy: MemoryCopyPolicy, isRemovable: Bool, memory: Int64, isCopied: Bool) {
        let facts = MemoryCopyFacts(isRemovable: isRemovable, memory: memory, size: Self.gigabyte)
        #expect((facts.reasonAgainst(policy) == nil) == isCopied)
    }
}

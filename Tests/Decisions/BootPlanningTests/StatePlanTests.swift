import BootModel
import BootPlanning
import Faults
import Plans
import SystemLayout
import SystemPackage
import Testing

@Suite("State plan")
struct StatePlanTests {
    static func facts(_ words: String, layout: Layout = .default, file: FilePath? = nil) -> StateFacts {
        let parameters = BootParameters(KernelCommandLine(parsing: words))
        return StateFacts(parameters: parameters, layout: layout, existing: ["/etc", "/var"], layoutFile: file)
    }

    @Test("the default layout skips what the image lacks, a layout file does not")
    func existing() throws {
        let paths: (FilePath?) throws -> [String] = { file in
            try BootPlan.state(Self.facts("lifeboot.role=active", file: file)).steps
                .filter { $0.action.kind == .overlayPath }.map(\.action.subject)
        }
        #expect(try paths(nil) == ["/etc", "/var"])
        #expect(try paths("/oem/layout.yaml").count == 7)
    }

    @Test("a parent is mounted before its child")
    func depth() throws {
        var layout = Layout.default
        layout.persistentPaths = ["/var/lib/app", "/etc/ssh"]
        layout.volumes = [Layout.Volume(device: .label("D"), path: "/var/lib")]
        let steps = try BootPlan.state(Self.facts("", layout: layout)).steps.map(\.action.subject)
        let places = ["/var", "LABEL=D on /var/lib", "/var/lib/app"].compactMap { steps.firstIndex(of: $0) }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test("the persistent device is waited for once, opened with the layout's key file if it is encrypted, and mounted")
    func persistent() throws {
        var layout = GoldenCase.persistentLayout
        (layout.persistentKeyFile, layout.persistentDevice) = ("/etc/key", .label("DATA"))
        layout.persistentEncrypted = true
        let facts = Self.facts("lifeboot.role=active lifeboot.unlock-timeout=off", layout: layout)
        let steps = try BootPlan.state(facts).steps.filter { $0.action.subject != "/etc" }
        #expect(
            steps.map(\.action).dropFirst().prefix(3) == [
                .findPersistent(.anywhere(.label("DATA"), timeout: 120)),
                .unlockPersistent(
                    name: "lifeboot-persistent", keyFiles: ["/sysroot/etc/key"], timeout: nil, mustBeEncrypted: true),
                .mountPersistent(MountSpec(on: "/run/lifeboot/persistent", options: ["rw", "nodev"]), force: false),
            ])
        #expect(steps.prefix(4).allSatisfy { $0.requirement == .required })
    }

    @Test("nothing on the way to persistent data stops a boot that does not require it")
    func optional() throws {
        let steps = try BootPlan.state(Self.facts("lifeboot.role=active")).steps
        let kinds: [BootStepKind] = [.findPersistent, .unlockPersistent, .mountPersistent]
        #expect(steps.filter { $0.requirement != .required }.map(\.action.kind) == kinds)
    }

    @Test("required persistent data on a boot disk that nobody names is refused with the parameter's name")
    func diskUnknown() throws {
        let error = #expect(throws: PlanningError.self) {
            try BootPlan.state(Self.facts("lifeboot.role=active", layout: GoldenCase.persistentLayout))
        }
        #expect(error?.description.contains("lifeboot.boot=") == true)
        let words = "lifeboot.role=active lifeboot.boot=PARTUUID=aa"
        #expect(throws: Never.self) { try BootPlan.state(Self.facts(words, layout: GoldenCase.persistentLayout)) }
    }

    @Test(
        "overlays are stacked before all that the layout stacks, but over a root that is writable as a whole",
        arguments: ["lifeboot.role=active", "lifeboot.role=active lifeboot.debug-rw", "lifeboot.role=recovery"])
    func overlays(words: String) throws {
        var facts = Self.facts(words)
        #expect(try !BootPlan.state(facts).steps.contains { $0.action.kind == .stackOverlays })
        facts.hasOverlays = true
        let paths = try BootPlan.state(facts).steps.filter { [.stackOverlays, .overlayPath].contains($0.action.kind) }
        let stacked = paths.map(\.action.subject)
        #expect(stacked == (words.contains("debug-rw") ? ["/", "/sysroot"] : ["/sysroot", "/etc", "/var"]))
        #expect(paths.first { $0.action.kind == .stackOverlays }?.requirement == .required)
    }

    @Test("recovery mounts neither persistent data nor volumes")
    func recovery() throws {
        let facts = Self.facts(
            "lifeboot.role=recovery lifeboot.volume=LABEL=x:/srv/x", layout: GoldenCase.persistentLayout)
        let kinds = Set(try BootPlan.state(facts).steps.map(\.action.kind))
        #expect(kinds == [.mountState, .mountOverlayStore, .overlayPath])
    }

    @Test("a volume on the command line is required", arguments: ["lifeboot.volume", "rd.cos.mount"])
    func volume(name: String) throws {
        let steps = try BootPlan.state(Self.facts("\(name)=LABEL=data:/data")).steps
        #expect(steps.first { $0.action.kind == .mountVolume }?.requirement == .required)
    }

    @Test(
        "a parameter that cannot be read is an error, not a default",
        arguments: [
            "lifeboot.overlay=tmpfs:lots", "lifeboot.overlay=disk", "lifeboot.volume=LABEL=x",
            "lifeboot.volume=LABEL=x:/../etc", "lifeboot.volume=LABEL=x:/proc", "lifeboot.volume=:/data",
        ])
    func refuses(words: String) {
        #expect(throws: PlanningError.self) { try BootPlan.state(Self.facts(words)) }
    }
}

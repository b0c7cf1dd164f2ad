import BootModel
import BootPlanning
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
                .filter { $0.kind == .overlayPath }.map(\.subject)
        }
        #expect(try paths(nil) == ["/etc", "/var"])
        #expect(try paths("/oem/layout.yaml").count == 6)
    }

    @Test("a parent is mounted before its child")
    func depth() throws {
        var layout = Layout.default
        layout.persistentPaths = ["/var/lib/app", "/etc/ssh"]
        layout.volumes = [Layout.Volume(device: .label("D"), path: "/var/lib")]
        let steps = try BootPlan.state(Self.facts("", layout: layout)).steps.map(\.subject)
        let places = ["/var", "LABEL=D on /var/lib", "/var/lib/app"].compactMap { steps.firstIndex(of: $0) }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test("an encrypted persistent device is opened with the layout's key file, and then mounted by its mapping")
    func encrypted() throws {
        var layout = GoldenCase.persistentLayout
        (layout.persistentKeyFile, layout.persistentDevice) = ("/etc/key", .label("DATA"))
        var facts = Self.facts("lifeboot.role=active lifeboot.unlock-timeout=off", layout: layout)
        facts.persistent = .encrypted
        let steps = try BootPlan.state(facts).steps
        let unlock = steps.first { $0.kind == .unlockPersistent }
        #expect(
            unlock?.action
                == .unlock(
                    .anywhere(.label("DATA"), timeout: 120), name: "lifeboot-persistent",
                    keyFiles: ["/sysroot/etc/key"], timeout: nil))
        #expect(unlock?.requirement == .required)
        #expect(steps.first { $0.kind == .mountPersistent }?.subject == "/dev/mapper/lifeboot-persistent")
    }

    @Test("a persistent device that did not come is not waited for twice")
    func absent() throws {
        var layout = Layout.default
        layout.persistentDevice = .label("DATA")
        var facts = Self.facts("lifeboot.role=active", layout: layout)
        facts.persistent = .absent
        let mount = try BootPlan.state(facts).steps.first { $0.kind == .mountPersistent }
        guard case .mountDevice(let source, _, _, _) = mount?.action else { throw PlanningError.missing("the step") }
        #expect(source == .anywhere(.label("DATA"), timeout: 1))
    }

    @Test("recovery mounts neither persistent data nor volumes")
    func recovery() throws {
        let facts = Self.facts(
            "lifeboot.role=recovery lifeboot.volume=LABEL=x:/srv/x", layout: GoldenCase.persistentLayout)
        let kinds = Set(try BootPlan.state(facts).steps.map(\.kind))
        #expect(kinds == [.mountState, .mountOverlayStore, .overlayPath])
    }

    @Test("a volume on the command line is required", arguments: ["lifeboot.volume", "rd.cos.mount"])
    func volume(name: String) throws {
        let steps = try BootPlan.state(Self.facts("\(name)=LABEL=data:/data")).steps
        #expect(steps.first { $0.kind == .mountVolume }?.requirement == .required)
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

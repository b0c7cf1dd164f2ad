import BootModel
import BootPlanning
import Faults
import KernelModules
import Plans
import Testing

@Suite("Machine plan")
struct MachinePlanTests {
    static let names = [
        "loop", "dm_mod", "dm_verity", "squashfs", "overlay", "ext4", "sha256_ssse3", "virtio_blk", "softdog", "other",
    ]

    static func facts(
        _ words: String = "", without missing: Set<String> = [], builtin: [String] = [], configuration: String = "",
        aliases: [String] = ["virtio:d2v1", "cpu:x:0089"], flags: Set<String> = ["ssse3"]
    ) -> MachineFacts {
        var index = ModuleIndex()
        for name in names where !missing.contains(name) {
            let needs = name == "dm_verity" && !missing.contains("dm_mod") ? " k/dm_mod.ko" : ""
            index.addDependencies(Array("k/\(name).ko:\(needs)\n".utf8))
        }
        index.addBuiltin(Array(builtin.map { "k/\($0).ko\n" }.joined().utf8))
        index.addLines(Array("alias virtio:d2v* virtio_blk\nalias cpu:x:*0089* sha256_ssse3\n".utf8))
        var settings = ModuleSettings()
        _ = settings.add(configuration: Array(configuration.utf8))
        let line = KernelCommandLine(parsing: words)
        for word in line.words { settings.add(word: word.name, word.value) }
        return MachineFacts(
            parameters: BootParameters(line), release: "6.1-test", modules: ModuleResolver(index, settings),
            aliases: aliases, processorFlags: flags)
    }

    private func loads(_ facts: MachineFacts) throws -> [String] {
        try BootPlan.machine(facts).steps.filter { $0.action.kind == .loadModule }.map(\.action.subject)
    }

    @Test("drivers come before what the root is mounted by, so that disks answer meanwhile")
    func order() throws {
        let plan = try BootPlan.machine(Self.facts())
        #expect(plan.steps.first?.action == .followDevices)
        let wanted = ["virtio_blk", "loop", "dm_mod", "dm_verity", "squashfs", "overlay", "sha256_ssse3", "ext4"]
        #expect(try loads(Self.facts()) == wanted)
    }

    @Test("only what the root cannot be mounted without is required")
    func required() throws {
        let steps = try BootPlan.machine(Self.facts()).steps
        let required = steps.filter { $0.requirement == .required }.map(\.action.subject)
        #expect(required == ["loop", "dm_mod", "dm_verity", "squashfs", "overlay"])
    }

    @Test("a module that a device brings in and the root needs is required all the same")
    func promoted() throws {
        var facts = Self.facts(aliases: ["x:1"])
        var index = facts.modules?.index ?? ModuleIndex()
        index.addLines(Array("alias x:* loop\n".utf8))
        facts.modules = ModuleResolver(index, ModuleSettings())
        let steps = try BootPlan.machine(facts).steps
        #expect(steps.filter { $0.action.subject == "loop" }.map(\.requirement) == [.required])
    }

    @Test(
        "a missing module ends the boot with the kernel's name, unless it is built in or not needed",
        arguments: ["loop", "dm_mod", "dm_verity", "squashfs", "overlay"])
    func missing(name: String) throws {
        let error = #expect(throws: PlanningError.self) { try BootPlan.machine(Self.facts(without: [name])) }
        #expect(error.map { $0.cause.contains(name) && $0.cause.contains("6.1-test") } == true)
        #expect(try !loads(Self.facts(without: [name], builtin: [name])).contains(name))
        let isVerity = name.hasPrefix("dm_")
        let unverified = Self.facts("lifeboot.verity=off", without: [name])
        let plan = try? BootPlan.machine(unverified)
        #expect((plan != nil) == isVerity)
    }

    @Test("what only helps may be missing")
    func helpers() throws {
        let facts = Self.facts(without: ["ext4", "sha256_ssse3"])
        #expect(try loads(facts).last == "overlay")
        #expect(try !loads(Self.facts(aliases: [], flags: [])).contains("sha256_ssse3"))
        let bare = try loads(Self.facts(flags: []))
        #expect(!bare.contains("sha256_ssse3"), "a processor brings in nothing by itself")
    }

    @Test("a live boot has no partition of its own, whose filesystem it would load")
    func live() throws {
        #expect(try !loads(Self.facts("lifeboot.mode=live lifeboot.image=0123456789abcdef")).contains("ext4"))
    }

    @Test("rd.driver.pre comes first, and a blacklist keeps drivers out")
    func words() throws {
        #expect(try loads(Self.facts("rd.driver.pre=softdog,nowhere")).prefix(2) == ["softdog", "virtio_blk"])
        #expect(try !loads(Self.facts("rd.driver.blacklist=virtio_blk")).contains("virtio_blk"))
        #expect(try !loads(Self.facts(configuration: "install loop /bin/false")).contains("loop"))
    }

    @Test("a kernel without modules has nothing to load")
    func noModules() throws {
        let facts = MachineFacts(parameters: BootParameters(), release: "6.1", modules: nil)
        #expect(try BootPlan.machine(facts).steps.isEmpty)
    }
}

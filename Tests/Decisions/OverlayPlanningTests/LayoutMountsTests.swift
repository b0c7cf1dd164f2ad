import BootModel
import Plans
import SystemLayout
import SystemPackage
import Testing

@testable import OverlayPlanning

@Suite("What the layout mounts, for overlays")
struct LayoutMountsTests {
    private static func facts(
        ephemeral: [String] = [], kept: [String] = [], bound: [String] = [], volumes: [String] = []
    ) -> [OverlayHierarchy: HierarchyFacts] {
        let actions: [BootAction] =
            ephemeral.map { .overlayPath(FilePath($0), root: "/sysroot", store: "/run/lifeboot/overlay") }
            + kept.map { .persistPath(FilePath($0), root: "/sysroot", store: "/p", mode: .overlay) }
            + bound.map { .persistPath(FilePath($0), root: "/sysroot", store: "/p", mode: .bind) }
            + volumes.map {
                .mountVolume(
                    DeviceMount(
                        .anywhere(.label("DATA"), timeout: 1), MountSpec(on: FilePath($0), options: []),
                        root: "/sysroot", force: nil))
            }
        return LayoutMounts(BootPlan(.state, actions.map { Step($0) })).hierarchies
    }

    @Test("all hierarchies are there, and nothing lies over or under one that no path is in")
    func none() {
        let facts = Self.facts(ephemeral: ["/var", "/usrlocal"])
        #expect(Set(facts.keys) == Set(OverlayHierarchy.allCases))
        #expect(facts.values.allSatisfy { $0 == HierarchyFacts() })
    }

    @Test("a hierarchy that is itself writable takes overlays as lower layers, ephemeral or kept")
    func writable() {
        let facts = Self.facts(ephemeral: ["/etc"], kept: ["/opt"])
        #expect(facts[.etc]?.isWritable == true && facts[.opt]?.isWritable == true && facts[.usr]?.isWritable == false)
        #expect(facts[.etc]?.inside == 0)
    }

    @Test("overlays inside are counted along the deepest path, the hierarchy's own left out")
    func inside() {
        let facts = Self.facts(ephemeral: ["/etc", "/usr/local"], kept: ["/usr/local/lib", "/usr/share", "/opt/a"])
        #expect(facts[.usr]?.inside == 2 && facts[.opt]?.inside == 1 && facts[.etc]?.inside == 0)
    }

    @Test("a root that is writable as a whole lies below all of them")
    func below() {
        let facts = Self.facts(ephemeral: ["/"])
        #expect(facts.values.allSatisfy { $0.below == 1 && !$0.isWritable && $0.inside == 0 })
    }

    @Test("a bound folder and a volume hide a hierarchy, and are no overlays")
    func hidden() {
        let facts = Self.facts(bound: ["/opt", "/usr/local"], volumes: ["/etc"])
        #expect(facts[.opt]?.hiddenBy == "the layout binds a folder of the persistent partition there")
        #expect(facts[.etc]?.hiddenBy == "the layout mounts LABEL=DATA there")
        #expect(facts[.usr]?.hiddenBy == nil && facts[.usr]?.inside == 0)
    }
}

import Faults
import GrubEnvironment
import ImageModel
import Plans
import Testing
import TransactionPlanning

@Suite("What a new image is compared with")
struct InstalledImageTests {
    private static func refusal(_ change: (inout UpgradeFacts) throws -> Void) throws -> Refusal? {
        let facts = try UpgradeFacts.fake(change)
        do throws(Refusal) {
            _ = try UpgradePlan(facts)
            return nil
        } catch { return error }
    }

    /// Gives all installed images a name.
    private static func name(_ facts: inout UpgradeFacts, _ name: String = "demo", system: String = "debian") {
        for index in facts.state.images.indices {
            (facts.state.images[index].name, facts.state.images[index].system) = (name, system)
        }
        for index in facts.recovery.images.indices { facts.recovery.images[index].name = name }
    }

    @Test("another product is refused, with the option that takes it", arguments: [nil, Role.recovery])
    func product(_ only: Role?) throws {
        let refusal = try Self.refusal {
            Self.name(&$0, "router")
            $0.options.only = only
        }
        #expect(refusal?.kind == .product && refusal?.cause == "it is demo, and router is installed")
        #expect(refusal?.remedy.contains("--allow-other-product") == true)
        let allowed = try Self.refusal {
            Self.name(&$0, "router")
            $0.options.only = only
            $0.options.allowsOtherProduct = true
        }
        #expect(allowed == nil)
        #expect(try Self.refusal { Self.name(&$0) } == nil)
    }

    @Test(
        "an image that gets its name only when it is made may become what is installed, or what that calls its system")
    func unnamed() throws {
        let facts = try UpgradeFacts.fake {
            Self.name(&$0, "router")
            $0.candidate = try .fake("3", kind: .container)
            $0.candidate.isNamed = false
        }
        let written = try #require(try UpgradePlan(facts).active).steps.compactMap { step in
            if case .writeImage(let candidate, _, _) = step.action { candidate.products } else { nil }
        }
        #expect(written == [["router", "debian"]])
        var named = facts
        named.candidate.isNamed = true
        #expect(named.products == ["router"])
    }

    @Test("an image that nobody counted never locks out a counted release")
    func uncounted() throws {
        let made = Int64(1_790_000_000)
        let install: (inout UpgradeFacts) throws -> Void = { facts in
            facts.state.images[1].sequence = made
            facts.state.images[1].created = made
        }
        #expect(try Self.refusal(install) == nil)
        #expect(try UpgradeFacts.fake(install).installedSequence == nil, "a channel has releases for it")
        let older = try Self.refusal {
            try install(&$0)
            $0.state.images[0].sequence = 7
        }
        #expect(older?.kind == .downgrade && older?.cause.contains("lower than 7") == true, "passive is counted")
    }

    @Test(
        "an image without a sequence is older or newer by when it was made",
        arguments: [(1_700, true), (1_900, false)] as [(Int64, Bool)])
    func times(_ made: Int64, _ isRefused: Bool) throws {
        for installed in [Int64(2), 1_800] {
            let refusal = try Self.refusal {
                $0.state.images[1].sequence = installed
                $0.state.images[1].created = 1_800
                $0.candidate.sequence = made
                $0.candidate.created = made
            }
            #expect((refusal?.kind == .downgrade) == isRefused)
        }
    }

    @Test("what cannot be compared is said and refused")
    func undecided() throws {
        let unreadable: (inout UpgradeFacts) throws -> Void = {
            for index in $0.state.images.indices { $0.state.images[index].sequence = nil }
            $0.recovery.images[0].sequence = nil
        }
        #expect(try Self.refusal(unreadable)?.kind == .product)
        let downgrade = try Self.refusal {
            try unreadable(&$0)
            $0.options.allowsOtherProduct = true
        }
        #expect(downgrade?.kind == .downgrade && downgrade?.cause.contains("nobody knows whether it is older") == true)
        let both = try Self.refusal {
            try unreadable(&$0)
            $0.options.allowsOtherProduct = true
            $0.options.allowsDowngrade = true
        }
        #expect(both == nil)
        let timeless = try Self.refusal {
            $0.candidate.sequence = 5
            $0.candidate.created = 5
        }
        #expect(timeless?.kind == .downgrade, "active is counted, and nobody knows when it was made")
    }

    @Test("where only active's manifest cannot be read the next role stands for it, and that is said")
    func nextRole() throws {
        let facts = try UpgradeFacts.fake { $0.state.images.removeLast() }
        let plan = try UpgradePlan(facts)
        #expect(plan.notes.contains { $0.contains("cannot be read") && $0.contains("was compared with instead") })
        let gone = try UpgradeFacts.fake {
            $0.state.images = []
            $0.environment.passive = nil
            $0.recovery.images = [try .fake("4")]
            $0.environment.recovery = try .fake("4")
        }
        #expect(throws: Refusal.self) { try UpgradePlan(gone) }
        #expect(try UpgradePlan(try .fake()).notes.allSatisfy { !$0.contains("compared with instead") })
    }

    @Test("a machine without any image takes any")
    func nothing() throws {
        let refusal = try Self.refusal {
            $0.environment = BootEnvironment()
            ($0.state.images, $0.recovery.images) = ([], [])
        }
        #expect(refusal == nil)
    }
}

import Faults
import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("Room for an upgrade")
struct StoreRoomTests {
    /// What the image of the fixture needs: 300 MB, and 4 MiB for what comes with it.
    static let needed = 304_194_304

    /// Plans active's part where so much is free.
    private static func plan(
        free: Int, _ change: (inout UpgradeFacts) throws -> Void = { _ in }
    ) throws -> Plan<UpgradeAction>? {
        try UpgradePlan(
            try .fake {
                $0.state.free = free
                $0.options.only = .active
                try change(&$0)
            }
        ).active
    }

    /// Says that a plan is refused for want of room.
    private static func isFull(free: Int, _ change: (inout UpgradeFacts) throws -> Void = { _ in }) throws -> Bool {
        do {
            _ = try plan(free: free, change)
            return false
        } catch let refusal as Refusal { return refusal.kind == .space }
    }

    @Test("an image fits to the byte")
    func exact() throws {
        #expect(try !Self.isFull(free: Self.needed))
        #expect(try Self.isFull(free: Self.needed - 1))
        let names = try #require(try Self.plan(free: Self.needed) { $0.options.allowsGivingUpPassive = true })
            .steps.map(\.action.name)
        #expect(!names.contains("remove-image"), "passive stays where there is room for three")
    }

    @Test("recovery's image fits to the byte")
    func recovery() throws {
        for (missing, isFull) in [(0, false), (1, true)] {
            let facts = try UpgradeFacts.fake {
                $0.recovery.free = Self.needed - missing
                $0.options.only = .recovery
            }
            if isFull {
                #expect(throws: Refusal.self) { try UpgradePlan(facts) }
            } else {
                #expect(try UpgradePlan(facts).recovery != nil)
            }
        }
    }

    @Test("giving passive up helps to the byte")
    func givingUp() throws {
        let passive = 300_000_000
        #expect(try !Self.isFull(free: Self.needed - passive) { $0.options.allowsGivingUpPassive = true })
        #expect(try Self.isFull(free: Self.needed - passive - 1) { $0.options.allowsGivingUpPassive = true })
    }

    @Test("an image that is active too is not given up as passive")
    func passiveIsActive() throws {
        let isFull = try Self.isFull(free: Self.needed - 300_000_000) {
            $0.environment.passive = $0.environment.active
            $0.state.images = [try .fake("2")]
            $0.runningRole = .recovery
            $0.runningImage = try .fake("1")
            $0.options.allowsGivingUpPassive = true
        }
        #expect(isFull)
    }

    @Test("what was fetched already needs no room again, and what others left is room")
    func started() throws {
        #expect(
            try !Self.isFull(free: Self.needed - 7) {
                $0.state.staging = [.init(".staging-3333333333333333", bytes: 7)]
            })
        #expect(
            try Self.isFull(free: Self.needed - 8) { $0.state.staging = [.init(".staging-3333333333333333", bytes: 7)] }
        )
        #expect(
            try !Self.isFull(free: Self.needed - 7) {
                $0.state.staging = [.init(".staging-7777777777777777", bytes: 7)]
            })
        #expect(try !Self.isFull(free: Self.needed - 300_000_000) { $0.state.images.append(try .fake("9")) })
    }

    @Test("an image that is there already leaves nothing to go on with in its own staging folder")
    func staleStaging() throws {
        let plan = try Self.plan(free: 0) {
            $0.state.images.append(try .fake("3"))
            $0.state.staging = [.init(".staging-3333333333333333", bytes: 7)]
        }
        let removed = plan?.steps.compactMap { step in
            if case .removeLeftovers(_, let names) = step.action { names } else { nil }
        }
        #expect(removed == [[".staging-3333333333333333"]])
    }
}

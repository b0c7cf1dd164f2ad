import Faults
import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("Which images an upgrade makes use of")
struct ImageReuseTests {
    /// The names of the actions of active's part, or of recovery's alone.
    private static func names(
        _ only: Role, _ change: (inout UpgradeFacts) throws -> Void
    ) throws -> [String] {
        let plan = try UpgradePlan(
            try .fake {
                $0.options.only = only
                try change(&$0)
            })
        return (only == .active ? plan.active : plan.recovery)?.steps.map(\.action.name) ?? []
    }

    @Test(
        "an image that is whole is verified and published, one that is half there is written", arguments: [true, false])
    func active(isWhole: Bool) throws {
        let names = try Self.names(.active) { $0.state.images.append(try .fake("3", isWhole: isWhole)) }
        #expect(names.contains("verify-image") == isWhole)
        #expect(names.contains("write-image") == !isWhole)
    }

    @Test("the same holds on the recovery partition", arguments: [true, false])
    func recovery(isWhole: Bool) throws {
        let names = try Self.names(.recovery) { $0.recovery.images.append(try .fake("3", isWhole: isWhole)) }
        #expect(names.contains("verify-image") == isWhole)
        #expect(names.contains("write-image") == !isWhole)
    }

    @Test("recovery's image is copied from the state partition only when it is whole there", arguments: [true, false])
    func copy(isWhole: Bool) throws {
        let names = try Self.names(.recovery) { $0.state.images.append(try .fake("3", isWhole: isWhole)) }
        #expect(names.contains("copy-image") == isWhole)
        #expect(names.contains("write-image") == !isWhole)
    }

    @Test("an image made of layers that is on the state partition needs no room for layers on recovery's")
    func copyWithoutLayers() throws {
        let names = try Self.names(.recovery) {
            $0.candidate = try .fake("3", kind: .container)
            $0.state.images.append(try .fake("3"))
            $0.recovery.free = $0.candidate.bytes + $0.candidate.workspace / 2
        }
        #expect(names.contains("copy-image"))
    }

    @Test("a damaged recovery is made anew when it is asked for, though it is this very image")
    func damagedRecovery() throws {
        let names = try Self.names(.recovery) {
            $0.recovery.images = [try .fake("3", isWhole: false)]
            $0.environment.recovery = try .fake("3")
        }
        #expect(names.contains("write-image"))
    }

    @Test("recovery is replaced by a higher sequence only, unless it is asked for", arguments: [2, 3, 4] as [Int64])
    func sequence(installed: Int64) throws {
        let facts = try UpgradeFacts.fake {
            $0.recovery.images[0].sequence = installed
            $0.options.allowsDowngrade = true
            $0.options.withRecovery = true
        }
        #expect(try (UpgradePlan(facts).recovery != nil) == (installed < 3))
        var asked = facts
        asked.options.only = .recovery
        #expect(try UpgradePlan(asked).recovery != nil)
    }

    @Test("an image that asks for this very agent is taken, one that asks for the next is not")
    func agent() throws {
        let exact = try UpgradeFacts.fake { $0.candidate.minimumAgent = AgentVersion(0, 1, 0) }
        #expect(throws: Never.self) { try UpgradePlan(exact) }
        let next = try UpgradeFacts.fake { $0.candidate.minimumAgent = AgentVersion(0, 1, 1) }
        #expect(throws: Refusal.self) { try UpgradePlan(next) }
    }
}

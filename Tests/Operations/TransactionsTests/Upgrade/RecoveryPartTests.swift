import Faults
import GrubEnvironment
import ImageModel
import ReleaseModel
import TestMachines
import Testing
import TransactionPlanning
import Transactions

@Suite("An upgrade whose part for recovery ends early")
struct RecoveryPartTests {
    /// Plans an upgrade in which the first call of recovery's part fails.
    private static func failure(_ scene: UpgradeScene, _ only: Role?) throws -> UpgradePlan {
        let undisturbed = try UpgradeScene()
        try undisturbed.run(try undisturbed.plan { $0.options.only = only })
        let call = try #require(undisturbed.faults.calls.firstIndex(of: "open recovery"))
        scene.faults.failing = call + 1
        return try scene.plan { $0.options.only = only }
    }

    @Test("alone it fails, and its reason is the result")
    func onlyFails() throws {
        let scene = try UpgradeScene()
        let before = scene.store.current
        let plan = try Self.failure(scene, .recovery)
        let failure = #expect(throws: TransactionFailure.self) { try scene.run(plan) }
        #expect(failure?.description.contains("open recovery: input/output error") == true)
        #expect(failure?.remedy.contains("Active was upgraded") == false)
        #expect(scene.store.current == before && scene.store.history.isEmpty)
    }

    @Test("alone it is cancelled, and says so", arguments: 0..<6)
    func onlyCancelled(_ questions: Int) throws {
        let scene = try UpgradeScene()
        let before = scene.store.current
        let plan = try scene.plan { $0.options.only = .recovery }
        var asked = 0
        let failure = #expect(throws: TransactionFailure.self) {
            try scene.run(plan) {
                asked += 1
                return asked > questions
            }
        }
        #expect(failure.map { RefusalKind($0) } == .cancelled)
        #expect(failure?.remedy.contains("Active was upgraded") == false)
        #expect(scene.store.current == before && scene.store.history.isEmpty)
    }

    @Test("after active's part its failure is a warning")
    func laterFails() throws {
        let scene = try UpgradeScene()
        let result = try scene.run(try Self.failure(scene, nil))
        #expect(result.isChanged && result.image == scene.images[2].id)
        #expect(result.warnings.count == 1)
        #expect(result.warnings.first?.contains("open recovery: input/output error") == true)
        #expect(result.warnings.first?.contains("`lifeboot upgrade --only recovery` upgrades it") == true)
        #expect(scene.store.current.active == scene.images[2].id)
        #expect(scene.store.current.recovery == scene.images[0].id)
    }

    @Test("after active's part a cancellation ends the upgrade and says what is done")
    func laterCancelled() throws {
        let scene = try UpgradeScene()
        let plan = try scene.plan()
        let failure = #expect(throws: TransactionFailure.self) {
            try scene.run(plan, isCancelled: { !scene.store.history.isEmpty })
        }
        #expect(failure.map { RefusalKind($0) } == .cancelled)
        #expect(failure?.remedy.contains("Active was upgraded, recovery is as it was") == true)
        #expect(scene.store.current.active == scene.images[2].id)
        #expect(scene.store.current.recovery == scene.images[0].id)
    }
}

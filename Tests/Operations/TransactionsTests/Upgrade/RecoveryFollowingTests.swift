import Faults
import GrubEnvironment
import ImageModel
import InstalledSystem
import Plans
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("Recovery after a healthy boot, on folders")
struct RecoveryFollowingSceneTests {
    /// Active 3 is good and runs, passive is 2, recovery is 1.
    private static func scene() throws -> UpgradeScene {
        var scene = try UpgradeScene()
        try scene.run(try scene.plan { $0.options.only = .active })
        scene.store.current.activeState = .good
        scene.store.history = []
        scene.running = (.active, scene.images[2].id)
        scene.faults.calls = []
        return scene
    }

    private static func plan(_ scene: UpgradeScene) throws -> Plan<UpgradeAction> {
        try #require(
            try RecoveryFollowingPlan(
                UpgradeFacts(
                    runningRole: .active, runningImage: scene.running.image, environment: scene.store.current,
                    state: try scene.facts("state"), recovery: try scene.facts("recovery"),
                    machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)),
                    candidate: scene.images[2].candidate)
            ).plan)
    }

    private static func run(_ scene: UpgradeScene) throws -> [String] {
        var effects = UpgradeEffects(
            machine: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store),
            supplier: FakeSupplier(signature: .publisher, image: scene.images[2], faults: scene.faults),
            hooks: HookRunner(isStrict: true, folders: []), running: scene.running)
        return try TransactionRunner.run(try plan(scene), &effects) { _ in }.warnings
    }

    @Test("the image of active is copied, nothing is fetched, and the old one goes")
    func copies() throws {
        let scene = try Self.scene()
        #expect(try Self.run(scene) == [])
        #expect(scene.store.current.recovery == scene.images[2].id)
        #expect(try scene.folder.names("recovery/images") == [scene.images[2].id.description])
        #expect(!scene.faults.calls.contains("part 1"))
        #expect(scene.operations.last == "upgrade recovery 1 -> 3")
        try scene.checkWhole("the copy")
    }

    @Test(
        "with a fault at every call recovery is whole all the same, and the next boot does it",
        arguments: [false, true])
    func faults(_ isAfter: Bool) throws {
        let undisturbed = try Self.scene()
        _ = try Self.run(undisturbed)
        let calls = undisturbed.faults.calls.count
        #expect(calls > 4)
        for number in 1...calls {
            let scene = try Self.scene()
            (scene.faults.failing, scene.faults.isAfter) = (number, isAfter)
            _ = try? Self.run(scene)
            try scene.checkWhole("call \(number)")
            scene.faults.failing = nil
            if scene.store.current.recovery != scene.images[2].id { _ = try Self.run(scene) }
            #expect(scene.store.current.recovery == scene.images[2].id)
            try scene.checkWhole("call \(number) and a retry")
        }
    }
}

@Suite("A restart after an operation")
struct RestartCheckTests {
    @Test("is made only when boot.env, read again, starts what was made active")
    func check() throws {
        var machine = FakeMachine()
        let active = try #require(ImageID.fake("a"))
        #expect(RestartCheck.obstacle(to: active, on: machine) == nil)
        #expect(RestartCheck.obstacle(to: nil, on: machine) == nil)
        #expect(RestartCheck.obstacle(to: .fake("b"), on: machine)?.contains("does not start") == true)
        machine.edit { $0.pending = .reset }
        #expect(RestartCheck.obstacle(to: active, on: machine)?.contains("does not start") == true)
        machine.unreadable = ["boot"]
        #expect(RestartCheck.obstacle(to: active, on: machine)?.contains("nobody knows") == true)
    }
}

import Faults
import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import TestMachines
import Testing
import TransactionPlanning
import Transactions

@Suite("What an upgrade leaves alone when the roles have changed since it was planned")
struct UpgradeEffectsTests {
    @Test(
        "an image that got a role since the plan was made stays, damaged as it is, and nobody is told that it went",
        arguments: [Role.active, .passive])
    func leftoverWithRole(_ role: Role) throws {
        let scene = try UpgradeScene()
        let name = "state/images/\(scene.images[2].id)"
        try scene.images[2].write(scene.path(name))
        let plan = try scene.plan { $0.options.only = .active }
        try scene.folder.write(String(repeating: "x", count: 4096), to: "\(name)/vmlinuz")
        scene.store.current.setImage(scene.images[2].id, of: role)
        let failure = #expect(throws: TransactionFailure.self) { try scene.run(plan) }
        #expect(failure.map { RefusalKind($0) } == .mismatch)
        #expect(failure?.cause.contains("See `lifeboot status` for what else can boot.") == true)
        #expect(try scene.folder.names(name).contains("manifest.json"))
    }

    @Test("an image that turns out to be another product gets no name and no role")
    func otherProduct() throws {
        let scene = try UpgradeScene()
        let before = scene.store.current
        let plan = try scene.plan {
            for index in $0.state.images.indices { $0.state.images[index].name = "router" }
            $0.candidate.isNamed = false
        }
        let failure = #expect(throws: TransactionFailure.self) { try scene.run(plan) }
        #expect(failure.map { RefusalKind($0) } == .product)
        #expect(failure?.cause.contains("it is demo, and router is installed") == true)
        #expect(scene.store.current == before)
        #expect(try !scene.folder.names("state/images").contains(scene.images[2].id.description))
    }

    @Test("leftovers that got a role since the plan was made are not removed")
    func leftoversWithRole() throws {
        let scene = try UpgradeScene()
        let stray = try FakeImage("7")
        try stray.write(scene.path("state/images/\(stray.id)"))
        let plan = try scene.plan {
            $0.state.images.append(stray.fact())
            $0.options.only = .active
        }
        let removed = plan.active?.steps.compactMap { step in
            if case .removeLeftovers(_, let names) = step.action { names } else { nil }
        }
        #expect(removed == [[".staging-0000000000000000", stray.id.description].sorted()])
        scene.store.current.passive = stray.id
        scene.store.current.activeState = .trial
        try scene.run(plan)
        #expect(scene.store.current.passive == stray.id)
        #expect(try stray.isWhole(in: scene.path("state")))
    }
}

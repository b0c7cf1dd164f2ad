import Faults
import GrubEnvironment
import ImageModel
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("What a commit makes of the roles")
struct RoleChangeTests {
    static func environment(_ activeState: ImageState, _ passiveState: ImageState = .good) throws -> BootEnvironment {
        var environment = BootEnvironment(
            active: try .fake("2"), passive: try .fake("1"), recovery: try .fake("9"), activeState: activeState,
            passiveState: passiveState)
        environment.setTries(1, of: .active)
        environment.setTries(2, of: .passive)
        environment.defaultRole = .passive
        environment.next = .recovery
        return environment
    }

    @Test(
        "an upgrade makes passive the newest image known good",
        arguments: [
            (Role.active, ImageState.good, Character("2")), (.active, .trial, "1"), (.active, .bad, "1"),
            (.recovery, .good, "2"), (.recovery, .trial, "1"), (.passive, .good, "1"), (.passive, .bad, "1"),
        ])
    func upgrade(_ running: Role, _ state: ImageState, _ passive: Character) throws {
        let change = RoleChange.upgradeActive(running: running)
        let after = try change.applied(to: try Self.environment(state), image: try .fake("3"))
        #expect(after.active == (try .fake("3")) && after.activeState == .trial && after.tries(of: .active) == 3)
        #expect(after.passive == (try .fake(passive)) && after.passiveState == .good)
        #expect(after.tries(of: .passive) == (passive == "2" ? 3 : 2))
        #expect(after.recovery == (try .fake("9")))
        #expect(after.defaultRole == .active && after.next == nil)
    }

    @Test("an upgrade to the active image changes nothing, and applied twice it is the same")
    func idempotent() throws {
        let change = RoleChange.upgradeActive(running: .active)
        let environment = try Self.environment(.good)
        #expect(try change.applied(to: environment, image: try .fake("2")) == environment)
        let once = try change.applied(to: environment, image: try .fake("3"))
        #expect(try change.applied(to: once, image: try .fake("3")) == once)
    }

    @Test("a new recovery gets all its attempts and touches nothing else")
    func recovery() throws {
        var environment = try Self.environment(.good)
        environment.setTries(0, of: .recovery)
        let after = try RoleChange.upgradeRecovery.applied(to: environment, image: try .fake("3"))
        #expect(after.recovery == (try .fake("3")) && after.tries(of: .recovery) == 3)
        #expect(after.active == environment.active && after.passive == environment.passive)
        #expect(after.next == .recovery)
    }

    @Test(
        "a rollback exchanges the roles with their states", arguments: ImageState.allCases, [ImageState.good, .trial])
    func rollback(_ active: ImageState, _ passive: ImageState) throws {
        let after = try RoleChange.rollBack.applied(to: try Self.environment(active, passive))
        #expect(after.active == (try .fake("1")) && after.activeState == passive && after.tries(of: .active) == 3)
        #expect(after.passive == (try .fake("2")) && after.passiveState == active)
        #expect(after.tries(of: .passive) == (active == .good ? 3 : 1))
        #expect(after.defaultRole == .active && after.next == nil)
    }

    @Test("a passive image that was given up since the rollback was planned is tried, for nothing boots a bad active")
    func rollbackToBad() throws {
        let after = try RoleChange.rollBack.applied(to: try Self.environment(.good, .bad))
        #expect(after.active == (try .fake("1")) && after.activeState == .trial)
    }

    @Test("giving passive up leaves active, and no choice that leads to nothing")
    func givingUp() throws {
        var environment = try Self.environment(.good)
        environment.next = .passive
        let after = try RoleChange.giveUpPassive(try .fake("1")).applied(to: environment)
        #expect(after.passive == nil && after.defaultRole == .active && after.next == nil)
        #expect(throws: Refusal.self) { try RoleChange.giveUpPassive(try .fake("7")).applied(to: environment) }
        environment.active = nil
        #expect(throws: Refusal.self) { try RoleChange.giveUpPassive(try .fake("1")).applied(to: environment) }
    }

    @Test("a change without what it needs is refused")
    func senseless() throws {
        var environment = try Self.environment(.good)
        #expect(throws: Refusal.self) { try RoleChange.upgradeRecovery.applied(to: environment) }
        #expect(throws: Refusal.self) { try RoleChange.upgradeActive(running: .active).applied(to: environment) }
        environment.passive = nil
        #expect(throws: Refusal.self) { try RoleChange.rollBack.applied(to: environment) }
    }
}

import Faults
import GrubEnvironment
import ImageModel
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("Rollbacks")
struct RollbackPlanTests {
    static func facts(_ change: (inout RollbackFacts) throws -> Void = { _ in }) throws -> RollbackFacts {
        let machine = try UpgradeFacts.fake()
        var facts = RollbackFacts(
            runningRole: machine.runningRole, runningImage: machine.runningImage, environment: machine.environment,
            state: machine.state)
        try change(&facts)
        return facts
    }

    @Test("the plan is the one in the golden file", arguments: ImageState.allCases)
    func golden(_ state: ImageState) throws {
        let plan = try RollbackPlan(try Self.facts { $0.environment.activeState = state })
        try Golden.check(plan.lines, "rollback-\(state.rawValue)")
    }

    @Test("asked twice before a restart, the second time changes nothing", arguments: [Role.active, .passive])
    func twice(_ running: Role) throws {
        var facts = try Self.facts()
        facts.runningRole = running
        facts.runningImage = try .fake(running == .active ? "2" : "1")
        #expect(try RollbackPlan(facts).plan != nil)
        facts.environment = try RoleChange.rollBack.applied(to: facts.environment)
        #expect(try RollbackPlan(facts).plan == nil)
    }

    @Test("one image in both roles was not rolled back already")
    func bothRoles() throws {
        let plan = try RollbackPlan(try Self.facts { $0.environment.passive = $0.environment.active })
        #expect(plan.plan != nil)
    }

    @Test("a passive image that cannot boot is not rolled back to")
    func refused() throws {
        let changes: [(inout RollbackFacts) throws -> Void] = [
            { $0.environment.passive = nil }, { $0.environment.passiveState = .bad },
            { $0.state.images = [try .fake("1", isWhole: false), try .fake("2")] }, { $0.state.images = [] },
            { $0.environment.pending = .reset },
        ]
        for change in changes {
            let facts = try Self.facts(change)
            #expect(throws: Refusal.self) { try RollbackPlan(facts) }
        }
    }
}

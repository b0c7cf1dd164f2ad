import Faults
import Testing

@testable import Accounts

@Suite("Groups that are wanted")
struct GroupChangeTests {
    private func groups(_ groups: [WantedGroup]) -> AccountOutcome {
        AccountFixture.state.ensuring(groups: groups, facts: AccountFixture.facts)
    }

    private func group(_ name: String, _ change: (inout WantedGroup) -> Void = { _ in }) -> WantedGroup {
        var group = WantedGroup(name: name)
        change(&group)
        return group
    }

    @Test("written numbers come first, others are the lowest free")
    func numbers() {
        let wanted = [group("a"), group("b") { $0.gid = 1000 }, group("c") { $0.isSystem = true }]
        let state = groups(wanted).state
        #expect(state.line("a", .group) == "a:x:1002:" && state.line("a", .gshadow) == "a:!::")
        #expect(state.group["b"]?.gid == 1000 && state.group["c"]?.gid == 999)
    }

    @Test("members join, and who is no user is noted")
    func members() {
        let outcome = groups([group("sudo") { $0.members = ["ann", "daemon", "eve"] }])
        #expect(outcome.state.line("sudo", .group) == "sudo:x:27:ann,daemon")
        #expect(outcome.state.line("sudo", .gshadow) == "sudo:*::ann,daemon")
        #expect(outcome.notes == ["Group sudo is without eve, who is no user."])
    }

    @Test("a group that is there stays as it is")
    func existing() { #expect(groups([group("sudo"), group("sudo") { $0.gid = 27 }]).changes.isEmpty) }

    @Test("a number of another group, a wrong name and another number for root's group are failures")
    func failures() {
        let wanted = [
            group("a") { $0.gid = 27 }, group("b:c"), group("root") { $0.gid = 5 }, group("d") { $0.gid = .max },
            group("fine"),
        ]
        let outcome = groups(wanted)
        #expect(outcome.failures.map(\.error.kind) == [.taken, .protected, .value, .name])
        #expect(outcome.failures.map(\.isMade) == [false, true, false, false])
        #expect(outcome.changes.map(\.name) == ["fine", "fine"])
    }

    @Test("what a group that is gone left in gshadow is nothing to a new one")
    func stale() {
        let old = AccountFixture.state(gshadow: "a:secret:eve:eve\n")
        let state = old.ensuring(groups: [group("a")], facts: AccountFixture.facts).state
        #expect(state.text(.gshadow) == "a:!::\n")
    }

    @Test("a gid that stands with a user alone is not given")
    func dangling() {
        let old = AccountFixture.state(passwd: "bob:x:1000:1000::/:\n")
        let state = old.ensuring(groups: [group("a")], facts: AccountFixture.facts).state
        #expect(state.group["a"]?.gid == 1002)
    }
}

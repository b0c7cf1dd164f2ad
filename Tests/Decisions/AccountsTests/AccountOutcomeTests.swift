import Testing

@testable import Accounts

@Suite("Outcome of a change of accounts")
struct AccountOutcomeTests {
    @Test("it tells which fields of which lines changed, and no value")
    func changes() {
        let wanted = [
            WantedUser("ann") { ($0.shell, $0.password, $0.groups) = ("/bin/zsh", .plain("hunter2"), ["users"]) },
            WantedUser("bob"),
        ]
        let texts = AccountFixture.state.users(wanted).changes.map(\.description)
        #expect(
            texts == [
                "group: bob added", "group: users: members changed", "gshadow: bob added",
                "gshadow: users: members changed", "passwd: ann: shell changed", "passwd: bob added",
                "shadow: ann: password, date of the last change changed", "shadow: bob added",
            ])
    }

    @Test("a removed line is told")
    func removal() throws {
        let outcome = try AccountFixture.state.deleting("ann", from: .passwd)
        #expect(outcome.changes.map(\.description) == ["passwd: ann removed", "shadow: ann removed"])
    }

    @Test("nothing changed is an empty list")
    func nothing() {
        let outcome = AccountFixture.state.users([WantedUser("ann")])
        #expect(outcome.changes.isEmpty && outcome.failures.isEmpty && outcome.state == AccountFixture.state)
    }
}

import Testing

@testable import Accounts

@Suite("State of the account files")
struct AccountStateTests {
    @Test("the file with the lock is written before the one that makes the account visible")
    func order() throws {
        let outcome = AccountFixture.state.users([WantedUser("bob") { $0.groups = ["sudo"] }])
        let writes = outcome.state.writes(since: AccountFixture.state)
        #expect(writes.map(\.file) == [.gshadow, .group, .shadow, .passwd])
        #expect(writes.allSatisfy { !$0.isNew && $0.bytes == outcome.state.bytes(of: $0.file) })
    }

    @Test("no cut between two files leaves a user who can log in with a password that is not his", arguments: 0...4)
    func cuts(done: Int) throws {
        // Somebody removed bob from passwd alone; what he left has an empty password.
        let old = AccountFixture.state(shadow: AccountFixture.shadow + "bob::1:0:99999:7:::\n")
        let wanted = [WantedUser("bob") { $0.password = .plain("new") }]
        let new = old.users(wanted).state
        var cut = old
        for write in new.writes(since: old).prefix(done) {
            switch write.file {
            case .passwd: cut.passwd = AccountFile(write.bytes)
            case .group: cut.group = AccountFile(write.bytes)
            case .shadow: cut.shadow = AccountFile(write.bytes)
            case .gshadow: cut.gshadow = AccountFile(write.bytes)
            }
        }
        #expect(cut.passwd["bob"] == nil || cut.shadow?["bob"]?.password == "$6$fake$new")
        #expect(cut.users(wanted).state == new)
    }

    @Test("a file that does not change is not written")
    func unchanged() throws {
        let outcome = AccountFixture.state.users([WantedUser("ann") { $0.shell = "/bin/zsh" }])
        #expect(outcome.state.writes(since: AccountFixture.state).map(\.file) == [.passwd])
        #expect(AccountFixture.state.writes(since: AccountFixture.state) == [])
    }

    @Test("an absent shadow is made for a new user, and an absent gshadow stays absent")
    func absent() throws {
        let old = AccountFixture.state(shadow: nil, gshadow: nil)
        let new = old.users([WantedUser("bob")]).state
        #expect(new.text(.shadow) == "bob:!:20000:0:99999:7:::\n")
        #expect(new.gshadow == nil)
        let writes = new.writes(since: old)
        #expect(writes.map(\.file) == [.group, .shadow, .passwd])
        #expect(writes.map(\.isNew) == [false, true, false])
        #expect(AccountFileKind.shadow.newMode == 0o600 && AccountFileKind.passwd.newMode == 0o644)
        #expect(AccountFileKind.gshadow.path == "/etc/gshadow")
    }
}

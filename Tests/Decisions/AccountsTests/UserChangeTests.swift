import Faults
import Testing

@testable import Accounts

@Suite("Users that are wanted")
struct UserChangeTests {
    @Test("a new user gets his lines in all files, with useradd's defaults")
    func newUser() {
        let outcome = AccountFixture.state.users([WantedUser("bob") { $0.password = .plain("pw") }])
        let state = outcome.state
        #expect(state.line("bob", .passwd) == "bob:x:1000:1000::/home/bob:/bin/sh")
        #expect(state.line("bob", .group) == "bob:x:1000:")
        #expect(state.line("bob", .shadow) == "bob:$6$fake$pw:20000:0:99999:7:::")
        #expect(state.line("bob", .gshadow) == "bob:!::")
        #expect(
            outcome.accounts == [
                ResolvedAccount(
                    name: "bob", uid: 1000, gid: 1000, home: "/home/bob", wantsHome: true, isNew: true, formerUid: nil)
            ])
        #expect(outcome.failures.isEmpty && outcome.notes.isEmpty)
    }

    @Test("a user without a password is locked, never without a password")
    func locked() {
        let state = AccountFixture.state.users([WantedUser("bob")]).state
        #expect(state.line("bob", .shadow) == "bob:!:20000:0:99999:7:::")
    }

    @Test("everything that is written is taken")
    func written() {
        let user = WantedUser("bob") {
            ($0.uid, $0.primaryGroup, $0.groups) = (1500, "users", ["sudo", "ann"])
            ($0.shell, $0.home, $0.gecos, $0.isLocked) = ("/bin/zsh", "/srv/bob", "Bob B", true)
            $0.password = .hashed("$y$j$a$b")
        }
        let state = AccountFixture.state.users([user]).state
        #expect(state.line("bob", .passwd) == "bob:x:1500:100:Bob B:/srv/bob:/bin/zsh")
        #expect(state.line("bob", .shadow) == "bob:!$y$j$a$b:20000:0:99999:7:::")
        #expect(state.line("sudo", .group) == "sudo:x:27:ann,bob")
        #expect(state.line("sudo", .gshadow) == "sudo:*::ann,bob")
        #expect(state.line("ann", .group) == "ann:x:1001:bob")
        #expect(state.line("bob", .group) == nil)
    }

    @Test("a user who is there changes in what is written, and in nothing else")
    func existing() {
        let old = AccountFixture.state
        let user = WantedUser("ann") { ($0.shell, $0.groups) = ("/bin/zsh", ["users"]) }
        let state = old.users([user]).state
        #expect(state.text(.passwd) == old.text(.passwd)?.replacing("/home/ann:/bin/bash", with: "/home/ann:/bin/zsh"))
        #expect(state.text(.group) == old.text(.group)?.replacing("users:x:100:", with: "users:x:100:ann"))
        #expect(state.line("sudo", .group) == "sudo:x:27:ann")
        #expect(state.text(.shadow) == old.text(.shadow))
    }

    @Test("a password that stays keeps the line, another one gets today's date")
    func passwordDate() {
        func shadow(_ password: String, today: Int? = 20_000) -> String? {
            let user = WantedUser("ann") { $0.password = .plain(password) }
            return AccountFixture.state.users([user], facts: AccountFacts(today: today)).state.line("ann", .shadow)
        }
        #expect(shadow("secret") == "ann:$6$fake$secret:19000:0:99999:7:::")
        #expect(shadow("new") == "ann:$6$fake$new:20000:0:99999:7:::")
        #expect(shadow("new", today: nil) == "ann:$6$fake$new:19000:0:99999:7:::")
    }

    @Test("a lock alone keeps the date")
    func lockDate() {
        for password in [nil, WantedPassword.plain("secret")] {
            let user = WantedUser("ann") { ($0.password, $0.isLocked, $0.mustChangePassword) = (password, true, true) }
            let state = AccountFixture.state.users([user]).state
            #expect(state.line("ann", .shadow) == "ann:!$6$fake$secret:19000:0:99999:7:::")
        }
    }

    @Test("who must choose another password is asked after it was set, and not again at each boot")
    func mustChange() {
        let user = WantedUser("ann") { ($0.password, $0.mustChangePassword) = (.plain("new"), true) }
        let first = AccountFixture.state.users([user]).state
        #expect(first.line("ann", .shadow) == "ann:$6$fake$new:0:0:99999:7:::")
        var chosen = first
        chosen.shadow = AccountFile(Array("ann:$6$fake$new:20001:0:99999:7:::\n".utf8))
        #expect(chosen.users([user]).changes.isEmpty)
    }

    @Test("a hash in passwd itself moves to shadow when it changes")
    func oldStyle() {
        let old = AccountFixture.state(shadow: nil, passwd: "ann:$6$fake$secret:1001:1001::/home/ann:\n")
        #expect(old.users([WantedUser("ann") { $0.password = .plain("secret") }]).changes.isEmpty)
        let state = old.users([WantedUser("ann") { $0.isLocked = true }]).state
        #expect(state.text(.passwd) == "ann:x:1001:1001::/home/ann:\n")
        #expect(state.text(.shadow) == "ann:!$6$fake$secret:20000:0:99999:7:::\n")
    }

    @Test("a user without a line in shadow, as a cut may leave him, gets a locked one")
    func cut() {
        let old = AccountFixture.state(shadow: "root:*:1::::::\n")
        #expect(old.users([WantedUser("ann")]).state.line("ann", .shadow) == "ann:!:20000:0:99999:7:::")
    }

    @Test("the password of a namesake who is gone is not inherited")
    func namesake() {
        let old = AccountFixture.state(shadow: "bob:$6$fake$old:1::::::\n")
        #expect(old.users([WantedUser("bob")]).state.text(.shadow) == "bob:!:20000:0:99999:7:::\n")
    }

    @Test("a group that is missing is made, or it is said where groups come from")
    func missingGroup() throws {
        let user = WantedUser("bob") { $0.groups = ["admin", "sudo"] }
        let made = AccountFixture.state.users([user], missing: .created)
        #expect(made.state.line("admin", .group) == "admin:x:1002:bob" && made.failures.isEmpty)
        let refused = AccountFixture.state.users([user])
        let failure = try #require(refused.failures.first)
        #expect(
            failure.error.description
                == "adding user bob to group admin: there is no such group. Bring the group with the image, or make it "
                + "before with `ensure_entities` or `groups`.")
        // The machine keeps the account, and the groups that are there.
        #expect(failure.isMade && refused.state.line("sudo", .group) == "sudo:x:27:ann,bob")
        #expect(refused.state.group["admin"] == nil && refused.failures.count == 1)
    }

    @Test("a primary group that is missing is made, or the user is not")
    func missingPrimary() {
        let user = WantedUser("bob") { $0.primaryGroup = "staff" }
        #expect(AccountFixture.state.users([user], missing: .created).state.group["staff"] != nil)
        let refused = AccountFixture.state.users([user])
        #expect(refused.failures.map(\.isMade) == [false] && refused.state == AccountFixture.state)
    }

    @Test("a primary group may be a number")
    func primaryNumber() {
        let state = AccountFixture.state.users([WantedUser("bob") { $0.primaryGroup = "27" }]).state
        #expect(state.passwd["bob"]?.gid == 27)
    }

    @Test("without a group of his own a user gets that of useradd")
    func noOwnGroup() {
        let state = AccountFixture.state.users([WantedUser("bob") { $0.hasOwnGroup = false }]).state
        #expect(state.passwd["bob"]?.gid == 100 && state.group["bob"] == nil)
    }

    @Test("a group of the user's name that is there is his")
    func ownGroupThere() {
        let old = AccountFixture.state.ensuring(groups: [WantedGroup(name: "bob")], facts: AccountFixture.facts).state
        let state = old.users([WantedUser("bob")]).state
        #expect(state.passwd["bob"]?.gid == old.group["bob"]?.gid && state.text(.group) == old.text(.group))
    }

    @Test("groups that are made take no number of a user's own group")
    func groupNumbers() {
        let users = [WantedUser("bob") { $0.groups = ["docker"] }, WantedUser("carl")]
        let state = AccountFixture.state.users(users, missing: .created).state
        #expect(state.passwd["carl"].map { $0.uid == $0.gid } == true)
        #expect(state.group["docker"]?.gid == 1003)
        let primary = [WantedUser("bob") { $0.primaryGroup = "staff" }, WantedUser("carl")]
        let other = AccountFixture.state.users(primary, missing: .created).state
        #expect(other.passwd["carl"].map { $0.uid == $0.gid } == true && other.group["staff"]?.gid == 1003)
    }

    @Test("one user who fails hides no other, and leaves nothing behind")
    func failures() {
        let users = [
            WantedUser("a:b"), WantedUser("bob") { $0.shell = "zsh" }, WantedUser("carl") { $0.gecos = "a\nb" },
            WantedUser("dora") { $0.uid = 0 }, WantedUser("emil") { $0.password = .plain("a\nb") },
            WantedUser("fritz"), WantedUser("gone") { $0.mustExist = true }, WantedUser("broken"),
            WantedUser("ann") { $0.home = "x" },
        ]
        let outcome = AccountFixture.state.users(users)
        let names = Set(outcome.failures.map(\.name))
        #expect(names == ["a:b", "bob", "carl", "dora", "emil", "gone", "broken", "ann"])
        #expect(outcome.failures.filter(\.isMade).map(\.name) == ["ann"])
        #expect(outcome.accounts.map(\.name) == ["fritz"])
        #expect(Set(outcome.changes.map(\.name)) == ["fritz"])
    }

    @Test("root stays root")
    func root() {
        let outcome = AccountFixture.state.users([WantedUser("root") { $0.uid = 1500 }])
        #expect(outcome.failures.map(\.error.kind) == [.protected] && outcome.changes.isEmpty)
        let state = AccountFixture.state.users([WantedUser("root") { $0.password = .plain("pw") }]).state
        #expect(state.line("root", .shadow) == "root:$6$fake$pw:20000:0:99999:7:::")
    }

    @Test("a number that changes is told, for files keep the old one")
    func formerUid() {
        let accounts = AccountFixture.state.users([WantedUser("ann") { $0.uid = 1500 }]).accounts
        #expect(accounts.map(\.formerUid) == [1001] && accounts.map(\.uid) == [1500])
    }

    @Test("a user who is named twice is changed twice")
    func twice() {
        let users = [WantedUser("bob") { $0.shell = "/bin/zsh" }, WantedUser("bob") { $0.groups = ["sudo"] }]
        let state = AccountFixture.state.users(users).state
        #expect(state.passwd["bob"]?.shell == "/bin/zsh" && state.group["sudo"]?.members == ["ann", "bob"])
    }

    @Test("homes are made for new users, and again below the usual folder")
    func homes() {
        let users = [
            WantedUser("ann"), WantedUser("bob") { $0.home = "/srv/bob" }, WantedUser("svc") { $0.isSystem = true },
            WantedUser("carl") { $0.createsHome = false }, WantedUser("nobody"),
            WantedUser("daemon") { $0.home = "/d" },
        ]
        let wants = AccountFixture.state.users(users).accounts.map(\.wantsHome)
        #expect(wants == [true, true, false, false, false, true])
    }

    @Test("what nobody can log in with, and a lock that cannot be opened, is noted")
    func notes() {
        let users = [
            WantedUser("bob") { $0.password = .hashed("$ecret") }, WantedUser("carl") { $0.isLocked = false },
            WantedUser("ann") { ($0.password, $0.isLocked) = (.hashed("$6$a$b"), false) },
        ]
        let notes = AccountFixture.state.users(users).notes
        #expect(notes.count == 2 && notes.allSatisfy { !$0.contains("ecret") })
        #expect(notes[0].contains("bob") && notes[1].contains("carl"))
    }
}

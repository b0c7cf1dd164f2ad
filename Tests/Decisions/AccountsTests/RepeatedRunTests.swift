import SeededNumbers
import Testing

@testable import Accounts

@Suite("Users that are wanted again")
struct RepeatedRunTests {
    @Test("wanted a second time, a day later, they change nothing", arguments: 0..<40)
    func twice(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let users = WantedUser.drawn(10, using: &generator)
        let scheme = AccountFixture.salted()
        let first = AccountFixture.state.users(users, missing: .created, scheme: scheme)
        let later = AccountFacts(today: 20_001)
        let second = first.state.users(users, missing: .created, facts: later, scheme: scheme)
        #expect(second.changes.isEmpty && second.state == first.state)
        #expect(first.failures.isEmpty && !first.changes.isEmpty)
    }

    @Test("lines of others never change, and none is lost", arguments: 0..<40)
    func others(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let users = WantedUser.drawn(10, using: &generator)
        let names = Set(users.map(\.name))
        let outcome = AccountFixture.state.users(users, missing: .created)
        for file in AccountFileKind.allCases {
            let isUserFile = file == .passwd || file == .shadow
            let touched = isUserFile ? names : Set(outcome.changes.filter { $0.file == file }.map(\.name))
            let kept = { (state: AccountState) in
                state.lines(file).filter { !touched.contains(String($0.prefix { $0 != ":" })) }
            }
            #expect(kept(outcome.state) == kept(AccountFixture.state))
        }
        #expect(outcome.state.users(users.reversed(), missing: .created).changes.isEmpty)
    }

    @Test("with /etc from the image anew, homes keep their owners, whoever is wanted besides", arguments: 0..<40)
    func nextBoot(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let all = WantedUser.drawn(10, using: &generator)
        let before = Array(all.prefix(6))
        let first = AccountFixture.state.users(before, missing: .created)
        var facts = AccountFixture.facts
        for account in first.accounts { facts.homes[account.home] = .init(uid: account.uid, gid: account.gid) }
        let second = AccountFixture.state.users(all.shuffled(using: &generator), missing: .created, facts: facts)
        for account in first.accounts { #expect(second.state.passwd[account.name]?.uid == account.uid) }
        let uids = second.accounts.map(\.uid)
        #expect(Set(uids).count == uids.count && second.failures.isEmpty)
    }
}

extension WantedUser {
    /// Draws users of different names, sound in all that is wanted of them.
    static func drawn(_ count: Int, using generator: inout SeededGenerator) -> [WantedUser] {
        (0..<count).map { number in
            WantedUser("user\(number)") { user in
                if Bool.random(using: &generator) { user.uid = UInt32(3000 + number) }
                user.password =
                    [nil, .plain("pw\(number)"), .hashed("$y$j$a$b"), .hashed("!")]
                    .randomElement(using: &generator) ?? nil
                user.isLocked = [nil, true, false].randomElement(using: &generator) ?? nil
                user.mustChangePassword = Bool.random(using: &generator)
                user.groups = ["sudo", "docker", "user0", "admin"].filter { _ in Bool.random(using: &generator) }
                user.primaryGroup = Int.random(in: 0..<4, using: &generator) == 0 ? "users" : nil
                user.shell = Bool.random(using: &generator) ? "/bin/bash" : nil
                user.home = Int.random(in: 0..<4, using: &generator) == 0 ? "/srv/\(number)" : nil
                user.gecos = Bool.random(using: &generator) ? "Number \(number), Öst" : nil
                user.isSystem = Int.random(in: 0..<4, using: &generator) == 0
            }
        }
    }
}

import Faults
import Testing

@testable import Accounts

@Suite("Allotment of numbers")
struct IdAllotmentTests {
    private func uids(
        _ users: [WantedUser], _ homes: [String: UInt32] = [:], passwd: String = AccountFixture.passwd
    ) -> [String: UInt32] {
        let facts = AccountFacts(homes: homes.mapValues { .init(uid: $0, gid: $0) })
        return IdAllotment(users, passwd: AccountFile(Array(passwd.utf8)), facts: facts).uids
    }

    @Test("a written number comes before the one that the user has, and before the owner of his home")
    func written() {
        let users = [WantedUser("ann") { $0.uid = 1500 }, WantedUser("bob") { $0.uid = 1600 }]
        #expect(uids(users, ["/home/bob": 1700]) == ["ann": 1500, "bob": 1600])
    }

    @Test("a user who is there keeps his number, whoever owns his home")
    func existing() { #expect(uids([WantedUser("ann")], ["/home/ann": 1700]) == ["ann": 1001]) }

    @Test("a new user is who owns his home, also where a lower number is free")
    func home() {
        #expect(uids([WantedUser("bob")], ["/home/bob": 1700]) == ["bob": 1700])
        #expect(uids([WantedUser("bob") { $0.home = "/srv/b/" }], ["/srv/b": 1700, "/home/bob": 9]) == ["bob": 1700])
    }

    @Test("he is not when another user has that number", arguments: [1001, 0, 65_534, 65_535, UInt32.max])
    func homeOfAnother(owner: UInt32) {
        #expect(uids([WantedUser("bob")], ["/home/bob": owner]) == ["bob": 1000])
    }

    @Test("the lowest number that is free, and that owns no home of somebody else")
    func free() {
        let homes: [String: UInt32] = ["/home/carl": 1000, "/home/dora": 1002]
        #expect(uids([WantedUser("bob"), WantedUser("eve")], homes) == ["bob": 1004, "eve": 1005])
    }

    @Test("a user who is put before others takes the number of none", arguments: [0, 1, 2])
    func insertion(place: Int) {
        // The first boot; then the homes are all that is left of it.
        let before = [WantedUser("carl"), WantedUser("dora")]
        let first = uids(before)
        let homes = Dictionary(uniqueKeysWithValues: first.map { ("/home/\($0)", $1) })
        var after = before
        after.insert(WantedUser("bob"), at: place)
        let second = uids(after, homes)
        #expect(second.filter { $0.key != "bob" } == first)
        #expect(Set(second.values).count == 3)
    }

    @Test("known numbers come first, whatever the order of the users is")
    func order() throws {
        let users = [
            WantedUser("free"), WantedUser("home"), WantedUser("ann"), WantedUser("written") { $0.uid = 1000 },
        ]
        let facts = AccountFacts(homes: ["/home/home": .init(uid: 1002, gid: 1002)])
        let allotment = IdAllotment(users, passwd: AccountFixture.state.passwd, facts: facts)
        #expect(allotment.order == ["written", "ann", "home", "free"])
        #expect(allotment.uids == ["written": 1000, "ann": 1001, "home": 1002, "free": 1004])
    }

    @Test("two homes of one owner are one user's")
    func sharedOwner() {
        let users = [WantedUser("bob"), WantedUser("carl")]
        #expect(uids(users, ["/home/bob": 1700, "/home/carl": 1700]) == ["bob": 1700, "carl": 1000])
    }

    @Test("a written number of another user is refused", arguments: [0, 1001, 1003, UInt32.max])
    func taken(uid: UInt32) throws {
        let user = WantedUser("bob") { $0.uid = uid }
        let allotment = IdAllotment([user], passwd: AccountFixture.state.passwd, facts: AccountFixture.facts)
        let failure = try #require(allotment.failures.first)
        #expect(failure.error.kind == (uid == .max ? .value : .taken) && !failure.isMade && allotment.uids.isEmpty)
    }

    @Test("of two users who want one number the second is refused")
    func rivals() {
        let users = ["bob", "carl"].map { name in WantedUser(name) { $0.uid = 1500 } }
        let allotment = IdAllotment(users, passwd: AccountFixture.state.passwd, facts: AccountFixture.facts)
        #expect(allotment.uids == ["bob": 1500] && allotment.failures.map(\.name) == ["carl"])
    }

    @Test("the number that a user has already is his to be written")
    func own() {
        let shared = "ann:x:1001:1001::/:\nbob:x:1001:1001::/:\n"
        #expect(uids([WantedUser("bob") { $0.uid = 1001 }], passwd: shared) == ["bob": 1001])
    }

    @Test("a system user gets the highest free number of the system's")
    func system() {
        #expect(uids([WantedUser("svc") { $0.isSystem = true }], passwd: "a:x:999:999::/:\n") == ["svc": 998])
    }

    @Test("when no number is free it is said")
    func full() throws {
        var facts = AccountFacts()
        facts.ranges.users = 1001...1001
        let allotment = IdAllotment([WantedUser("bob")], passwd: AccountFixture.state.passwd, facts: facts)
        #expect(allotment.failures.first?.error.kind == .full)
    }

    @Test("a user's own group has the number of his home, else his own, else a free one")
    func groups() throws {
        func own(_ homes: [String: AccountFacts.Owner], uid: UInt32) throws -> UInt32 {
            let numbers = GroupNumbers(
                group: AccountFixture.state.group, passwd: AccountFixture.state.passwd,
                facts: AccountFacts(homes: homes))
            return try numbers.own(of: "bob", uid: uid, home: "/home/bob", isSystem: false)
        }
        #expect(try own(["/home/bob": .init(uid: 1700, gid: 1800)], uid: 1700) == 1800)
        // Somebody else's home, a group that is there, and root's say nothing.
        #expect(try own(["/home/bob": .init(uid: 1600, gid: 1800)], uid: 1700) == 1700)
        #expect(try own(["/home/bob": .init(uid: 1700, gid: 100)], uid: 1700) == 1700)
        #expect(try own(["/home/bob": .init(uid: 1700, gid: 0)], uid: 1700) == 1700)
        #expect(try own([:], uid: 1001) == 1000)
        #expect(try own(["/home/eve": .init(uid: 1000, gid: 1000)], uid: 1001) == 1002)
        #expect(try own(["/home/eve": .init(uid: 3, gid: 1700)], uid: 1700) == 1000)
    }
}

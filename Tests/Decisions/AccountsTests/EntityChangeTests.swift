import Faults
import Testing

@testable import Accounts

@Suite("Entities")
struct EntityChangeTests {
    private func ensure(
        _ entity: AccountEntity, _ state: AccountState = AccountFixture.state, today: Int? = 20_000
    ) throws -> AccountState {
        try state.ensuring(entity, facts: AccountFacts(today: today), passwords: AccountFixture.scheme).state
    }

    private func user(_ name: String, _ change: (inout UserEntity) -> Void = { _ in }) -> AccountEntity {
        var user = UserEntity(name: name)
        change(&user)
        return .user(user)
    }

    private func group(_ name: String, _ change: (inout GroupEntity) -> Void = { _ in }) -> AccountEntity {
        var group = GroupEntity(name: name)
        change(&group)
        return .group(group)
    }

    private func shadow(_ name: String, _ change: (inout ShadowEntity) -> Void = { _ in }) -> AccountEntity {
        var shadow = ShadowEntity(name: name)
        change(&shadow)
        return .shadow(shadow)
    }

    private func gshadow(_ name: String, _ change: (inout GshadowEntity) -> Void = { _ in }) -> AccountEntity {
        var gshadow = GshadowEntity(name: name)
        change(&gshadow)
        return .gshadow(gshadow)
    }

    @Test("the group of most files is made as it is written")
    func admin() throws {
        let state = try ensure(group("admin") { ($0.password, $0.gid) = ("x", 900) })
        #expect(state.line("admin", .group) == "admin:x:900:" && state.line("admin", .gshadow) == "admin:!::")
        #expect(try ensure(group("admin") { ($0.password, $0.gid) = ("x", 900) }, state) == state)
    }

    @Test(
        "members of a group are joined; an empty password and no number, or one below 0, are the old ones",
        arguments: [nil, -1])
    func members(gid: Int?) throws {
        let state = try ensure(group("sudo") { ($0.gid, $0.members) = (gid, ["daemon", "ann"]) })
        #expect(state.line("sudo", .group) == "sudo:x:27:ann,daemon")
        let new = try ensure(group("new") { $0.gid = gid })
        #expect(new.line("new", .group) == "new:x:1000:")
    }

    @Test("a user entity keeps what it leaves empty")
    func keeping() throws {
        let state = try ensure(user("ann") { ($0.shell, $0.uid, $0.gid) = ("/bin/zsh", -1, -1) })
        #expect(state.line("ann", .passwd) == "ann:x:1001:1001:Ann Öst,,,:/home/ann:/bin/zsh")
    }

    @Test("a new user entity has a number of its own, never root's, and is locked")
    func newUser() throws {
        let state = try ensure(user("foo"))
        #expect(state.line("foo", .passwd) == "foo:x:1000:1000:Created by entities:/:")
        #expect(state.line("foo", .group) == "foo:x:1000:" && state.shadow?["foo"]?.password == "!")
    }

    @Test("what is written is taken, also a number that another has")
    func written() throws {
        let state = try ensure(
            user("foo") { ($0.password, $0.uid, $0.gid, $0.info) = ("pass", 0, 0, "Foo!") })
        #expect(state.line("foo", .passwd) == "foo:pass:0:0:Foo!:/:")
        let inGroup = try ensure(user("foo") { ($0.uid, $0.gid, $0.group) = (5, 7, "sudo") })
        #expect(inGroup.passwd["foo"]?.gid == 27)
    }

    @Test("a password that an entity set before the user is there stays, an empty one does not")
    func shadowFirst() throws {
        let first = try ensure(shadow("foo") { $0.password = .plain("pw") })
        #expect(try ensure(user("foo"), first).shadow?["foo"]?.password == "$6$fake$pw")
        let open = AccountFixture.state(shadow: "foo::1::::::\n")
        #expect(try ensure(user("foo"), open).text(.shadow) == "foo:!:1::::::\n")
    }

    @Test("a shadow entity keeps empty fields, and sets the others")
    func shadowFields() throws {
        let state = try ensure(
            shadow("ann") { ($0.maximum, $0.warning, $0.inactive, $0.expiry) = ("30", "3", "4", "99") })
        #expect(state.line("ann", .shadow) == "ann:$6$fake$secret:19000:0:30:3:4:99:")
        let new = try ensure(shadow("foo"))
        #expect(new.line("foo", .shadow) == "foo:!:::::::")
    }

    @Test("plain passwords are hashed, locks and hashes are not", arguments: ["!", "*", "!$6$a$b", "$6$a$b", "ros"])
    func shadowPassword(text: String) throws {
        let state = try ensure(shadow("root") { $0.password = WantedPassword(asWritten: text) })
        #expect(state.shadow?["root"]?.password == (text == "ros" ? "$6$fake$ros" : text))
    }

    @Test("now is the day on which the password became what it is")
    func now() throws {
        let entity = shadow("ann") { ($0.password, $0.lastChanged) = (.plain("new"), "now") }
        let first = try ensure(entity)
        #expect(first.shadow?["ann"]?.lastChanged == "20000")
        #expect(try ensure(entity, first, today: 20_001) == first)
        #expect(try ensure(shadow("ann") { $0.lastChanged = "7" }).shadow?["ann"]?.lastChanged == "7")
        #expect(try ensure(shadow("foo") { $0.lastChanged = "now" }).shadow?["foo"]?.lastChanged == "20000")
        #expect(try ensure(entity, today: nil).shadow?["ann"]?.lastChanged == "19000")
    }

    @Test("a gshadow entity joins members, and makes the file where it is asked for")
    func gshadowEntity() throws {
        let state = try ensure(gshadow("sudo") { ($0.members, $0.administrators) = (["daemon"], ["ann"]) })
        #expect(state.line("sudo", .gshadow) == "sudo:*:ann:ann,daemon")
        let absent = AccountFixture.state(gshadow: nil)
        #expect(try ensure(gshadow("sudo"), absent).text(.gshadow) == "sudo:!::\n")
        #expect(try ensure(group("sudo"), absent).gshadow == nil)
    }

    @Test("names and values that no line can hold are refused, and root stays root")
    func refused() {
        let entities = [
            user("a:b"), user("foo") { $0.shell = "a\nb" }, user("foo") { $0.uid = 1 << 32 },
            user("root") { $0.uid = 1 },
            user("foo") { $0.group = "absent" }, group(""), group("g") { $0.members = ["a,b"] },
            group("g") { $0.gid = Int(UInt32.max) }, group("root") { $0.gid = 1 }, shadow("a b"),
            shadow("foo") { $0.expiry = "1:2" }, gshadow("+"), gshadow("g") { $0.password = ":" }, user("broken"),
        ]
        for entity in entities { #expect(throws: AccountError.self) { try ensure(entity) } }
    }

    @Test("removing what is not there changes nothing", arguments: AccountFileKind.allCases)
    func absent(file: AccountFileKind) throws {
        let outcome = try AccountFixture.state.deleting("eve", from: file)
        #expect(outcome.state == AccountFixture.state && outcome.changes.isEmpty)
    }

    @Test(
        "a line that is removed takes none with it but the secret of the same name",
        arguments: [
            (.passwd, [.passwd, .shadow]), (.group, [.group, .gshadow]), (.shadow, [.shadow]), (.gshadow, [.gshadow]),
        ] as [(AccountFileKind, [AccountFileKind])])
    func removing(file: AccountFileKind, touched: [AccountFileKind]) throws {
        let old = AccountFixture.state
        let new = try old.deleting("ann", from: file).state
        for other in AccountFileKind.allCases {
            let kept = touched.contains(other) ? old.lines(other).filter { !$0.hasPrefix("ann:") } : old.lines(other)
            #expect(new.lines(other) == kept)
        }
    }

    @Test("a secret that belongs to no account stays when an absent account is removed")
    func orphan() throws {
        let old = AccountFixture.state(shadow: "eve:!:1::::::\n", gshadow: "eve:!::\n")
        #expect(try old.deleting("eve", from: .passwd).changes.isEmpty)
        #expect(try old.deleting("eve", from: .group).changes.isEmpty)
    }

    @Test("root is not removed", arguments: AccountFileKind.allCases)
    func root(file: AccountFileKind) {
        #expect(throws: AccountError.self) { try AccountFixture.state.deleting("root", from: file) }
    }
}

import Accounts
import DocumentTree
import Testing

@testable import OEMExecution

@Suite("The text of an entity")
struct EntityDocumentTests {
    @Test("says a line of any of the four files")
    func kinds() throws {
        let group = try EntityDocument.read("kind: group\ngroup_name: g\ngid: -1\nusers: a,b\n")
        let user = try EntityDocument.read("{kind: user, username: u, uid: 4294967294, homedir: /h, info: }")
        guard case .group(let group) = group, case .user(let user) = user else {
            Issue.record("they are \(group) and \(user)")
            return
        }
        #expect(group.name == "g" && group.gid == -1 && group.members == ["a", "b"])
        #expect(user.name == "u" && user.uid == 4_294_967_294 && user.home == "/h")
        #expect(user.info == UserEntity(name: "").info)
        #expect(try EntityDocument.read("{kind: shadow, username: u, password: '!'}").file == .shadow)
        #expect(try EntityDocument.read("{kind: gshadow, name: g, members: [a]}").file == .gshadow)
    }

    @Test(
        "that means none is refused with its place",
        arguments: [
            ("", "an entity needs kind"), ("username: u", "an entity needs kind"),
            ("- kind: user", "an entity must be"),
            ("kind: users", "kind must be user or group or shadow or gshadow"), ("kind: [user]", "kind must be"),
            ("kind: user", "a user needs username"), ("kind: group\ngroup_name: ''", "group_name must"),
            ("kind: user\nusername: u\nuid: 4294967295", "uid must be"),
            ("kind: user\nusername: u\nuid: -2", "uid must be"),
            ("kind: user\nusername: u\nusernmae: v", "unknown key 'usernmae' (did you mean 'username'?)"),
            ("kind: user\nkind: group", "key 'kind' is repeated"),
            ("kind: group\ngroup_name: g\nusers: {a: b}", "users must be"),
            ("kind: user\n---\nkind: user", "a second document"), ("kind: &a [*a]", "there is no whole value"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: DocumentError.self) { try EntityDocument.read(text) }
        #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
    }
}

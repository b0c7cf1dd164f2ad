import Testing

@testable import Accounts

@Suite("Wanted users")
struct WantedUserTests {
    @Test(
        "a hash and a lock are taken as written, all else is plain",
        arguments: [
            ("$6$a$b", WantedPassword.hashed("$6$a$b")), ("!", .hashed("!")), ("!$6$a$b", .hashed("!$6$a$b")),
            ("*", .hashed("*")), ("*LK*", .plain("*LK*")), ("secret", .plain("secret")), ("a$b", .plain("a$b")),
        ])
    func written(text: String, password: WantedPassword) {
        #expect(WantedPassword(asWritten: text) == password)
    }

    @Test("an empty password is none")
    func empty() { #expect(WantedPassword(asWritten: "") == nil) }

    @Test("a password is in no text")
    func hidden() {
        let user = WantedUser("ann") { $0.password = .plain("hunter2") }
        var dumped = ""
        dump(user, to: &dumped)
        for text in ["\(user)", String(reflecting: user), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(WantedPassword.plain("hunter2"))" == "<hidden, 7 bytes>")
    }
}

import Faults
import Testing

@testable import Accounts

@Suite("Names and values of accounts")
struct AccountNameTests {
    @Test(
        "shadow's tools take the name",
        arguments: ["a", "_", "_apt", "ann.b-c_9", "Ann", "host$", String(repeating: "a", count: 32)])
    func accepted(name: String) {
        #expect(throws: Never.self) { try AccountName.check(name, of: "user") }
    }

    @Test(
        "shadow's tools do not take the name",
        arguments: [
            "", "$", "1ann", "-a", ".a", "a b", "a:b", "a,b", "a\nb", "a/b", "ann$$", "a$b", "änn", "a+", "@a", "0",
            String(repeating: "a", count: 33),
        ])
    func refused(name: String) throws {
        let error = try #require(throws: AccountError.self) { try AccountName.check(name, of: "group") }
        #expect(error.kind == .name && error.operation == "naming group")
    }

    @Test("a value with a colon or a control character is refused", arguments: ["a:b", "a\nb", "a\u{0}b", "\u{7F}"])
    func values(value: String) {
        #expect(throws: AccountError.self) { try AccountName.check(value: value, "the shell", of: "ann") }
    }

    @Test("a value may have commas, blanks and letters of all languages")
    func goodValue() {
        #expect(throws: Never.self) { try AccountName.check(value: "Änn Öst, 3", "the gecos text", of: "ann") }
    }

    @Test("a path begins with a slash", arguments: ["", "home", "~ann"])
    func paths(path: String) {
        #expect(throws: AccountError.self) { try AccountName.check(path: path, "the home folder", of: "ann") }
        #expect(throws: Never.self) { try AccountName.check(path: "/\(path)", "the home folder", of: "ann") }
    }
}

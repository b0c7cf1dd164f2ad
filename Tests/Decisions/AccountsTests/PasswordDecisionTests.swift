import Testing

@testable import Accounts

@Suite("Password fields")
struct PasswordDecisionTests {
    private func field(
        _ stored: String?, _ wanted: WantedPassword?, _ isLocked: Bool?, isNew: Bool = false
    ) throws -> String {
        try PasswordDecision(user: "ann", stored: stored, isNew: isNew).field(
            wanted, isLocked: isLocked, AccountFixture.scheme)
    }

    @Test(
        "a new user without a password is locked, whatever is left in shadow",
        arguments: [nil, "", "$6$a$b", "*"] as [String?], [nil, true, false] as [Bool?])
    func newUser(stored: String?, isLocked: Bool?) throws {
        #expect(try field(stored, nil, isLocked, isNew: true) == "!")
    }

    @Test(
        "without a wish the field stays",
        arguments: ["", "*", "!", "!!", "!*", "$6$a$b", "!$6$a$b", "$y$a$b"])
    func unchanged(stored: String) throws {
        #expect(try field(stored, nil, nil) == stored)
    }

    @Test(
        "a lock goes before what is there, once",
        arguments: [("$6$a$b", "!$6$a$b"), ("!$6$a$b", "!$6$a$b"), ("", "!"), ("*", "*"), ("!", "!")])
    func locking(stored: String, field: String) throws {
        #expect(try self.field(stored, nil, true) == field)
    }

    @Test(
        "it is unlocked only when there is some password",
        arguments: [("!$6$a$b", "$6$a$b"), ("!!$6$a$b", "$6$a$b"), ("!", "!"), ("!*", "!*"), ("*", "*"), ("", "")])
    func unlocking(stored: String, field: String) throws {
        #expect(try self.field(stored, nil, false) == field)
    }

    @Test(
        "a plain password that is the stored one keeps the hash",
        arguments: [
            ("$6$fake$pw", nil, "$6$fake$pw"), ("!$6$fake$pw", nil, "$6$fake$pw"), ("!$6$fake$pw", true, "!$6$fake$pw"),
        ]
            as [(String, Bool?, String)])
    func same(stored: String, isLocked: Bool?, field: String) throws {
        var hashed = 0
        let scheme = PasswordScheme(
            hash: {
                hashed += 1
                return $0
            }, compare: AccountFixture.scheme.compare)
        let decision = PasswordDecision(user: "ann", stored: stored, isNew: false)
        #expect(try decision.field(.plain("pw"), isLocked: isLocked, scheme) == field)
        #expect(hashed == 0)
    }

    @Test(
        "another one, and a kind that cannot be compared, is hashed anew",
        arguments: ["$6$fake$other", "$y$j9T$a$b", "", "!", "*", nil] as [String?])
    func other(stored: String?) throws {
        #expect(try field(stored, .plain("pw"), nil) == "$6$fake$pw")
        #expect(try field(stored, .plain("pw"), true) == "!$6$fake$pw")
    }

    @Test("a kind that cannot be compared is replaced once")
    func once() throws {
        let scheme = AccountFixture.salted()
        let first = try PasswordDecision(user: "ann", stored: "$y$j9T$a$b", isNew: false)
            .field(.plain("pw"), isLocked: nil, scheme)
        let second = try PasswordDecision(user: "ann", stored: first, isNew: false)
            .field(.plain("pw"), isLocked: nil, scheme)
        #expect(first == "$6$salt1$pw" && second == first)
    }

    @Test("a hash is taken as it is, with its lock", arguments: ["$y$a$b", "!$6$a$b", "*", "!"])
    func hashed(text: String) throws {
        #expect(try field("$6$fake$pw", .hashed(text), nil) == text)
    }

    @Test("a lock that is written as false opens a hash that is written with one")
    func hashedUnlocked() throws {
        #expect(try field(nil, .hashed("!$6$a$b"), false) == "$6$a$b")
    }

    @Test(
        "what cannot be a password is refused",
        arguments: [
            WantedPassword.plain(""), .plain("a\nb"), .plain("a\u{0}b"), .plain(String(repeating: "a", count: 512)),
            .hashed(""), .hashed("$6$a:b"), .hashed("$6$a\nroot::0"),
        ])
    func refused(password: WantedPassword) {
        #expect(throws: AccountError.self) { try field(nil, password, nil) }
    }

    @Test("the longest password that libxcrypt takes is taken")
    func longest() throws {
        #expect(try field(nil, .plain(String(repeating: "a", count: 511)), nil).hasPrefix("$6$"))
    }

    @Test("the parts of a hash are recognised")
    func forms() {
        for text in ["$6$a$b", "$y$j9T$a$b", "$2b$05$abc"] { #expect(PasswordDecision.isHash(text)) }
        for text in ["$ecret", "$6$a", "$6$a$", "$$a$b"] {
            #expect(!PasswordDecision.isHash(text))
        }
    }
}

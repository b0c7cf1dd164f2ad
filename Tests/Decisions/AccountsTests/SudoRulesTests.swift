import Testing

@testable import Accounts

@Suite("Rules of sudo")
struct SudoRulesTests {
    static let rule = "ALL=(ALL) NOPASSWD:ALL"

    private func text(_ rules: [String], _ user: String = "ann", in old: String) throws -> String {
        String(decoding: try SudoRules.text(rules, of: user, in: Array(old.utf8)), as: UTF8.self)
    }

    @Test(
        "rules stand below a comment that names the user",
        arguments: ["", "# User rules for bob\nbob \(rule)\n", "# x"])
    func adding(old: String) throws {
        let start = old.isEmpty || old.hasSuffix("\n") ? old : old + "\n"
        let new = try text([Self.rule, "a = /bin/ls"], in: old)
        #expect(new == "\(start)# User rules for ann\nann \(Self.rule)\nann a = /bin/ls\n")
        #expect(try text([Self.rule, "a = /bin/ls"], in: new) == new)
    }

    @Test("they are replaced together, and go together; those of others stay")
    func replacing() throws {
        let old = "# User rules for ann\nann \(Self.rule)\n\nann x=y\n# User rules for bob\nbob \(Self.rule)\n"
        #expect(try text(["a=b"], in: old) == old.replacing("ann \(Self.rule)", with: "ann a=b"))
        #expect(try text([], in: old) == old.replacing("# User rules for ann\nann \(Self.rule)\n", with: ""))
        #expect(try text([], "eve", in: old) == old)
        // Nothing changes, so the line break that is missing at the end stays missing.
        let unended = String(old.dropLast())
        #expect(try text([Self.rule], in: unended) == unended)
    }

    @Test("what would break the file is refused", arguments: ["", "ALL", "a=", "=a", "a=b\nx", "a=b\\", "a=b\u{0}"])
    func refused(rule: String) {
        #expect(throws: AccountError.self) { try SudoRules.text([rule], of: "ann", in: []) }
        #expect(throws: AccountError.self) { try SudoRules.text([Self.rule], of: "%wheel", in: []) }
    }
}

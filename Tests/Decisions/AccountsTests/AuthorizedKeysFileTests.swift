import Faults
import Testing

@testable import Accounts

@Suite("authorized_keys")
struct AuthorizedKeysFileTests {
    static let url = "https://example.com/ann.keys"
    static let one = AuthorizedKeyTests.ed25519("one")
    static let two = AuthorizedKeyTests.ed25519("two")
    static let block = "# keys from \(url): begin\n\(one)\n# keys from \(url): end\n"

    private func keys(_ lines: String...) throws -> [AuthorizedKey] { try lines.map { try AuthorizedKey($0) } }

    private func text(_ file: AuthorizedKeysFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

    private func file(_ text: String) -> AuthorizedKeysFile { AuthorizedKeysFile(Array(text.utf8)) }

    @Test(
        "a new key is appended, what is there stays",
        arguments: ["", "# mine\n", "# mine", "broken line\n\n\(one) home\n", "no-pty \(one)"])
    func adding(before: String) throws {
        var file = file(before)
        #expect(try file.add(keys("\(Self.two) work")).count == 1)
        let start = before.isEmpty || before.hasSuffix("\n") ? before : before + "\n"
        #expect(text(file) == "\(start)\(Self.two) work\n")
    }

    @Test("a key that is there, with whatever options and comment, is not added; nor is one twice")
    func present() throws {
        var file = file("no-pty \(Self.one) home")
        #expect(try file.add(keys(Self.one, "\(Self.one) other")).isEmpty)
        #expect(text(file) == "no-pty \(Self.one) home")
        var off = self.file("#\(Self.one)\n# \(Self.one)\n")
        #expect(try off.add(keys(Self.one)).count == 1)
        #expect(try file.add(keys(Self.two, "\(Self.two) again")).map(\.line) == [Self.two])
    }

    @Test("keys of a source stand between its marks")
    func block() throws {
        var file = file("\(Self.two) mine\n")
        #expect(try file.replace(keys(Self.one, "\(Self.one) again"), from: Self.url))
        #expect(text(file) == "\(Self.two) mine\n\(Self.block)")
        #expect(try !file.replace(keys(Self.one), from: Self.url))
    }

    @Test("they are replaced together, in their place; what is revoked is gone")
    func replacing() throws {
        var file = file("a\n\(Self.block)b\n")
        #expect(try file.replace(keys(Self.two), from: Self.url))
        #expect(text(file) == "a\n\(Self.block.replacing(Self.one, with: Self.two))b\n")
        #expect(try file.replace([], from: Self.url))
        #expect(text(file) == "a\nb\n")
        #expect(try !file.replace([], from: Self.url))
    }

    @Test("the keys of another source stay")
    func otherSource() throws {
        var file = file(Self.block)
        #expect(try file.replace(keys(Self.two), from: "https://example.com/bob.keys"))
        #expect(text(file).hasPrefix(Self.block))
        #expect(try file.replace([], from: Self.url))
        #expect(!text(file).contains(Self.one) && text(file).contains(Self.two))
    }

    @Test("a key that a source brought is still added when it is written itself, for the source may revoke it")
    func both() throws {
        var file = file(Self.block)
        #expect(try file.add(keys(Self.one)).count == 1)
        #expect(text(file) == "\(Self.block)\(Self.one)\n")
        #expect(try file.add(keys(Self.one)).isEmpty)
    }

    @Test(
        "marks without an end are not guessed at",
        arguments: [
            "# keys from \(url): begin\n\(one)\n",
            "# keys from \(url): begin\n# keys from x: begin\n# keys from \(url): end",
        ])
    func unended(text: String) throws {
        var file = file(text)
        let error = try #require(throws: AccountError.self) { try file.replace(keys(Self.two), from: Self.url) }
        #expect(error.kind == .block && self.text(file) == text)
    }

    @Test("keys behind a begin without an end count as written")
    func lostEnd() throws {
        var file = file("# keys from \(Self.url): begin\n\(Self.one)\n")
        #expect(try file.add(keys(Self.one)).isEmpty)
    }

    @Test("a source that cannot be named in a line is refused", arguments: ["", "a\nb", "a\u{0}"])
    func source(name: String) {
        var file = file("")
        #expect(throws: AccountError.self) { try file.replace(keys(Self.one), from: name) }
    }

    @Test("fetched keys are read line by line; a page that is no list of keys is refused")
    func fetched() throws {
        let text = "# comment\n\n\(Self.one)\r\n  \(Self.two) b\n"
        let keys = try AuthorizedKeysFile.keys(fetched: Array(text.utf8))
        #expect(keys.map(\.line) == [Self.one, "\(Self.two) b"])
        #expect(throws: AccountError.self) {
            try AuthorizedKeysFile.keys(fetched: Array("\(Self.one)\nNot Found".utf8))
        }
    }
}

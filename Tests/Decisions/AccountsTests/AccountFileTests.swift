import Faults
import Testing

@testable import Accounts

@Suite("Account files")
struct AccountFileTests {
    typealias File = AccountFile<PasswdEntry>
    static let bob = PasswdEntry(name: "bob", uid: 1005, gid: 1005, home: "/home/bob", shell: "/bin/sh")
    static let bobLine = "bob:x:1005:1005::/home/bob:/bin/sh"

    private func text(_ file: File) -> String { String(decoding: file.bytes, as: UTF8.self) }

    @Test(
        "what is read is written byte for byte",
        arguments: ["", "\n", "\n\n", "a", "a\n", "a:b\n\n#c\n", AccountFixture.passwd, "ann:x:1:1:\r\n", "x\n+\n"])
    func identity(text: String) {
        #expect(File(Array(text.utf8)).bytes == Array(text.utf8))
    }

    @Test("bytes that are no UTF-8 stay, in lines that are left and in fields that are left")
    func otherEncoding() throws {
        let bytes = Array("ann:x:1:1:".utf8) + [0xD6] + Array("st:/home/ann:/bin/sh\n".utf8) + [0xFF, 0x0A]
        var file = File(bytes)
        #expect(file.bytes == bytes)
        var entry = try #require(file["ann"])
        entry.shell = "/bin/bash"
        try file.set(entry)
        let wanted = Array("ann:x:1:1:".utf8) + [0xD6] + Array("st:/home/ann:/bin/bash\n".utf8) + [0xFF, 0x0A]
        #expect(file.bytes == wanted)
    }

    @Test("only the line of the name changes")
    func change() throws {
        var file = File(Array(AccountFixture.passwd.utf8))
        var entry = try #require(file["ann"])
        entry.home = "/srv/ann"
        try file.set(entry)
        #expect(text(file) == AccountFixture.passwd.replacing(":/home/ann:", with: ":/srv/ann:"))
    }

    @Test(
        "a new line stands behind the others, before those of NIS at the end",
        arguments: [
            ("", "\(bobLine)\n"), ("a", "a\n\(bobLine)\n"), ("a\n", "a\n\(bobLine)\n"),
            ("a\n+\n-b\n", "a\n\(bobLine)\n+\n-b\n"), ("+\n", "\(bobLine)\n+\n"), ("+\na\n", "+\na\n\(bobLine)\n"),
        ])
    func adding(before: String, after: String) throws {
        var file = File(Array(before.utf8))
        try file.set(Self.bob)
        #expect(text(file) == after)
    }

    @Test("of two lines of a name the first counts, as in the C library")
    func twice() throws {
        let second = Self.bobLine.replacing("1005", with: "7")
        var file = File(Array("\(Self.bobLine)\n\(second)\n".utf8))
        #expect(file["bob"]?.uid == 1005)
        var entry = Self.bob
        entry.shell = "/bin/zsh"
        try file.set(entry)
        #expect(text(file) == "bob:x:1005:1005::/home/bob:/bin/zsh\n\(second)\n")
    }

    @Test("all lines of a name are removed, and no other; an absent name removes nothing")
    func removing() {
        var file = File(Array("root:x:0:0::/root:\n\(Self.bobLine)\n+bob\n\(Self.bobLine)\n".utf8))
        file.remove("eve")
        #expect(file.entries.count == 3)
        file.remove("bob")
        #expect(text(file) == "root:x:0:0::/root:\n+bob\n")
    }

    @Test(
        "a line of the name that is not understood is neither doubled nor lost",
        arguments: ["bob:x:1005", "bob:x:none:1::/:", " bob:x:1005:1005::/home/bob:/bin/sh", "bob"])
    func contradiction(line: String) throws {
        var file = File(Array("a\n\(line)\n".utf8))
        let error = try #require(throws: AccountError.self) { try file.set(Self.bob) }
        #expect(error.kind == .malformedLine && error.cause.hasPrefix("line 2 "))
        #expect(text(file) == "a\n\(line)\n")
    }

    @Test("numbers count in lines that are not understood, too")
    func ids() {
        #expect(File(Array(AccountFixture.passwd.utf8)).ids == [0, 1, 1003, 65_534, 1001])
    }
}

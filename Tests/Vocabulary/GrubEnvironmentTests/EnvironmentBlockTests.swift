import SeededNumbers
import Testing

@testable import GrubEnvironment

/// Pads a text to a block with GRUB's signature.
func block(_ text: String, size: Int = 1024) -> [UInt8] {
    EnvironmentBlock.padded(Array("# GRUB Environment Block\n\(text)".utf8), to: size)
}

@Suite("Environment block")
struct EnvironmentBlockTests {
    @Test("variables keep their order and are found by name")
    func order() throws {
        var block = EnvironmentBlock([.init("b", "1"), .init("a", "2"), .init("b", "3")])
        #expect(block.variables.map(\.name) == ["b", "a"])
        #expect(block["b"] == "3")
        block["b"] = nil
        block["c"] = ""
        #expect(block.variables == [.init("a", "2"), .init("c", "")])
    }

    @Test("a backslash and a newline are protected by a backslash")
    func escaping() throws {
        let bytes = try EnvironmentBlock([.init("a", "x\\y\nz")]).serialized()
        #expect(bytes == block("a=x\\\\y\\\nz\n"))
        #expect(try EnvironmentBlock(parsing: bytes)["a"] == "x\\y\nz")
    }

    @Test("a comment, as grub-editenv writes one, is passed over")
    func comment() throws {
        #expect(try EnvironmentBlock(parsing: block("# WARNING: Do not edit\na=1\n"))["a"] == "1")
    }

    @Test("a block without any padding is sound")
    func full() throws {
        let value = String(repeating: "x", count: 1024 - 25 - 3)
        let bytes = try EnvironmentBlock([.init("a", value)]).serialized()
        #expect(try EnvironmentBlock(parsing: bytes)["a"] == value)
    }

    @Test("variables that do not fit the limit are refused")
    func tooLarge() {
        let block = EnvironmentBlock([.init("a", String(repeating: "x", count: 500))])
        #expect(throws: EnvironmentBlockError.self) { try block.serialized(limit: 512) }
        #expect(throws: Never.self) { try block.serialized() }
    }

    @Test(
        "a name or value that GRUB cannot keep is refused",
        arguments: [("", "1"), ("a=b", "1"), ("#a", "1"), ("a", "\0")])
    func unwritable(name: String, value: String) {
        #expect(throws: EnvironmentBlockError.self) { try EnvironmentBlock([.init(name, value)]).serialized() }
    }
}

@Suite("Environment block parser")
struct EnvironmentBlockParserTests {
    @Test(
        "what GRUB's tools pass over in silence is refused, and read laxly",
        arguments: [
            (block("a=1\n", size: 512), [.size(512)], "1"),
            (block("a=1\n", size: 1025), [.size(1025)], "1"),
            (block("a=1\n", size: 30) + [UInt8](repeating: 0, count: 994), [.garbage(offset: 30)], "1"),
            (Array(block("a=1\n").dropLast()) + [0], [.garbage(offset: 1023)], "1"),
            (block("a=1\nb=2"), [.unterminated(offset: 29)], "1"),
            (block("a=1\na=2\n"), [.duplicate(name: "a")], "2"),
            (block("a=1\n b=2\n"), [.garbage(offset: 29)], "1"),
            (block("a=1\n=2\n"), [.garbage(offset: 29)], "1"),
            (block("a=1\nnonsense\n"), [.garbage(offset: 29)], "1"),
            (block("a=1\\"), [.unterminated(offset: 25)], nil),
        ] as [([UInt8], [EnvironmentBlockFault], String?)])
    func faults(bytes: [UInt8], faults: [EnvironmentBlockFault], value: String?) {
        let examination = EnvironmentBlock.examine(bytes)
        #expect(examination.faults == faults)
        #expect(examination.block?["a"] == value)
        #expect(throws: EnvironmentBlockError.self) { try EnvironmentBlock(parsing: bytes) }
    }

    @Test(
        "without the signature nothing is read",
        arguments: [[], [UInt8](repeating: 0, count: 1024), Array("# GRUB".utf8)])
    func signature(bytes: [UInt8]) {
        #expect(EnvironmentBlock.examine(bytes).block == nil)
        #expect(EnvironmentBlock.examine(bytes).faults.last == .signature)
    }

    @Test("a value that is not UTF-8 is reported")
    func encoding() {
        var bytes = block("a=x\n")
        bytes[27] = 0xFF
        #expect(EnvironmentBlock.examine(bytes).faults == [.encoding(name: "a")])
    }

    @Test("random bytes after the signature never trap")
    func random() {
        var generator = SeededGenerator(seed: 7)
        let alphabet = Array("ab=\\\n#\0\u{7F}".utf8) + [0xFF]
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...64, using: &generator)
            let tail = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
            let bytes = EnvironmentBlock.signature + tail
            _ = EnvironmentBlock.examine(bytes)
            _ = try? BootEnvironment.read(bytes)
        }
    }
}

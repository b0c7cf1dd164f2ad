import DocumentTree
import SeededNumbers
import Testing

@testable import OverlayPlanning

@Suite("Text of os-release and extension-release")
struct ReleaseTextTests {
    @Test(
        "values are read as systemd reads them",
        arguments: [
            ("ID=debian", "debian"), ("ID=debian\n", "debian"), ("ID=debian\r\nNAME=x\r\n", "debian"),
            ("  ID = debian \t\n", "debian"), ("ID=\"debian\"", "debian"), ("ID='debian'", "debian"),
            ("ID='deb''ian'", "debian"), ("ID='deb'ian", "debian"), ("ID=\"deb\" \"ian\"", "debian"),
            ("ID=deb'ian'", "deb'ian'"), ("ID=\"a b\"  ", "a b"), ("ID=' a ' ", " a "), ("ID=a  b", "a  b"),
            ("ID=a\\ ", "a "), ("ID=a\\\nb", "ab"), ("ID=a \\\n\n", "a "),
            ("ID=\"a\\\"b\\$c\\`d\\\\e\\xf\"", "a\"b$c`d\\e\\xf"),
            ("ID=\"a\\\nb\"", "ab"), ("ID='a\\b'", "a\\b"), ("ID='a\nb'", "a\nb"), ("ID='open\n", "open\n"),
            ("ID=one\nID=two", "two"), ("# ID=x\nID=y", "y"), ("; ID=x\nID=y", "y"), ("#\\\nID=x\nID=y", "y"),
            ("junk\nID=y", "y"), ("ID=x # y", "x # y"), ("ID==", "="), ("ID=\"ä\"", "ä"), ("\u{FEFF}\nID=x", "x"),
        ])
    func values(text: String, value: String) throws {
        #expect(try ReleaseText(parsing: Array(text.utf8))["ID"] == value)
    }

    @Test(
        "a value that is empty or not there is none",
        arguments: [
            "", "ID", "ID=", "ID=''", "ID=\"\"\n", "id=x", "export ID=x", "#ID=x", "ID=x\nID=", "IDX=1", "\n\n",
        ])
    func nothing(text: String) throws {
        #expect(try ReleaseText(parsing: Array(text.utf8))["ID"] == nil)
    }

    @Test("whether anything is said shows in assignments alone")
    func empty() throws {
        #expect(try ReleaseText(parsing: Array("# x\njunk\n".utf8)).isEmpty)
        #expect(try !ReleaseText(parsing: Array("X=".utf8)).isEmpty)
    }

    @Test("the words of a value are what white space parts, and an empty value has none")
    func words() throws {
        let text = try ReleaseText(parsing: Array("A='x  y\r\nz\t'\nB=\n".utf8))
        #expect(text.words("A") == ["x", "y", "z"])
        #expect(text.words("B") == [])
        #expect(text.words("C") == nil)
    }

    @Test(
        "what is no text is refused, with its line",
        arguments: [
            (Array("ID=x\nA=".utf8) + [0xFF], "line 2, column 1: it is not UTF-8"),
            ([0x41, 0xC3, UInt8(ascii: "=")], "line 1, column 1: it is not UTF-8"),
            (Array("ID=x\nB\0".utf8), "line 2, column 1: it has a zero byte"),
            (Array(repeating: 0x20, count: 65537), "line 1, column 1: it has more than 65536 bytes"),
        ] as [([UInt8], String)])
    func refused(bytes: [UInt8], message: String) {
        let error = #expect(throws: DocumentError.self) { try ReleaseText(parsing: bytes) }
        #expect(error?.description == message)
    }

    @Test("what is not UTF-8 in a comment does not matter")
    func comment() throws {
        #expect(try ReleaseText(parsing: [UInt8(ascii: "#"), 0xFF] + Array("\nID=x".utf8))["ID"] == "x")
    }

    @Test("any bytes are read or refused")
    func anything() {
        var generator = SeededGenerator(seed: 9)
        let bytes = Array("ID=\"'\\\n\r #;$`ax\u{C3}".utf8) + [0, 0xFF]
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<40, using: &generator)
            let text = (0..<count).map { _ in bytes.randomElement(using: &generator) ?? 0 }
            let hasZero = text.contains(0)
            #expect((try? ReleaseText(parsing: text)) == nil || !hasZero)
        }
    }
}

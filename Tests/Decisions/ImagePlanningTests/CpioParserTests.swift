import Testing

@testable import ImagePlanning

@Suite("Archives of an initramfs")
struct CpioParserTests {
    /// One entry as the kernel's documentation lays it out.
    static func entry(
        _ name: String, mode: UInt32 = 0o100644, _ content: String = "", magic: String = "070701"
    ) -> [UInt8] {
        func hex(_ number: Int) -> String { String(String(number + 1 << 32, radix: 16).suffix(8)) }
        let text = Array(content.utf8)
        let numbers = [1, Int(mode), 0, 0, 1, 0, text.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
        var bytes = Array((magic + numbers.map(hex).joined() + name + "\0").utf8)
        while bytes.count % 4 != 0 { bytes.append(0) }
        bytes += text
        while bytes.count % 4 != 0 { bytes.append(0) }
        return bytes
    }

    static let trailer = entry("TRAILER!!!", mode: 0)

    /// Feeds bytes in pieces; returns the files and how many bytes were used.
    private func parse(_ bytes: [UInt8], pieces: Int) throws -> ([CpioParser.File], Int, Bool) {
        var parser = CpioParser { $0.hasPrefix("keys/") }
        var (files, used): ([CpioParser.File], Int) = ([], 0)
        while used < bytes.count {
            let piece = Array(bytes[used..<min(bytes.count, used + pieces)])
            let taken = try parser.take(piece, piece.count) { files.append($0) }
            used += taken
            if taken < piece.count { break }
        }
        return (files, used, parser.isWhole)
    }

    @Test(
        "files of two archives with padding between come out, however the bytes come in", arguments: [1, 3, 110, 4096])
    func files(pieces: Int) throws {
        let bytes =
            Self.entry("./keys/a.pem", "a key") + Self.entry("usr", mode: 0o40755) + Self.trailer
            + [UInt8](repeating: 0, count: 512) + Self.entry("/init", mode: 0o120777, "usr/lib/agent", magic: "070702")
            + Self.entry("big", "not wanted") + Self.trailer
        let (files, used, isWhole) = try parse(bytes, pieces: pieces)
        #expect(files.map(\.path) == ["keys/a.pem", "usr", "init", "big"])
        #expect(files.map { String(decoding: $0.content, as: UTF8.self) } == ["a key", "", "usr/lib/agent", ""])
        #expect(used == bytes.count && isWhole)
    }

    @Test("what is no archive behind one ends the reading there")
    func rest() throws {
        let bytes = Self.entry("x", "1") + Self.trailer
        let (files, used, isWhole) = try parse(bytes + [0, 0, 0, 0, 0x28, 0xB5, 0x2F, 0xFD], pieces: 64)
        #expect(files.count == 1 && used == bytes.count + 4 && isWhole)
    }

    @Test("an archive that is cut off is not whole")
    func cut() throws {
        let bytes = Self.entry("x", "content") + Self.trailer
        for length in [60, 111, 118] { #expect(try !parse(Array(bytes.prefix(length)), pieces: 50).2) }
    }

    @Test("a malformed header is refused", arguments: ["070707", "0707", "070701zz", "070701-1"])
    func malformed(start: String) {
        let bytes = Array(start.utf8) + [UInt8](repeating: UInt8(ascii: "0"), count: 110)
        #expect(throws: CpioError.self) { try parse(bytes, pieces: 50) }
    }
}

@Suite("Formats of an initramfs")
struct InitrdFormatTests {
    @Test(
        "each is known by its first bytes",
        arguments: [
            ("070701", InitrdFormat.cpio), ("070702", .cpio), ("BZh9", .bzip2),
        ] as [(String, InitrdFormat)])
    func texts(head: String, format: InitrdFormat) { #expect(InitrdFormat(head: Array(head.utf8)) == format) }

    @Test("what no kernel unpacks is none")
    func none() {
        #expect(InitrdFormat(head: []) == nil && InitrdFormat(head: Array("070707".utf8)) == nil)
        // LZ4 frames of today: the kernel reads only the legacy ones.
        #expect(InitrdFormat(head: [0x04, 0x22, 0x4D, 0x18]) == nil)
        #expect(
            InitrdFormat(head: [0x28, 0xB5, 0x2F, 0xFD]) == .zstd
                && InitrdFormat(head: [0x02, 0x21, 0x4C, 0x18]) == .lz4)
    }
}

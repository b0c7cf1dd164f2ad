import Testing

@testable import ImagePlanning

@Suite("An entry of an initramfs")
struct CpioEntryTests {
    /// What our own reader, which is held to cpio's archives, finds in bytes.
    private static func read(_ bytes: [UInt8]) throws -> [CpioParser.File] {
        var parser = CpioParser { _ in true }
        var files: [CpioParser.File] = []
        #expect(try parser.take(bytes, bytes.count) { files.append($0) } == bytes.count)
        #expect(parser.isWhole)
        return files
    }

    @Test("name and content begin at multiples of four, whatever their lengths are", arguments: 0...4, 0...4)
    func alignment(name: Int, content: Int) throws {
        let path = "a/" + String(repeating: "b", count: name + 1)
        let body = [UInt8](repeating: 7, count: content)
        let entry = CpioEntry.file(path, size: Int64(content), permissions: 0o640, time: 1)
        #expect(entry.header(number: 3).count % 4 == 0)
        let bytes = entry.header(number: 3) + body + CpioEntry.padding(after: Int64(content))
        #expect(bytes.count % 4 == 0)
        let files = try Self.read(bytes + CpioEntry.folder("d", time: 2).header(number: 4) + CpioEntry.trailer)
        #expect(files.map(\.path) == [path, "d"] && files.map(\.mode) == [0o100640, 0o040755])
        #expect(files[0].content == body)
    }

    @Test("numbers have eight hexadecimal digits, also the largest")
    func digits() {
        let entry = CpioEntry.file("f", size: CpioEntry.maximumFileSize, permissions: 0o755, time: 1_700_000_000)
        let head = String(decoding: entry.header(number: 10), as: UTF8.self)
        #expect(
            head.hasPrefix(
                "0707010000000A000081ED0000000000000000000000016553F100FFFFFFFF00000000000000000000000000000000"
                    + "0000000200000000f\0"))
    }
}

import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Kernel log")
struct KernelLogTests {
    @Test("each line becomes a record with its level")
    func records() {
        let records = KernelLog.records("one\n\ntwo\u{7}", level: .warning, name: "lifeboot")
        #expect(records.map { String(decoding: $0, as: UTF8.self) } == ["<4>lifeboot: one\n", "<4>lifeboot: two \n"])
    }

    @Test("a long line is cut between characters", arguments: ["a", "ä", "€", "🚤"])
    func cut(character: String) throws {
        let line = String(repeating: character, count: 1000)
        let record = try #require(KernelLog.records(line, level: .info, name: "x").first)
        #expect(record.count <= KernelLog.capacity + 1 && record.count > KernelLog.capacity - 5)
        #expect(!String(decoding: record, as: UTF8.self).contains("\u{FFFD}"))
    }
}

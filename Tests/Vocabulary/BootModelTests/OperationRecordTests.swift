import BootModel
import ImageModel
import JSONText
import OutputSchemas
import Testing

@Suite("Operations in the history")
struct OperationRecordTests {
    private static func record(_ number: Int, _ kind: OperationRecord.Kind = .upgrade) throws -> OperationRecord {
        OperationRecord(
            kind, .active, image: try #require(ImageID("aaaaaaaaaaaaaaaa")), former: ImageID("bbbbbbbbbbbbbbbb"),
            title: "test \(number)", bootID: "boot-\(number)", time: Int64(number))
    }

    private static func apply(_ record: HistoryRecord, to file: inout [UInt8]) {
        guard let write = BootHistory(parsing: file).appending(record) else { return }
        file.replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
    }

    @Test("they come back as they were written", arguments: OperationRecord.Kind.allCases)
    func thereAndBack(_ kind: OperationRecord.Kind) throws {
        var record = try Self.record(1, kind)
        #expect(OperationRecord(json: record.json) == record)
        try OutputSchema.check(record.json, "history")
        try OutputSchema.check(BootHistoryTests.record(1).json, "history")
        (record.former, record.title) = (nil, nil)
        #expect(HistoryRecord(json: record.json) == .operation(record))
    }

    @Test("they keep their place among the boots, and a boot that becomes healthy keeps its own")
    func order() throws {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        var boot = BootHistoryTests.record(1)
        boot.outcome = .booted
        Self.apply(.boot(boot), to: &file)
        Self.apply(.operation(try Self.record(1)), to: &file)
        Self.apply(.operation(try Self.record(1, .rollback)), to: &file)
        boot.outcome = .healthy
        Self.apply(.boot(boot), to: &file)
        Self.apply(.boot(BootHistoryTests.record(2)), to: &file)
        let records = BootHistory(parsing: file).all.map(\.record)
        #expect(records.map(\.operation?.kind) == [nil, .upgrade, .rollback, nil])
        #expect(records.compactMap(\.boot?.outcome) == [.healthy, .failed])
        #expect(BootHistory(parsing: file).entries.map(\.record.bootID) == ["boot-1", "boot-2"])
    }

    @Test("a full ring loses the oldest record, whatever it tells of")
    func full() throws {
        var file = [UInt8](repeating: 0, count: 4 * BootHistory.slotSize)
        for number in 0..<3 {
            Self.apply(.operation(try Self.record(number)), to: &file)
            Self.apply(.boot(BootHistoryTests.record(number)), to: &file)
        }
        let records = BootHistory(parsing: file).all.map(\.record)
        #expect(records.compactMap(\.operation?.bootID) == ["boot-1", "boot-2"])
        #expect(records.compactMap(\.boot?.bootID) == ["boot-1", "boot-2"])
    }

    @Test("an agent that knows only boots takes their slots for empty ones")
    func olderAgent() throws { #expect(BootRecord(json: try Self.record(1).json) == nil) }

    @Test("a title of any length fits, and what is no record is none")
    func absurd() throws {
        var record = try Self.record(1)
        record = OperationRecord(
            .reset, .active, image: record.image, former: nil, title: String(repeating: "ä\"", count: 5_000),
            bootID: "b", time: 1)
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        Self.apply(.operation(record), to: &file)
        #expect(BootHistory(parsing: file).all.first?.record.operation?.title?.count == 100)
        #expect(HistoryRecord(json: ["operation": "dance", "time": 1, "boot": "b"]) == nil)
        #expect(HistoryRecord(json: [:]) == nil)
    }
}

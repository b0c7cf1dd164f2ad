import BootModel
import ImageModel
import Testing

@Suite("Boot history")
struct BootHistoryTests {
    static func record(_ number: Int, cause: String? = nil) -> BootRecord {
        var parameters = BootParameters()
        parameters.role = .active
        parameters.image = ImageID("0123456789abcdef")
        parameters.triesLeft = 2
        var record = BootRecord(parameters, bootID: "boot-\(number)", time: Int64(number), outcome: .failed)
        record.step = "mount-root"
        record.cause = cause
        return record
    }

    static func apply(_ record: BootRecord, to file: inout [UInt8]) {
        guard let write = BootHistory(parsing: file).appending(record) else { return }
        file.replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
    }

    @Test("records come back in order, and the oldest is overwritten when the ring is full")
    func ring() {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        for number in 0..<100 { Self.apply(Self.record(number), to: &file) }
        let history = BootHistory(parsing: file)
        #expect(history.entries.map(\.record) == (36..<100).map { Self.record($0) })
        #expect(file.count == BootHistory.fileSize)
    }

    @Test("a second record of the same boot replaces the first")
    func sameBoot() {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        var record = Self.record(1)
        Self.apply(record, to: &file)
        record.outcome = .healthy
        Self.apply(record, to: &file)
        #expect(BootHistory(parsing: file).entries.map(\.record.outcome) == [.healthy])
    }

    @Test("a torn slot loses its own record and no other", arguments: [0, 5, 13, 17, 40, 100])
    func torn(at byte: Int) {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        for number in 0..<3 { Self.apply(Self.record(number), to: &file) }
        file[BootHistory.slotSize + byte] ^= 0x41
        #expect(BootHistory(parsing: file).entries.map(\.record.bootID) == ["boot-0", "boot-2"])
    }

    @Test("a cause of any length fits, cut", arguments: [0, 900, 5000])
    func long(length: Int) throws {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        Self.apply(Self.record(1, cause: String(repeating: "ä\"", count: length)), to: &file)
        let cause = try #require(BootHistory(parsing: file).entries.first?.record.cause)
        #expect(cause.count <= length * 2)
        #expect(length == 0 || cause.count > 200)
    }

    @Test("a step of any length is cut to 60 characters, and the record is not lost for it")
    func longStep() throws {
        var file = [UInt8](repeating: 0, count: BootHistory.fileSize)
        var record = Self.record(1, cause: "why")
        record.step = String(repeating: "s", count: 2_000)
        Self.apply(record, to: &file)
        let read = try #require(BootHistory(parsing: file).entries.first?.record)
        #expect(read.step == String(repeating: "s", count: 60) && read.cause == "why")
    }

    @Test("no file, garbage and a cut file are an empty history", arguments: [0, 100, 1024, 70_000])
    func garbage(size: Int) {
        let history = BootHistory(parsing: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        #expect(history.entries.isEmpty)
        #expect((history.appending(Self.record(1)) == nil) == (size < 1024))
    }
}

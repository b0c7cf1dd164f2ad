import BootModel
import InstalledSystem
import Testing

@testable import AgentCommands

@Suite("Merging the boot histories of both partitions")
struct BootRecordMergingTests {
    /// A ring with records of these ids and times.
    private func ring(_ records: [(String, Int64, BootRecord.Outcome)]) -> BootHistory {
        var bytes = [UInt8](repeating: 0, count: 8 * BootHistory.slotSize)
        for (id, time, outcome) in records {
            let record = BootRecord(BootParameters(), bootID: id, time: time, outcome: outcome)
            guard let write = BootHistory(parsing: bytes).appending(record) else { continue }
            bytes.replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
        }
        return BootHistory(parsing: bytes)
    }

    @Test("The newest comes first, by time between the rings")
    func newestFirst() {
        let merged = BootRecord.merged(
            ring([("a", 10, .failed), ("c", 30, .failed)]), ring([("b", 20, .failed), ("d", 40, .failed)]))
        #expect(merged.map(\.bootID) == ["d", "c", "b", "a"])
    }

    @Test("A clock that was set back never changes the order within a ring")
    func wrongClock() {
        let merged = BootRecord.merged(ring([("a", 1000, .failed), ("b", 5, .failed)]), ring([("c", 500, .failed)]))
        #expect(merged.map(\.bootID).firstIndex(of: "b") ?? 9 < merged.map(\.bootID).firstIndex(of: "a") ?? 0)
        #expect(merged.count == 3)
    }

    @Test("Of two records of one boot the one that knows more stays")
    func sameBoot() {
        let merged = BootRecord.merged(ring([("a", 10, .booted)]), ring([("a", 12, .healthy)]))
        #expect(merged.map(\.outcome) == [.healthy])
    }
}

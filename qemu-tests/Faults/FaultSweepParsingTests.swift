import Testing

@Suite("The report of a fault sweep")
struct FaultSweepParsingTests {
    @Test("tells kinds, harm and notes apart")
    func parsing() {
        let result = FaultSweep.result(
            parsing: """
                a round takes 80 ms; 12 faults, every 1. is tried
                harm write EIO 2 0: it said that it was done, and is not:
                swept write EIO 3 3 2 1
                swept fsync EIO 1 1 1 0
                """)
        #expect(result.tried == 4 && result.failed == 3 && result.harm.count == 1 && result.notes.count == 1)
        #expect(result.kinds.first == .init(call: "write", error: "EIO", calls: 3, tried: 3, failed: 2, harm: 1))
    }
}

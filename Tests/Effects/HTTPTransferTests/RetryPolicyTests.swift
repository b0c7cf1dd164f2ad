import Testing

@testable import HTTPTransfer

@Suite("Patience with a server")
struct RetryPolicyTests {
    /// Attempts until it is enough, each ended by a standstill or by another failure.
    private static func attempts(_ attempts: Int, standstill: Bool, received: Int = 0) -> Int {
        var patience = Patience(RetryPolicy(), attempts: attempts)
        for attempt in 1..<100 {
            patience.received(received)
            if patience.pause(after: nil, isStandstill: standstill) == nil { return attempt }
        }
        return 100
    }

    @Test("a standstill counts as three failures, as long as nothing comes")
    func standstill() {
        #expect(Self.attempts(6, standstill: false) == 6)
        #expect(Self.attempts(6, standstill: true) == 2)
        #expect(Self.attempts(2, standstill: true) == 1)
        #expect(Self.attempts(6, standstill: true, received: 1_000) == 2)
        #expect(Self.attempts(6, standstill: true, received: Patience.progress) == 100)
    }
}

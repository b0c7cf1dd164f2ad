import Testing

@testable import Faults

@Suite("Reasons")
struct RefusalKindTests {
    /// An error of an outside library.
    private struct Foreign: Error {}

    /// Knows no status.
    private static let broken = SampleError(.broken(1), "reading", "/a", cause: "it is broken", remedy: "Replace it.")
    /// Has the status `space`.
    private static let full = SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.")

    private static func above(_ error: any Error) -> SampleError {
        SampleError(.broken(2), "storing", "b", because: error, remedy: "Try again.")
    }

    @Test("the reason is that of the error, else that of the error below it, and so on")
    func chain() {
        #expect(RefusalKind(Self.full) == .space)
        #expect(RefusalKind(Self.above(Self.full)) == .space)
        #expect(RefusalKind(Self.above(Self.above(Self.full))) == .space)
        let upper = Refusal(.hook, "running", "c", because: Self.full, remedy: "Mend it.")
        #expect(RefusalKind(upper) == .hook)
        #expect(RefusalKind(Self.above(upper)) == .hook)
    }

    @Test("what has no reason at all is impossible")
    func none() {
        #expect(RefusalKind(Foreign()) == .impossible)
        #expect(RefusalKind(Self.broken) == .impossible)
        #expect(RefusalKind(Self.above(Foreign())) == .impossible)
    }

    @Test("a refusal is what it says, whatever lies below", arguments: RefusalKind.allCases)
    func refusals(kind: RefusalKind) {
        #expect(RefusalKind(Refusal(kind, "doing", "it", cause: "no", remedy: "Wait.")) == kind)
        #expect(RefusalKind(Refusal(kind, "doing", "it", because: Self.full, remedy: "Wait.")) == kind)
    }
}

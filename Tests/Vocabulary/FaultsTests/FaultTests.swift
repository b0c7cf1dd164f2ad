import Testing

@testable import Faults

/// Ways to fail, for the tests of this target.
enum SampleFault: FaultKind {
    case full
    case broken(Int)

    var refusal: RefusalKind? { self == .full ? .space : nil }
}

typealias SampleError = Fault<SampleFault>

@Suite("Faults")
struct FaultTests {
    @Test(
        "an error is one line, and no full stop stands twice",
        arguments: [
            ("writing", "/a", "it is full", "Empty it.", "writing /a: it is full. Empty it."),
            ("writing", "/a", "it is full.", "Empty it.", "writing /a: it is full. Empty it."),
            ("hashing", "", "it is full", "Empty it.", "hashing: it is full. Empty it."),
            ("hashing", "/a", "it is full", "", "hashing /a: it is full."),
            ("hashing", "/a", "it is full.", "", "hashing /a: it is full."),
        ])
    func rendering(operation: String, subject: String, cause: String, remedy: String, line: String) {
        #expect("\(SampleError(.full, operation, subject, cause: cause, remedy: remedy))" == line)
    }

    @Test("a cause may be another error's sentence")
    func cause() {
        let below = SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.")
        let error = SampleError(.broken(1), "storing", "b", because: below, remedy: "Try again.")
        #expect(error.cause == "writing /a: it is full. Empty it.")
        #expect("\(error)" == "storing b: writing /a: it is full. Empty it. Try again.")
    }

    @Test("what is made because of an error keeps it")
    func underlying() {
        let below = SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.")
        let error = Refusal(.hook, "storing", "b", because: below, remedy: "Try again.")
        #expect(error.underlying as? SampleError == below)
        let reworded = Refusal(.hook, "storing", "b", cause: "full", remedy: "Try again.", underlying: below)
        #expect(reworded.underlying as? SampleError == below)
    }

    @Test("two are equal when kind and texts are, whatever lies below")
    func equality() {
        let error = SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.")
        #expect(error == SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it."))
        #expect(
            error == SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.", underlying: error))
        let others = [
            SampleError(.broken(1), "writing", "/a", cause: "it is full", remedy: "Empty it."),
            SampleError(.full, "reading", "/a", cause: "it is full", remedy: "Empty it."),
            SampleError(.full, "writing", "/b", cause: "it is full", remedy: "Empty it."),
            SampleError(.full, "writing", "/a", cause: "it is broken", remedy: "Empty it."),
            SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Remove it."),
        ]
        for other in others { #expect(error != other) }
        #expect(others[0] != SampleError(.broken(2), "writing", "/a", cause: "it is full", remedy: "Empty it."))
    }

    @Test("its parts can be asked for without knowing its kind")
    func parts() throws {
        let error: any Error = SampleError(.full, "writing", "/a", cause: "it is full", remedy: "Empty it.")
        let fault = try #require(error as? any OperatorFault)
        #expect(
            [fault.operation, fault.subject, fault.cause, fault.remedy] == ["writing", "/a", "it is full", "Empty it."])
        #expect(fault.refusal == .space && fault.underlying == nil)
    }
}

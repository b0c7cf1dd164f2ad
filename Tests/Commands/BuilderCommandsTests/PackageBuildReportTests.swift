import BuildPlanning
import JSONText
import PackageBuilding
import SystemPackage
import Testing

@testable import BuilderCommands
@testable import CommandOutput

@Suite("What is told of builds")
struct PackageBuildReportTests {
    private struct Failure: Error, CustomStringConvertible { let description = "no more" }

    private static let events: [(event: BuildEvent, line: String)] = [
        (.cached("a/a 1", key: "k"), "a/a 1: cached"),
        (.due("a/a 1", .new), "a/a 1: would be built: not built before"),
        (.waiting("a/b 1", for: ["a/a 1", "a/c 2"]), "a/b 1: waits for a/a 1, a/c 2"),
        (.started("a/a 1", .demanded), "a/a 1: building: you asked for it"),
        (
            .finished("a/a 1", BuildYield(isSame: false, duration: .milliseconds(61_290), size: 1_900)),
            "a/a 1: built in 61.2 s, 1.9 kB"
        ),
        (
            .finished("a/a 1", BuildYield(isSame: true, duration: .milliseconds(99), size: 7)),
            "a/a 1: built in 0.0 s, 7 bytes; its bytes are what they were"
        ),
        (.failed("a/a 1", Failure()), "a/a 1: failed: no more"),
        (.skipped("a/b 1", because: "a/a 1"), "a/b 1: not tried, because a/a 1 failed"),
        (.idle(workers: 1, until: ["a/a 1"], waiting: 3), "a worker is idle: 3 more to build, after a/a 1"),
        (
            .idle(workers: 2, until: ["a/a 1", "a/c 2"], waiting: 1),
            "2 workers are idle: 1 more to build, after a/a 1, a/c 2"
        ),
        (
            .cached("a/a 1", key: "k", origin: "oci://r.example/c"),
            "a/a 1: cached: from the cache oci://r.example/c"
        ),
    ]

    /// What a report writes in a style: results, then remarks.
    private static func written(
        _ style: OutputStyle, explains: Bool = false, _ body: (PackageBuildReport) throws -> Void
    ) rethrows -> [String] {
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { text += $0 })
        try body(PackageBuildReport(Output("boatyard", style, to: streams), explains: explains))
        return text.split(separator: "\n").map(String.init)
    }

    @Test("is a line for each event", arguments: events.indices)
    func lines(index: Int) {
        #expect(Self.written(.lines) { $0.tell(Self.events[index].event) } == [Self.events[index].line])
    }

    @Test("has the same members for programs, null where there is nothing to say", arguments: events.indices)
    func members(index: Int) throws {
        let line = try #require(Self.written(.json) { $0.tell(Self.events[index].event) }.first)
        let object = try #require(try JSONValue(parsing: Array(line.utf8)).object)
        let names = ["event", "action", "subject", "state", "cause", "waits", "milliseconds", "bytes", "workers"]
        #expect(object.members.map(\.name) == names)
        #expect(object["event"] == "step" && object["action"] == "build")
    }

    @Test("says in numbers what waits, how long a build took and how much it made")
    func numbers() throws {
        let waiting = try #require(Self.written(.json) { $0.tell(Self.events[2].event) }.first)
        #expect(try JSONValue(parsing: Array(waiting.utf8))["waits"] == ["a/a 1", "a/c 2"])
        let built = try JSONValue(
            parsing: Array(#require(Self.written(.json) { $0.tell(Self.events[4].event) }.first).utf8))
        #expect(built["state"] == "built" && built["milliseconds"] == 61_290 && built["bytes"] == 1900)
        let idle = try JSONValue(
            parsing: Array(#require(Self.written(.json) { $0.tell(Self.events[9].event) }.first).utf8))
        #expect(idle["subject"] == .null && idle["workers"] == 2 && idle["waits"] == ["a/a 1", "a/c 2"])
    }

    @Test("says how what is in the cache was found, when that is wanted, and passes notes on")
    func explained() {
        let tell: (BuildEvent) -> [String] = { event in
            Self.written(.lines, explains: true) { $0.tell(event) }
        }
        let key = "a/a 1: cached: its inputs have the key k, and what was made of them is "
        #expect(tell(.cached("a/a 1", key: "k")) == [key + "here"])
        #expect(tell(.cached("a/a 1", key: "k", origin: "oci://r/c")) == [key + "from the cache oci://r/c"])
        #expect(tell(.note("so it is")) == ["note: so it is"])
    }

    @Test("ends with what a cache elsewhere has got, and why it has not got all, also after a failure")
    func written() throws {
        var (summary, outcome) = (BuildSummary(), RemoteCachePush.Outcome())
        summary.built = ["a/a 1"]
        outcome.written = ["a/a 1", "a/b 1"]
        let counts = "Packages: 1 built, 2 written to a cache elsewhere."
        #expect(try Self.written(.lines) { try $0.end(summary, written: outcome) } == [counts])
        outcome.note = "it broke"
        let lines = try Self.written(.lines) { try $0.end(summary, written: outcome) }
        #expect(lines == ["note: it broke", counts])
        summary.failures = ["a/d 1": Failure()]
        let failed = Self.written(.lines) { report in
            #expect(throws: PackagesFailed.self) { try report.end(summary, written: outcome) }
        }
        #expect(failed == ["note: it broke"])
    }

    @Test("ends with all numbers, also after a failure")
    func end() throws {
        var summary = BuildSummary()
        #expect(try Self.written(.lines) { try $0.end(summary) } == ["There is nothing to build."])
        summary.built = ["a/a 1", "a/b 1"]
        summary.cached = ["a/c 1"]
        #expect(try Self.written(.lines) { try $0.end(summary) } == ["Packages: 2 built, 1 from the cache."])
        summary.failures = ["a/d 1": Failure()]
        summary.skipped = ["a/e 1": "a/d 1", "a/f 1": "a/d 1"]
        let error = #expect(throws: PackagesFailed.self) { try Self.written(.lines) { try $0.end(summary) } }
        #expect(
            error?.description
                == "building packages: a/d 1 could not be built. Packages: 2 built, 1 from the cache, 1 failed, "
                + "2 not tried because of a/d 1. What was built is not built again when you try once more.")
    }
}

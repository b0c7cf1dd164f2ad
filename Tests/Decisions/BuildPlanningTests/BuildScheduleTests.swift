import Faults
import Testing

@testable import BuildPlanning

@Suite("The order of builds")
struct BuildScheduleTests {
    private static func schedule(_ needs: KeyValuePairs<String, String>) throws -> BuildSchedule {
        try BuildSchedule(
            needs.map { name, needs in
                BuildSchedule.Node(
                    name, needs: needs.split(separator: " ").map(String.init), place: "packages/\(name)/package.yaml:1")
            })
    }

    @Test("puts each behind what it needs, otherwise by name, and starts as many as may run")
    func order() throws {
        var schedule = try Self.schedule(["d": "b c", "c": "a", "b": "a", "a": "", "e": ""])
        #expect(schedule.order == ["a", "e", "b", "c", "d"])
        #expect(schedule.start(atMost: 1) == ["a"])
        #expect(schedule.start(atMost: 1) == [])
        #expect(schedule.start(atMost: 9) == ["e"])
        schedule.end("a", succeeded: true)
        #expect(schedule.start(atMost: 9) == ["b", "c"])
        #expect(schedule.waits(for: "d") == ["b", "c"])
        schedule.end("c", succeeded: true)
        #expect(schedule.start(atMost: 9) == [] && schedule.waits(for: "d") == ["b"])
        schedule.end("b", succeeded: true)
        #expect(schedule.start(atMost: 9) == ["d"] && !schedule.isOver)
        for name in ["d", "e"] { schedule.end(name, succeeded: true) }
        #expect(schedule.isOver && schedule.state(of: "d") == .finished)
    }

    @Test("leaves out what needs one that failed, however far above, and builds all others")
    func failure() throws {
        var schedule = try Self.schedule(["a": "", "b": "a", "c": "b", "d": "", "e": "c d"])
        #expect(schedule.start(atMost: 2) == ["a", "d"])
        schedule.end("a", succeeded: false)
        #expect(schedule.state(of: "a") == .failed)
        for name in ["b", "c", "e"] { #expect(schedule.state(of: name) == .skipped(because: "a")) }
        #expect(!schedule.isOver)
        schedule.end("d", succeeded: true)
        #expect(schedule.isOver && schedule.start(atMost: 2) == [])
    }

    @Test("says what waits, and which of those that run it waits for")
    func waits() throws {
        var schedule = try Self.schedule(["a": "", "b": "a", "c": "b", "d": "", "e": "d"])
        #expect(schedule.waiting == ["a", "d", "b", "e", "c"] && schedule.awaited == [])
        #expect(schedule.start(atMost: 9) == ["a", "d"])
        #expect(schedule.waiting == ["b", "e", "c"] && schedule.awaited == ["a", "d"])
        schedule.end("d", succeeded: true)
        #expect(schedule.start(atMost: 9) == ["e"])
        // Nobody waits for the last one.
        #expect(schedule.waiting == ["b", "c"] && schedule.awaited == ["a"])
    }

    @Test("goes on above one that is passed over, which is still waited for")
    func postponed() throws {
        var schedule = try Self.schedule(["a": "", "b": "a", "c": "a b", "d": ""])
        #expect(schedule.start(atMost: 1) == ["a"])
        schedule.postpone("a")
        #expect(schedule.state(of: "a") == .postponed && schedule.waits(for: "b") == ["a"])
        #expect(schedule.start(atMost: 2) == ["d", "b"])
        schedule.postpone("b")
        schedule.end("d", succeeded: true)
        #expect(schedule.waits(for: "c") == ["a", "b"] && schedule.start(atMost: 2) == ["c"])
        schedule.postpone("c")
        #expect(schedule.isOver)
    }

    @Test("refuses a ring and prints it")
    func ring() {
        let error = #expect(throws: BuildGraphError.self) {
            try Self.schedule(["z": "y", "y": "x a", "x": "z", "a": "", "above": "x"])
        }
        #expect(error?.kind == .cycle)
        #expect(error?.cause == "packages/x/package.yaml:1: x needs z needs y needs x")
        let own = #expect(throws: BuildGraphError.self) { try Self.schedule(["a": "a"]) }
        #expect(own?.cause == "packages/a/package.yaml:1: a needs a")
    }

    @Test("refuses what is not there, with the nearest name, and equal names with both places")
    func wrong() {
        let missing = #expect(throws: BuildGraphError.self) {
            try Self.schedule(["system/base": "", "b": "system/bse"])
        }
        #expect(missing?.kind == .missing && missing?.cause.contains("did you mean system/base?") == true)
        let twice = #expect(throws: BuildGraphError.self) {
            try BuildSchedule([.init("a", needs: [], place: "one"), .init("a", needs: [], place: "two")])
        }
        #expect(twice?.cause == "it is in one and in two")
    }

    @Test("takes a chain of many thousand")
    func long() throws {
        let nodes = (0..<20_000).map { index in
            BuildSchedule.Node("\(index)", needs: index == 0 ? [] : ["\(index - 1)"], place: "")
        }
        #expect(try BuildSchedule(nodes).order.count == 20_000)
        var ring = nodes
        ring[0].needs = ["19999"]
        let error = #expect(throws: BuildGraphError.self) { try BuildSchedule(ring) }
        #expect(error?.cause.contains("(20000 in all)") == true && (error?.cause.utf8.count ?? 0) < 400)
    }
}

import Plans
import Testing

/// Writes down what it hears, and stops where it is told to.
struct RehearsedProgress: CommitProgress {
    final class Heard {
        var lines: [String] = []
        var isCancelled = false
    }

    let heard = Heard()
    var mayStop = true

    func begin(_ number: Int, of count: Int, _ action: some PlannedAction) {
        heard.lines.append("\(number)/\(count) \(action.name)")
    }
    func note(_ sentence: String) { heard.lines.append("note \(sentence)") }
    func warn(_ sentence: String) { heard.lines.append("warning \(sentence)") }
    func committed() { heard.lines.append("committed") }
    func check() throws { if mayStop, heard.isCancelled { throw CancellationRequest() } }

    var withoutCancellation: RehearsedProgress {
        var other = self
        other.mayStop = false
        return other
    }
}

/// Effects with a commit that write down what is done, and fail or get cancelled where they are told to.
struct RehearsedCommit: CommitEffects, ~Copyable {
    var failing: Set<String> = []
    var cancelling: String?
    private(set) var done: [String] = []
    private(set) var released = 0

    init(failing: Set<String> = [], cancelling: String? = nil) {
        self.failing = failing
        self.cancelling = cancelling
    }

    mutating func perform(_ action: RehearsedAction, progress: RehearsedProgress) throws -> [String] {
        if cancelling == action.name { progress.heard.isCancelled = true }
        try progress.check()
        if failing.contains(action.name) { throw Rehearsal() }
        done.append(action.name)
        return action.name == "b" ? ["b was odd"] : []
    }

    mutating func release() -> [String] {
        released += 1
        return ["a mount stayed"]
    }
}

@Suite("Running up to a commit and on")
struct CommitRunnerTests {
    static let plan = Plan(
        "test", "it",
        [
            Step(.prepare, RehearsedAction(name: "a", gives: [.key])),
            Step(.prepare, RehearsedAction(name: "b"), .optional("it is a luxury")),
            Step(.commit, RehearsedAction(name: "c", needs: [.key])),
            Step(.finish, RehearsedAction(name: "d", gives: [.door])),
            Step(.finish, RehearsedAction(name: "e", needs: [.door])),
        ])

    @Test("everything is told in order, and what is held is given back once")
    func order() throws {
        var effects = RehearsedCommit()
        let progress = RehearsedProgress()
        let outcome = try CommitRunner.run(Self.plan, &effects, progress: progress)
        #expect(
            progress.heard.lines == [
                "1/5 a", "2/5 b", "note b was odd", "3/5 c", "committed", "4/5 d", "5/5 e", "warning a mount stayed",
            ])
        #expect(outcome.notes == ["b was odd"] && outcome.warnings == ["a mount stayed"])
        #expect(effects.released == 1)
    }

    @Test("a required step that fails up to the commit ends it", arguments: ["a", "c"])
    func failure(_ name: String) {
        var effects = RehearsedCommit(failing: [name])
        let progress = RehearsedProgress()
        let failure = #expect(throws: StepFailure.self) {
            try CommitRunner.run(Self.plan, &effects, progress: progress)
        }
        #expect(failure?.step == name && failure?.error is Rehearsal)
        #expect(!effects.done.contains("d") && effects.released == 1)
        #expect(!progress.heard.lines.contains("committed"))
        #expect(progress.heard.lines.last == "warning a mount stayed")
    }

    @Test("an optional step that fails, and all that fails after the commit, are warnings with their causes")
    func warnings() throws {
        var effects = RehearsedCommit(failing: ["b", "d"])
        let outcome = try CommitRunner.run(Self.plan, &effects, progress: RehearsedProgress())
        #expect(effects.done == ["a", "c"])
        #expect(
            outcome.warnings == [
                "b it: it was made to fail", "d it: it was made to fail",
                "e it: e needs the open door: see why d failed", "a mount stayed",
            ])
    }

    @Test("a cancellation ends it up to the commit, even in an optional step, and is not heard after it")
    func cancellation() throws {
        for name in ["a", "b", "c"] {
            var effects = RehearsedCommit(cancelling: name)
            let failure = #expect(throws: StepFailure.self) {
                try CommitRunner.run(Self.plan, &effects, progress: RehearsedProgress())
            }
            #expect(failure?.step == name && failure?.error is CancellationRequest)
        }
        var effects = RehearsedCommit(cancelling: "d")
        _ = try CommitRunner.run(Self.plan, &effects, progress: RehearsedProgress())
        #expect(effects.done == ["a", "b", "c", "d", "e"])
    }

    @Test("a plan in a wrong order is refused before its first step, unless an earlier plan gave what it needs")
    func refused() throws {
        let plan = Plan("test", "it", [Step(.commit, RehearsedAction(name: "c", needs: [.key]))])
        var effects = RehearsedCommit()
        let failure = #expect(throws: StepFailure.self) {
            try CommitRunner.run(plan, &effects, progress: RehearsedProgress())
        }
        #expect(failure?.step == "plan" && effects.done == [])
        _ = try CommitRunner.run(plan, &effects, given: [.key], progress: RehearsedProgress())
        #expect(effects.done == ["c"])
    }
}

import BootModel
import Faults
import JSONText
import Plans
import RegistryModel
import ReleaseModel
import Testing
import TransactionPlanning
import Transactions

/// An action that is only a word.
struct WordAction: PlannedAction {
    var name: String
    var subject: String { "it" }
    var explanation: String { "Do \(name)." }
    var json: JSONValue { [:] }
}

/// Effects that write down what is done, and fail where they are told to.
struct WordEffects: TransactionEffects, ~Copyable {
    var done: [String] = []
    var failing: Set<String> = []
    var released = 0

    mutating func perform(_ action: WordAction, progress: StepProgress) throws -> [String] {
        try progress.report(.init("doing \(action.name)", done: 1, total: 2))
        if failing.contains(action.name) {
            throw Refusal(.space, "doing", action.name, cause: "it is full", remedy: "Empty it.")
        }
        done.append(action.name)
        return action.name == "b" ? ["b is done"] : []
    }

    mutating func release() -> [String] {
        released += 1
        return []
    }
}

@Suite("Running an operation")
struct TransactionRunnerTests {
    static let plan = Plan(
        "test", "it",
        [
            Step(.prepare, WordAction(name: "a")),
            Step(.prepare, WordAction(name: "b"), .optional("it is a luxury")),
            Step(.commit, WordAction(name: "c")),
            Step(.finish, WordAction(name: "d")),
            Step(.finish, WordAction(name: "e")),
        ])

    @Test("steps run in order, and what they hold is given back once")
    func order() throws {
        var effects = WordEffects()
        var events: [TransactionEvent] = []
        let outcome = try TransactionRunner.run(Self.plan, &effects) { events.append($0) }
        #expect(effects.done == ["a", "b", "c", "d", "e"])
        #expect(effects.released == 1)
        #expect(outcome.notes == ["b is done"] && outcome.warnings.isEmpty)
        #expect(events.contains(.committed))
        #expect(events.first == .step(1, of: 5, name: "a", subject: "it"))
    }

    @Test("a failure before the commit ends the operation with its reason", arguments: ["a", "c"])
    func failure(_ step: String) throws {
        var effects = WordEffects()
        effects.failing = [step]
        do {
            _ = try TransactionRunner.run(Self.plan, &effects) { _ in }
            Issue.record("it went on")
        } catch {
            #expect(RefusalKind(error) == .space && error.kind.step == step)
            #expect(
                error.description.hasPrefix("test, step \(step): doing \(step): it is full. Empty it. The system is"))
        }
        #expect(!effects.done.contains(step) && !effects.done.contains("d"))
        #expect(effects.released == 1)
    }

    @Test("an optional step that fails and all that fails after the commit are warnings")
    func warnings() throws {
        var effects = WordEffects()
        effects.failing = ["b", "d"]
        var told: [String] = []
        let outcome = try TransactionRunner.run(Self.plan, &effects) { event in
            if case .warning(let warning) = event { told.append(warning) }
        }
        #expect(effects.done == ["a", "c", "e"])
        #expect(
            outcome.warnings == [
                "b it: doing b: it is full. Empty it.", "d it: doing d: it is full. Empty it.",
            ])
        #expect(told == outcome.warnings)
    }

    @Test("a cancellation is obeyed at every point before the commit, and at none after it", arguments: 0..<12)
    func cancellation(_ questions: Int) throws {
        var effects = WordEffects()
        var asked = 0
        var isCommitted = false
        do {
            _ = try TransactionRunner.run(
                Self.plan, &effects,
                isCancelled: {
                    asked += 1
                    return asked > questions
                },
                observer: { if $0 == .committed { isCommitted = true } })
            #expect(effects.done.suffix(2) == ["d", "e"])
            #expect(questions >= 6)
        } catch {
            #expect(RefusalKind(error) == .cancelled && !isCommitted)
            #expect(!effects.done.contains("c"))
        }
        #expect(effects.released == 1)
    }
}

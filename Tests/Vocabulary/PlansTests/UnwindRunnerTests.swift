import Plans
import Testing

@Suite("Running and unwinding")
struct UnwindRunnerTests {
    typealias Runner = UnwindRunner<RehearsedAction, String>

    static let first = Plan(
        "go", "in", [.step("a", gives: [.key]), .step("b", gives: [.door], .optional("there is a window"))])
    static let second = Plan("go", "on", [Step.step("c", needs: [.key]), .step("d"), .step("e")])

    @Test("what was done is undone in reverse over all plans, also by steps that had something to note")
    func unwinds() throws {
        var effects = RehearsedEffects(failing: ["d"], noting: ["a"])
        var runner = Runner()
        var reports: [StepReport] = []
        try runner.run(Self.first, &effects) { reports.append($0) }
        let failure = #expect(throws: StepFailure.self) { try runner.run(Self.second, &effects) { reports.append($0) } }
        #expect(failure?.step == "d" && failure?.subject == "it" && failure?.error is Rehearsal)
        #expect(reports.map(\.outcome) == [.noted, .done, .done, .failed])
        #expect(reports.map(\.message) == ["a was odd", nil, nil, "it was made to fail"])
        #expect(reports.allSatisfy { $0.microseconds == 1000 })
        #expect(effects.logged == ["a it: noted: a was odd"], "what ended the run is told by who started it")
        runner.unwind(&effects)
        #expect(effects.undone == ["c1", "c2", "b1", "b2", "a1", "a2"])
        runner.unwind(&effects)
        #expect(effects.undone.count == 6)
    }

    @Test("an optional step that fails is reported with the reason to go on, and nothing of it is undone")
    func optional() throws {
        var effects = RehearsedEffects(failing: ["b"])
        var runner = Runner()
        var reports: [StepReport] = []
        try runner.run(Self.first, &effects) { reports.append($0) }
        #expect(reports.last?.outcome == .failedOptional)
        #expect(reports.last?.message == "it was made to fail (going on: there is a window)")
        runner.unwind(&effects)
        #expect(effects.undone == ["a1", "a2"])
    }

    @Test("a fault while unwinding is logged and the rest is still undone")
    func undoFails() throws {
        var effects = RehearsedEffects()
        effects.failsToUndo = true
        var runner = Runner()
        try runner.run(Self.first, &effects) { _ in }
        runner.unwind(&effects)
        #expect(effects.undone.count == 4)
        #expect(effects.logged.count == 4 && effects.logged.allSatisfy { $0.hasPrefix("unwinding ") })
    }

    @Test("a plan whose required step needs what nothing gives is refused before its first step")
    func refused() {
        var effects = RehearsedEffects()
        var runner = Runner()
        let plan = Plan("go", "in", [Step.step("a"), .step("b", needs: [.door])])
        let failure = #expect(throws: StepFailure.self) { try runner.run(plan, &effects) { _ in } }
        #expect(failure?.step == "plan" && failure?.subject == "in" && failure?.error is UnmetNeed)
        #expect(effects.done == [])
    }

    @Test("an optional step without what it needs stops nothing, and names the step that failed before it")
    func consequence() throws {
        var effects = RehearsedEffects(failing: ["open"])
        var runner = Runner()
        var reports: [StepReport] = []
        let steps: [Step<RehearsedAction>] = [
            .step("open", gives: [.door], .optional("x")), .step("enter", needs: [.door], .optional("y")),
            .step("rest"),
        ]
        try runner.run(Plan("go", "in", steps), &effects) { reports.append($0) }
        #expect(effects.done == ["rest"])
        #expect(reports[1].message == "enter needs the open door: see why open failed (going on: y)")
        let alone = Plan("go", "in", [Step.step("enter", needs: [.door], .optional("y")), .step("walk")])
        try runner.run(alone, &effects) { _ in }
        #expect(effects.done == ["rest", "walk"])
    }
}

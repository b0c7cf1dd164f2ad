import Plans
import Testing

@Suite("Going on")
struct GoOnRunnerTests {
    static let plan = Plan(
        "stage", "boot",
        [
            Step.step("a"), .step("find-key", gives: [.key]), .step("open", needs: [.key]),
            .step("b", .optional("it may")),
            .step("c"),
        ])

    @Test("a step that fails hides no other, and all failures are told in order")
    func goesOn() throws {
        var effects = RehearsedEffects(failing: ["a", "b"], noting: ["c"])
        let reports = try GoOnRunner.run(Self.plan, &effects)
        #expect(effects.done == ["find-key", "open", "c"])
        #expect(reports.map(\.step) == Self.plan.steps.map(\.action.name))
        #expect(reports.map(\.outcome) == [.failed, .done, .done, .failedOptional, .noted])
        #expect(reports.map(\.microseconds) == [1000, 1000, 1000, 1000, 1000])
        #expect(reports.map(\.started) == [0, 1000, 2000, 3000, 4000])
        #expect(reports.first?.message == "it was made to fail")
        #expect(effects.undone == [])
    }

    @Test("a step is not tried without what a failed one was to give, and says which that is")
    func consequence() throws {
        var effects = RehearsedEffects(failing: ["find-key"])
        let reports = try GoOnRunner.run(Self.plan, &effects)
        #expect(effects.done == ["a", "b", "c"])
        #expect(reports.map(\.outcome) == [.done, .failed, .failed, .done, .done])
        #expect(reports[2].message == "open needs the key: see why find-key failed")
    }

    @Test("a plan in a wrong order is refused before its first step, unless what it needs is there")
    func refused() throws {
        let plan = Plan("stage", "boot", [Step.step("a"), .step("open", needs: [.key])])
        var effects = RehearsedEffects()
        #expect(throws: StepFailure.self) { try GoOnRunner.run(plan, &effects) }
        #expect(effects.done == [])
        #expect(try GoOnRunner.run(plan, &effects, given: [.key]).allSatisfy { $0.outcome == .done })
    }
}

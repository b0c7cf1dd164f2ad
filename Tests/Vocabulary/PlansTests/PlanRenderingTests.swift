import JSONText
import Plans
import Testing

@Suite("Plans in words")
struct PlanRenderingTests {
    static let plan = Plan(
        "open", "the house",
        [
            Step(.prepare, RehearsedAction(name: "knock"), .optional("nobody may be in")),
            Step(.commit, RehearsedAction(name: "turn-key")),
            Step(.finish, RehearsedAction(name: "wipe-feet")),
        ], notes: ["it is late"])

    @Test("people read what is done, what it is for, where the commit is and why a step may fail")
    func lines() {
        #expect(
            Self.plan.lines == [
                "open the house",
                "  1. knock it", "       Do knock.", "       Optional: nobody may be in.",
                "  2. turn-key it [commit]", "       Do turn-key.",
                "  3. wipe-feet it [after the commit]", "       Do wipe-feet.",
                "note: it is late",
            ])
    }

    @Test(
        "numbers go on from earlier plans and stay in their column",
        arguments: [(8, "  9."), (9, " 10."), (99, "100.")])
    func numbers(earlier: Int, lead: String) {
        #expect(Self.plan.stepLines(after: earlier).first?.lead == "\(lead) ")
    }

    @Test("programs read every member of every step, those that are not known as null")
    func json() throws {
        let steps = try #require(Self.plan.json["steps"]?.elements)
        #expect(
            steps.first == [
                "action": "knock", "subject": "it", "moment": "prepare", "required": false,
                "optionalBecause": "nobody may be in", "explanation": "Do knock.", "detail": ["word": "knock"],
            ])
        #expect(steps.last?["required"] == true && steps.last?["optionalBecause"] == .null)
        #expect(Step(RehearsedAction(name: "knock")).json["moment"] == .null)
        #expect(Self.plan.json["operation"] == "open" && Self.plan.json["notes"] == ["it is late"])
    }
}

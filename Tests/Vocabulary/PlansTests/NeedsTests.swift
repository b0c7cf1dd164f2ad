import Testing

@testable import Plans

@Suite("What steps need")
struct NeedsTests {
    static let find = Step.step("find-key", gives: [.key])
    static let open = Step.step("open-door", needs: [.key], gives: [.door])
    static let enter = Step.step("enter", needs: [.door])

    @Test("every need that no earlier step gives is named with its step")
    func unmet() {
        #expect(Plan("go", "in", [Self.find, Self.open, Self.enter]).unmet() == [])
        #expect(
            Plan("go", "in", [Self.open, Self.find, Self.enter]).unmet()
                == [UnmetNeed(step: "open-door", product: "the key")])
        #expect(Plan("go", "in", [Self.enter]).unmet(given: [.door]) == [])
        #expect(Plan("go", "in", [Self.open, Self.enter]).unmet().map(\.step) == ["open-door"])
    }

    @Test("a step does not meet its own need")
    func own() {
        #expect(!Plan("go", "in", [Step.step("conjure", needs: [.key], gives: [.key])]).unmet().isEmpty)
    }

    @Test("what is missing is a fault of the plan, or of the step that was to give it")
    func words() {
        var need = UnmetNeed(step: "enter", product: "the open door")
        #expect(need.description.hasSuffix("which no step before it gives. Report this; it is a fault."))
        need.giver = "open-door"
        #expect(need.description == "enter needs the open door: see why open-door failed")
    }

    @Test("a value is there once it was given, and a fault before")
    func given() throws {
        var key = Given<Int>(RehearsedProduct.key)
        #expect(key.ifGiven == nil)
        #expect { try key.get() } throws: { "\($0)".contains("the key") }
        key.set(7)
        #expect(try key.get() == 7 && key.ifGiven == 7)
    }
}

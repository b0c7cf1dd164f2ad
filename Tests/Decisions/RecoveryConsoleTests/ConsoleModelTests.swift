import RecoveryConsole
import ReleaseModel
import Testing

@Suite("A session at a console")
struct ConsoleModelTests {
    private func menu(_ model: ConsoleModel) -> ConsoleMenu? {
        if case .menu(let menu) = model.page { menu } else { nil }
    }

    @Test("marks an entry by arrows, around both ends")
    func arrows() {
        var model = ConsoleModel(.failed())
        model.press(.down, .down, .up)
        #expect(menu(model)?.entry?.key == "2")
        model.press(.up, .up)
        #expect(menu(model)?.entry?.key == "0")
        model.press(.down)
        #expect(menu(model)?.entry?.key == "1")
    }

    @Test("asks for the plan before anything is done, by number and by Enter")
    func plans() {
        var model = ConsoleModel(.failed())
        #expect(model.press(.character("3")) == .preview(.reset(persistent: false, oem: false)))
        model = ConsoleModel(.failed())
        #expect(model.press(.down, .enter) == .preview(.rollBack))
    }

    @Test("does what has a y, and leaves it for any other key", arguments: ["y", "Y", "n", " ", "3"] as [Character])
    func consent(_ letter: Character) {
        var model = ConsoleModel(.failed())
        model.show(.plan(ConsolePlan(.rollBack, ["step"], isPossible: true)))
        let request = model.press(.character(letter))
        #expect(request == (letter == "y" || letter == "Y" ? .perform(.rollBack) : nil))
        #expect(menu(model) != nil)
    }

    @Test(
        "erases only for the whole word",
        arguments: [("ERASE", true), ("erase", false), ("ERAS", false), ("ERASED", true), ("y", false), ("", false)])
    func word(_ typed: String, _ isDone: Bool) {
        let task = ConsoleTask.reset(persistent: true, oem: false)
        var model = ConsoleModel(.failed())
        model.show(.plan(ConsolePlan(task, [], isPossible: true)))
        model.type(typed)
        #expect(model.press(.enter) == (isDone ? .perform(task) : nil))
    }

    @Test("does nothing that the plan says cannot be done")
    func impossible() {
        var model = ConsoleModel(.failed())
        model.show(.plan(ConsolePlan(.rollBack, ["why"], isPossible: false)))
        #expect(model.press(.character("y")) == nil)
        #expect(menu(model) != nil)
    }

    @Test("goes back by Escape and by Ctrl-C, wherever it is", arguments: [ConsoleKey.escape, .interrupt])
    func back(_ key: ConsoleKey) {
        let pages: [ConsolePage] = [
            .menu(.media([])), .text(ConsoleText("t", ["l"])), .form(.source),
            .plan(ConsolePlan(.reset(persistent: true, oem: true), [], isPossible: true)),
        ]
        for page in pages {
            var model = ConsoleModel(.failed())
            let first = model.page
            model.show(page)
            #expect(model.press(key) == nil)
            #expect(model.page == first)
        }
    }

    @Test("offers the restart after what needs one, and the menu after all else")
    func results() {
        var model = ConsoleModel(.failed())
        model.show(.result(.rollBack, succeeded: true))
        #expect(model.press(.character("y")) == nil)
        #expect(model.press(.enter) == .perform(.restart))
        model.show(.result(.rollBack, succeeded: false))
        #expect(model.press(.enter) == .refresh)
        #expect(menu(model) != nil)
        model.show(.result(.lease(interface: "eth0"), succeeded: true))
        #expect(model.press(.enter) == .refresh)
    }

    @Test("says why there is nothing behind an entry, and that there is no such entry")
    func remarks() {
        var facts = ConsoleFacts.failed()
        facts.passive.obstacle = "no image has this role"
        var model = ConsoleModel(facts)
        #expect(model.press(.character("2")) == nil)
        #expect(model.remark == "no image has this role")
        model.press(.character("z"))
        #expect(model.remark == "There is nothing under 'z'.")
        model.press(.down)
        #expect(model.remark == "")
    }

    @Test("makes an address of three lines, of which two may be empty")
    func address() {
        var model = ConsoleModel(.failed())
        model.show(.form(.address("eth0")))
        #expect(model.press(.enter) == nil)
        model.type("192.0.2.1/24x")
        model.press(.erase, .enter)
        model.type(" 192.0.2.254 ")
        model.press(.enter)
        #expect(
            model.press(.enter)
                == .preview(.address(interface: "eth0", address: "192.0.2.1/24", gateway: "192.0.2.254", server: nil)))
    }

    @Test("turns pages to the end and leaves there")
    func pages() {
        var model = ConsoleModel(.failed())
        model.rows = 4
        model.show(.text(ConsoleText("t", (0..<10).map { "\($0)" })))
        model.press(.enter, .character(" "))
        guard case .text(let text) = model.page else { return #expect(Bool(false)) }
        #expect(text.first == 8)
        model.press(.character("b"))
        guard case .text(let before) = model.page else { return #expect(Bool(false)) }
        #expect(before.first == 4)
        model.press(.enter, .enter)
        #expect(menu(model) != nil)
    }

    @Test("keeps the mark when the machine changes")
    func update() {
        var model = ConsoleModel(.failed())
        model.press(.down, .down)
        var facts = ConsoleFacts.failed()
        facts.passive.title = "acme 2.9"
        model.update(facts)
        #expect(menu(model)?.entry?.key == "3")
        #expect(menu(model)?.entries[1].label == "Go back to the passive system: acme 2.9")
    }

    @Test("marks the first choice once what was pending was given up, as the same key does something else then")
    func givenUp() {
        var facts = ConsoleFacts.failed()
        facts.pending = "reset"
        var model = ConsoleModel(facts)
        model.press(.down)
        #expect(menu(model)?.entry?.label == "Give the reset up")
        facts.problem = "trouble"
        model.update(facts)
        #expect(menu(model)?.entry?.label == "Give the reset up")
        facts.pending = nil
        model.update(facts)
        #expect(menu(model)?.entry?.key == "1")
    }
}

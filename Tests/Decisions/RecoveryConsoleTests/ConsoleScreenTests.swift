import RecoveryConsole
import ReleaseModel
import Testing

@Suite("The screen of a console")
struct ConsoleScreenTests {
    @Test("says in five lines what this is, what runs, why, and what became of the others")
    func head() {
        let screen = ConsoleScreen(ConsoleModel(.failed()), .standard)
        #expect(
            Array(screen.lines.prefix(6)) == [
                "RECOVERY SYSTEM: this is not the normal system of this machine.",
                "Runs:     acme 3.0 (image 0123456789abcdef)", "Because:  what comes before it could not boot",
                "Active:   acme 3.1: mount-root: the root does not match its signature",
                "Passive:  acme 3.0, nothing is known against it", "",
            ])
    }

    @Test("says of a live system that it keeps nothing, and what it comes from")
    func live() {
        var facts = ConsoleFacts.live()
        facts.problem = "This machine was not installed: no disk is as it says"
        let lines = ConsoleScreen(ConsoleModel(facts), .standard).lines
        #expect(
            Array(lines.prefix(5)) == [
                "LIVE SYSTEM: it is installed on no disk, and forgets everything when it ends.",
                "Runs:     acme 3.0 (image 0123456789abcdef)", "From:     /dev/sda, which must stay in the machine",
                "Trouble:  This machine was not installed: no disk is as it says", "",
            ])
        facts.medium = .memory
        #expect(ConsoleScreen(ConsoleModel(facts), .standard).lines[2].contains("the medium may be taken out"))
        facts.medium = .unknown
        #expect(ConsoleScreen(ConsoleModel(facts), .standard).lines[2].contains("leave the medium in the machine"))
    }

    @Test("says after an installation how the disk comes to start")
    func installed() {
        var model = ConsoleModel(.live())
        model.show(.result(.install(disk: "/dev/vda", isForced: false), succeeded: true))
        #expect(ConsoleScreen(model, .standard).lines.first?.hasPrefix("Done. Take the medium out") == true)
    }

    @Test(
        "fits, whatever the image is called and the page is",
        arguments: [(80, 24), (40, 10), (132, 50), (0, 0), (20, 5)])
    func fits(_ columns: Int, _ rows: Int) {
        let size = ConsoleSize(columns: columns, rows: rows)
        var facts = ConsoleFacts.failed()
        facts.running = String(repeating: "long ", count: 50) + "\u{1B}[2Jé"
        facts.progress = ["reset, step 3 of 8: deploy", "  copying root.squashfs, 45 % of 300 MiB"]
        facts.problem = String(repeating: "trouble ", count: 90)
        let many = ConsoleMenu.media((0..<60).map { ("/dev/sd\($0)", "stick \($0)") })
        let plan = ConsolePlan(.reset(persistent: true, oem: true), (0..<90).map { "step \($0)" }, isPossible: true)
        for page in [ConsolePage.menu(many), .plan(plan), .form(.address("eth0")), .text(ConsoleText("t", ["a"]))] {
            var model = ConsoleModel(facts)
            model.rows = ConsoleScreen.textRows(facts, size)
            model.show(page)
            let screen = ConsoleScreen(model, size)
            #expect(screen.lines.count <= size.rows)
            #expect(
                screen.lines.allSatisfy { $0.count < size.columns && $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }
            )
            #expect(screen.cursor.row < screen.lines.count)
        }
    }

    @Test(
        "says trouble to its end, in as many lines as leave the menu in sight",
        arguments: [
            (1, 24, ["Trouble:  part 1 of the trouble"]),
            (3, 24, ["Trouble:  part 1 of the trouble part 2 of the", "          trouble part 3 of the trouble"]),
            (
                9, 24,
                [
                    "Trouble:  part 1 of the trouble part 2 of the", "          trouble part 3 of the trouble part 4",
                    "          of the trouble part 5 of the trouble", "          part 6 of the trouble part 7 of th...",
                ]
            ),
            (3, 12, ["Trouble:  part 1 of the trouble part 2 of th..."]),
        ])
    func trouble(parts: Int, rows: Int, lines: [String]) {
        var facts = ConsoleFacts.failed()
        facts.pending = "reset"
        facts.problem = (1...parts).map { "part \($0) of the trouble" }.joined(separator: " ")
        let screen = ConsoleScreen(ConsoleModel(facts), ConsoleSize(columns: 48, rows: rows))
        #expect(Array(screen.lines.dropFirst(5).prefix(lines.count)) == lines)
        #expect(screen.lines.dropFirst(5 + lines.count).first == "")
        #expect(screen.lines.contains("> 1  Finish the reset that is pending"))
    }

    @Test("has the cursor at the mark, where a reader of screens is")
    func cursor() {
        var model = ConsoleModel(.failed())
        model.press(.down)
        let screen = ConsoleScreen(model, .standard)
        #expect(screen.lines[screen.cursor.row] == "> 2  Go back to the passive system: acme 3.0")
        #expect(screen.marked == screen.cursor.row)
    }

    @Test("keeps the marked entry of a long list in sight")
    func scrolling() {
        var model = ConsoleModel(.failed())
        model.show(.menu(.media((0..<60).map { ("/dev/sd\($0)", "stick \($0)") })))
        for _ in 0..<40 { model.press(.down) }
        let screen = ConsoleScreen(model, .standard)
        #expect(screen.marked.map { screen.lines[$0].hasSuffix("stick 40") } == true)
    }

    @Test("shows the command and asks for the word")
    func plan() {
        var model = ConsoleModel(.failed())
        model.show(.plan(ConsolePlan(.reset(persistent: true, oem: false), ["1. format persistent"], isPossible: true)))
        model.type("ERA")
        let lines = ConsoleScreen(model, .standard).lines
        #expect(lines.contains("1. format persistent"))
        #expect(lines.contains("The command for it: lifeboot reset --persistent"))
        #expect(lines.last == "Type ERASE and press Enter to do it, or Escape to leave it: ERA")
    }

    @Test("shows every line of a long plan, page by page")
    func longPlan() {
        var model = ConsoleModel(.failed())
        model.rows = ConsoleScreen.textRows(model.facts, .standard)
        model.show(.plan(ConsolePlan(.rollBack, (1...40).map { "step \($0)." }, isPossible: true)))
        var seen: Set<String> = []
        for _ in 0..<5 {
            seen.formUnion(ConsoleScreen(model, .standard).lines.filter { $0.hasPrefix("step ") })
            model.press(.down)
        }
        #expect(seen.count == 40)
        #expect(ConsoleScreen(model, .standard).lines.contains { $0.hasPrefix("(arrow down: 0 more") })
    }

    @Test("breaks lines at words, and keeps their indent")
    func wrapping() {
        let size = ConsoleSize(columns: 40, rows: 24)
        let lines = ConsoleScreen.wrapped(["  " + "word ".repeated(12), "", "x".repeated(90)], size)
        #expect(lines.allSatisfy { $0.count < 40 })
        #expect(lines[0].hasPrefix("  word") && lines[1].hasPrefix("  word"))
        #expect(lines.joined().filter { $0 == "x" }.count == 90)
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}

@Suite("The painter of a console")
struct ConsolePainterTests {
    @Test("sends only what changed: an arrow costs less than a tenth of a second at 9,600 baud")
    func changes() {
        var painter = ConsolePainter(terminal: "vt220")
        var model = ConsoleModel(.failed())
        #expect(painter.paint(ConsoleScreen(model, .standard)).count > 500)
        model.press(.down)
        let bytes = painter.paint(ConsoleScreen(model, .standard))
        // Two lines of the menu.
        #expect(!bytes.isEmpty && bytes.count < 150)
        #expect(painter.paint(ConsoleScreen(model, .standard)) == [])
    }

    @Test("draws everything again after something else wrote there")
    func forgetting() {
        var painter = ConsolePainter(terminal: "linux")
        let screen = ConsoleScreen(ConsoleModel(.failed()), .standard)
        let first = painter.paint(screen)
        painter.forget()
        #expect(painter.paint(screen) == first)
        #expect(String(decoding: first, as: UTF8.self).contains("\u{1B}[2J"))
    }

    @Test("sends a terminal without sequences none", arguments: ["dumb", "", nil])
    func dumb(_ terminal: String?) {
        var painter = ConsolePainter(terminal: terminal)
        var model = ConsoleModel(.failed())
        var bytes = painter.paint(ConsoleScreen(model, .standard))
        model.press(.down)
        bytes += painter.paint(ConsoleScreen(model, .standard)) + painter.blank()
        #expect(!bytes.contains(0x1B))
    }
}

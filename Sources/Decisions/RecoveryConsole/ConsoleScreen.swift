/// How much a terminal shows.
package struct ConsoleSize: Equatable, Sendable {
    /// Characters in a line.
    package var columns: Int
    /// Lines.
    package var rows: Int

    /// What a terminal has that does not say it: a VT100.
    package static let standard = ConsoleSize(columns: 80, rows: 24)
    /// Smaller ones are treated as these: a word has to fit.
    static let smallest = ConsoleSize(columns: 40, rows: 10)

    /// Takes what a terminal says; zero is unknown.
    package init(columns: Int, rows: Int) {
        self.columns = columns > 0 ? max(40, columns) : 80
        self.rows = rows > 0 ? max(10, rows) : 24
    }
}

/// The lines of a console as they are to be seen, ASCII alone and none longer than the terminal.
package struct ConsoleScreen: Equatable, Sendable {
    /// The lines from the top.
    package private(set) var lines: [String] = []
    /// The line that is marked; nil when none is.
    package private(set) var marked: Int?
    /// Where the next letter would come: line and column from zero.
    package private(set) var cursor = (row: 0, column: 0)

    private let size: ConsoleSize

    /// Lays out what a session shows.
    package init(_ model: ConsoleModel, _ size: ConsoleSize) {
        self.size = size
        let head = Self.head(model.facts, size).map(cut)
        lines = head + [""]
        add(model.page, model)
        if lines.count > size.rows { lines = Array(lines.prefix(size.rows)) }
        cursor.row = min(cursor.row, lines.count - 1)
    }

    /// The lines of text that a page has room for.
    package static func textRows(_ facts: ConsoleFacts, _ size: ConsoleSize) -> Int {
        max(3, size.rows - head(facts, size).count - 6)
    }

    /// Breaks lines at words, so that each fits.
    package static func wrapped(_ lines: [String], _ size: ConsoleSize) -> [String] {
        lines.flatMap { wrap(plain($0), size.columns - 1) }
    }

    /// Whether both look the same, the cursor included.
    package static func == (one: ConsoleScreen, other: ConsoleScreen) -> Bool {
        one.lines == other.lines && one.marked == other.marked && one.cursor == other.cursor && one.size == other.size
    }
}

extension ConsoleScreen {
    /// What this is, which image runs, why, and what became of the others: up to five lines, and what is at work.
    private static func head(_ facts: ConsoleFacts, _ size: ConsoleSize) -> [String] {
        let last =
            (facts.problem.map { trouble($0, size) } ?? []) + facts.progress.map { "At work:  \($0)" }
        return (facts.isLive ? live(facts) : recovery(facts)) + last
    }

    private static func live(_ facts: ConsoleFacts) -> [String] {
        [
            "LIVE SYSTEM: it is installed on no disk, and forgets everything when it ends.",
            "Runs:     \(running(facts))",
            "From:     \(place(facts.medium))",
        ]
    }

    private static func place(_ medium: ConsoleFacts.Medium) -> String {
        switch medium {
        case .disk(let node): "\(node), which must stay in the machine"
        case .memory: "memory; the medium may be taken out"
        case .unknown: "an unknown place; leave the medium in the machine"
        }
    }

    private static func running(_ facts: ConsoleFacts) -> String {
        facts.running + (facts.image.isEmpty ? "" : " (image \(facts.image))")
    }

    private static func recovery(_ facts: ConsoleFacts) -> [String] {
        let title = facts.pending.map { "RECOVERY SYSTEM: a \($0) is pending, which has to be finished here." }
        return [
            title ?? "RECOVERY SYSTEM: this is not the normal system of this machine.",
            "Runs:     \(running(facts))", "Because:  \(facts.reason)",
            "Active:   \(line(facts.active))", "Passive:  \(line(facts.passive))",
        ]
    }

    /// What stands in the way, whose cause comes last; on a small terminal one line, as the menu has to stay in sight.
    private static func trouble(_ text: String, _ size: ConsoleSize) -> [String] {
        let (label, room) = ("Trouble:  ", size.rows < 20 ? 0 : 3)
        let lines = wrap(plain(text), size.columns - 1 - label.count)
        // What does not fit is joined to the last line, which is then cut with dots.
        let rest = lines.dropFirst(room).joined(separator: " ")
        return (lines.prefix(room) + (rest.isEmpty ? [] : [rest])).enumerated().map { place, line in
            (place == 0 ? label : String(repeating: " ", count: label.count)) + line
        }
    }

    private static func line(_ choice: ConsoleFacts.Choice) -> String {
        guard let title = choice.title else { return choice.obstacle ?? choice.verdict ?? "none" }
        return (choice.obstacle ?? choice.verdict).map { "\(title): \($0)" } ?? "\(title), nothing is known against it"
    }

    private mutating func add(_ page: ConsolePage, _ model: ConsoleModel) {
        switch page {
        case .menu(let menu): add(menu, model.remark)
        case .text(let text):
            add(text, model.rows)
            let last = text.first + model.rows >= text.lines.count
            put("\(last ? "Enter: back" : "Enter: go on")   b: a page back   Escape: leave")
        case .plan(let plan): add(plan, model.rows)
        case .form(let form): add(form)
        case .result(let task, let succeeded): lines = Self.result(task, succeeded).map(cut)
        }
        if case .menu = page { return }
        cursor = (lines.count - 1, lines.last?.count ?? 0)
    }

    private mutating func add(_ menu: ConsoleMenu, _ remark: String) {
        put(menu.title)
        // The marked entry stays in sight in a list that is longer than the screen.
        let room = max(1, size.rows - lines.count - 3)
        let first = max(0, min(menu.marked - room + 1, menu.entries.count - room))
        for (place, entry) in menu.entries.enumerated().dropFirst(first).prefix(room) {
            if place == menu.marked { (marked, cursor) = (lines.count, (lines.count, 0)) }
            put("\(place == menu.marked ? ">" : " ") \(entry.key)  \(entry.label)")
        }
        lines += [""] + Self.wrap(Self.plain(remark), size.columns - 1)
        put("Press a number, or use the arrow keys and Enter. Escape: back.")
    }

    private mutating func add(_ text: ConsoleText, _ rows: Int) {
        put(text.title)
        lines += text.lines.dropFirst(text.first).prefix(rows).map(cut) + [""]
    }

    private mutating func add(_ plan: ConsolePlan, _ rows: Int) {
        let commands = plan.task.commands.map { "lifeboot " + $0.joined(separator: " ") }.joined(separator: "; ")
        let room = ConsolePlan.rows(rows)
        add(plan.text, room)
        let rest = plan.text.lines.count - plan.text.first - room
        if rest > 0 || plan.text.first > 0 { put("(arrow down: \(max(0, rest)) more lines; arrow up: back)") }
        if !commands.isEmpty { put("The command for it: \(commands)") }
        guard plan.isPossible else {
            return put("This cannot be done. Enter: back. After a login the command takes options.")
        }
        switch plan.task.consent {
        case .yes: put("Press y to do it, any other key to leave it.")
        case .word(let word): put("Type \(word) and press Enter to do it, or Escape to leave it: \(plan.typed)")
        }
    }

    private mutating func add(_ form: ConsoleForm) {
        put(form.title)
        for (field, answer) in zip(form.fields, form.answers) { put("\(field.question): \(answer)") }
        put(form.field?.question ?? "")
        put("Enter: take it   Escape: back")
        // The end of a long line is what is being typed.
        put("> " + String(form.typed.suffix(size.columns - 4)))
    }

    private static func result(_ task: ConsoleTask, _ succeeded: Bool) -> [String] {
        guard succeeded else { return ["It was not done; the reason is above.", "Enter: back to the menu"] }
        guard task.needsRestart else { return ["Done.", "Enter: back to the menu"] }
        if case .install = task {
            return [
                "Done. Take the medium out, or choose the disk in the firmware, so that the disk starts.",
                "Enter: restart now   m: back to the menu",
            ]
        }
        return ["Done; it counts when the machine starts again.", "Enter: restart now   m: back to the menu"]
    }

    private mutating func put(_ line: String) { lines.append(cut(line)) }

    private func cut(_ line: String) -> String {
        let line = Self.plain(line)
        // The last column stays free: some terminals go on to the next line there.
        let width = size.columns - 1
        return line.count > width ? "\(line.prefix(width - 3))..." : line
    }

    /// A text without what some terminal would not show, or would obey.
    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" })
    }

    private static func wrap(_ text: String, _ width: Int) -> [String] {
        guard text.count > width else { return text.isEmpty ? [""] : [text] }
        let indent = String(text.prefix { $0 == " " }.prefix(width / 2))
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            var word = word
            if line.count > indent.count, line.count + 1 + word.count > width {
                lines.append(line)
                line = indent
            }
            // A word that is longer than a line goes on in the next.
            while indent.count + word.count > width {
                lines.append(indent + word.prefix(width - indent.count))
                word = word.dropFirst(width - indent.count)
            }
            line += (line.count > indent.count ? " " : "") + word
        }
        return lines + [line]
    }
}

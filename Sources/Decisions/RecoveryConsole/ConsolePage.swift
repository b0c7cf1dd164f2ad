/// What a console shows below the head.
package enum ConsolePage: Equatable, Sendable {
    /// Choices.
    case menu(ConsoleMenu)
    /// Something to read.
    case text(ConsoleText)
    /// What a task would do, and the question whether it shall.
    case plan(ConsolePlan)
    /// Lines that are asked for.
    case form(ConsoleForm)
    /// What became of a task, below what it printed.
    case result(ConsoleTask, succeeded: Bool)
}

/// Lines that are read page by page.
package struct ConsoleText: Equatable, Sendable {
    /// What stands above it.
    package var title: String
    /// The lines, each fit for the width of the screen.
    package var lines: [String]
    /// The first line that is shown.
    package private(set) var first = 0

    /// Starts at the first line, or at the last page.
    package init(_ title: String, _ lines: [String]) { (self.title, self.lines) = (title, lines) }

    /// Goes on by a page of so many lines; false at the end.
    mutating func turn(by rows: Int) -> Bool {
        guard first + rows < lines.count else { return false }
        first += rows
        return true
    }

    /// Goes back by a page.
    mutating func turnBack(by rows: Int) { first = max(0, first - rows) }
}

/// What a task would do.
package struct ConsolePlan: Equatable, Sendable {
    /// The task.
    package var task: ConsoleTask
    /// What it would do, or why it cannot.
    package var text: ConsoleText
    /// Whether it can be done.
    package var isPossible: Bool
    /// What was typed of the word that is asked for.
    package private(set) var typed = ""

    /// Makes the page.
    package init(_ task: ConsoleTask, _ lines: [String], isPossible: Bool) {
        self.task = task
        text = ConsoleText(task.title, lines)
        self.isPossible = isPossible
    }

    /// The lines of it that a page has room for beside the command and a hint.
    static func rows(_ rows: Int) -> Int { max(1, rows - 2) }

    /// Turns to the next page, or to the one before.
    mutating func turn(back: Bool, rows: Int) {
        if back { text.turnBack(by: Self.rows(rows)) } else { _ = text.turn(by: Self.rows(rows)) }
    }

    /// Takes a key; returns whether it was the last that was needed.
    mutating func agree(_ key: ConsoleKey) -> Bool {
        guard isPossible else { return false }
        switch (task.consent, key) {
        case (.yes, .character("y")), (.yes, .character("Y")): return true
        case (.word(let word), .character(let letter)):
            if typed.count < word.count { typed.append(letter) }
        case (.word, .erase): typed = String(typed.dropLast())
        case (.word(let word), .enter):
            if typed == word { return true }
            typed = ""
        default: break
        }
        return false
    }
}

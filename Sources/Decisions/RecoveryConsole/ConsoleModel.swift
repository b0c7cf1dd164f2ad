/// A session at a console: what is shown, and what a key makes of it.
package struct ConsoleModel: Equatable, Sendable {
    /// What a key asks for that only the machine can do.
    package enum Request: Equatable, Sendable {
        /// Look something up and show it.
        case gather(ConsoleSubject)
        /// Show what a task would do.
        case preview(ConsoleTask)
        /// Do it.
        case perform(ConsoleTask)
        /// Let somebody log in.
        case logIn
        /// Look at the machine again.
        case refresh
        /// Draw everything again.
        case redraw
    }

    /// What is known of the machine.
    package private(set) var facts: ConsoleFacts
    /// The lines of text that a page takes.
    package var rows = 12
    /// A sentence about the last key; empty when there is nothing to say.
    package private(set) var remark = ""

    private var pages: [ConsolePage]

    /// Starts with the first menu.
    package init(_ facts: ConsoleFacts) {
        self.facts = facts
        pages = [.menu(.first(facts))]
    }

    /// What is shown.
    package var page: ConsolePage { pages.last ?? .menu(.first(facts)) }

    /// Takes what is known by now; the first menu changes with it, and what is marked stays so.
    ///
    /// When something is no longer pending, or is now, the same keys do other things: the first is marked then.
    package mutating func update(_ facts: ConsoleFacts) {
        guard facts != self.facts else { return }
        let isSameMenu = (facts.pending, facts.isLive) == (self.facts.pending, self.facts.isLive)
        self.facts = facts
        guard case .menu(let old)? = pages.first else { return }
        var menu = ConsoleMenu.first(facts)
        if isSameMenu, let key = old.entry?.key { _ = menu.mark(key) }
        pages[0] = .menu(menu)
    }

    /// Shows something above what is shown; a page of the same kind is replaced, as after looking again.
    package mutating func show(_ page: ConsolePage) {
        if case .menu(let new) = page, case .menu(let old)? = pages.last, new.title == old.title { pages.removeLast() }
        remark = ""
        pages.append(page)
    }

    /// Takes a key; while an operation is at work only reading is possible.
    @discardableResult
    package mutating func press(_ key: ConsoleKey) -> Request? {
        remark = ""
        if key == .redraw { return .redraw }
        switch page {
        case .menu(let menu): return press(key, in: menu)
        case .text(let text): return press(key, in: text)
        case .plan(let plan): return press(key, in: plan)
        case .form(let form): return press(key, in: form)
        case .result(let task, let succeeded): return press(key, after: task, succeeded)
        }
    }
}

extension ConsoleModel {
    private mutating func press(_ key: ConsoleKey, in menu: ConsoleMenu) -> Request? {
        var menu = menu
        switch key {
        case .up, .down: menu.move(by: key == .up ? -1 : 1)
        case .enter: return choose(menu)
        case .escape, .erase, .interrupt: return goBack()
        case .character(let letter):
            guard menu.mark(letter) else {
                remark = "There is nothing under '\(letter)'."
                return letter == "q" || letter == "b" ? goBack() : nil
            }
            replace(.menu(menu))
            return choose(menu)
        case .redraw: return .redraw
        }
        replace(.menu(menu))
        return nil
    }

    private mutating func choose(_ menu: ConsoleMenu) -> Request? {
        switch menu.entry?.choice {
        case .task(let task): return .preview(task)
        case .open(.details): show(.menu(.details(facts)))
        case .open(.ending): show(.menu(.ending))
        case .open(let subject): return .gather(subject)
        case .ask(let form): show(.form(form))
        case .logIn: return .logIn
        case .nothing(let why): remark = why
        case nil: break
        }
        return nil
    }

    private mutating func press(_ key: ConsoleKey, in text: ConsoleText) -> Request? {
        var text = text
        switch key {
        case .up, .character("b"): text.turnBack(by: rows)
        case .enter, .down, .character(" "):
            guard text.turn(by: rows) else { return goBack() }
        default: return goBack()
        }
        replace(.text(text))
        return nil
    }

    private mutating func press(_ key: ConsoleKey, in plan: ConsolePlan) -> Request? {
        var plan = plan
        switch key {
        case .escape, .interrupt: return goBack()
        case .down, .up: plan.turn(back: key == .up, rows: rows)
        default:
            if plan.agree(key) {
                pages.removeLast()
                return .perform(plan.task)
            }
            // A plan without a word to type: any key but y is no.
            if !plan.isPossible || plan.task.consent == .yes { return goBack() }
        }
        replace(.plan(plan))
        return nil
    }

    private mutating func press(_ key: ConsoleKey, in form: ConsoleForm) -> Request? {
        var form = form
        switch key {
        case .escape, .interrupt:
            guard form.goBack() else { return goBack() }
        case .enter:
            if let task = form.answer() {
                pages.removeLast()
                return .preview(task)
            }
        default: form.edit(key)
        }
        replace(.form(form))
        return nil
    }

    private mutating func press(_ key: ConsoleKey, after task: ConsoleTask, _ succeeded: Bool) -> Request? {
        guard succeeded, task.needsRestart else {
            guard key == .enter || key == .escape || key == .interrupt else { return nil }
            return finish()
        }
        switch key {
        case .enter: return .perform(.restart)
        case .escape, .interrupt, .character("m"): return finish()
        default: return nil
        }
    }

    /// Back to the first menu, with the machine as it is by now.
    private mutating func finish() -> Request {
        pages = Array(pages.prefix(1))
        return .refresh
    }

    private mutating func goBack() -> Request? {
        if pages.count > 1 {
            pages.removeLast()
            remark = ""
            return nil
        }
        return .refresh
    }

    private mutating func replace(_ page: ConsolePage) { pages[pages.count - 1] = page }
}

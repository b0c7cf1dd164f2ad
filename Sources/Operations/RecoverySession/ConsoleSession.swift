import RecoveryConsole

/// A session at a console: shows, waits, and does what is chosen, until the terminal is hung up or somebody logs in.
package struct ConsoleSession<World: ConsoleWorld & ~Copyable>: ~Copyable {
    /// How long the rest of a key's sequence may take.
    private static var keyTime: Duration { .milliseconds(100) }
    /// How long others must be silent before the screen is drawn again over what they wrote.
    private static var silence: Duration { .seconds(1) }

    /// The machine.
    package var world: World
    private var model: ConsoleModel
    private var painter: ConsolePainter
    private var decoder = KeyDecoder()
    private var isOverwritten = false
    /// Whether an operation has ended, or was refused, since the machine was looked at.
    private var isStale = false
    /// What had failed when the machine was looked at.
    private var shownFailure: String?

    /// Begins a session.
    package init(_ world: consuming World) {
        self.world = world
        model = ConsoleModel(ConsoleFacts())
        painter = ConsolePainter(terminal: self.world.terminal)
    }

    /// Runs until the terminal is hung up.
    package mutating func run() {
        refresh()
        while true {
            draw()
            switch world.next(within: time) {
            case .bytes(let bytes): for key in decoder.take(bytes) { press(key) }
            case .overwritten: isOverwritten = true
            case .progressed: noteProgress()
            case .timedOut: timeOut()
            case .closed: return
            }
        }
    }

    private var time: Duration? {
        if decoder.isWaiting { return Self.keyTime }
        return isOverwritten || isStale ? Self.silence : nil
    }

    private mutating func timeOut() {
        if decoder.isWaiting {
            if let key = decoder.expire() { press(key) }
            return
        }
        if isStale { refresh() }
        guard isOverwritten else { return }
        (isOverwritten, isAppended) = (false, false)
        painter.forget()
    }

    // MARK: Showing

    /// Whether the page that belongs below what a command printed has been written.
    private var isAppended = false

    private mutating func draw() {
        // What is written now would be written over.
        if isOverwritten { return }
        model.rows = ConsoleScreen.textRows(model.facts, world.size)
        let screen = ConsoleScreen(model, world.size)
        guard case .result = model.page else {
            isAppended = false
            return world.write(painter.paint(screen))
        }
        if !isAppended { world.write(Array("\r\n\(screen.lines.joined(separator: "\r\n"))\r\n".utf8)) }
        isAppended = true
        painter.forget()
    }

    /// Says that something takes a while; the next drawing takes it away.
    private mutating func sayWait(_ text: String) {
        painter.forget()
        world.write(Array("\r\n\r\n\(text)\r\n".utf8))
    }

    // MARK: Doing

    private mutating func refresh() {
        isStale = false
        shownFailure = world.failure()
        var facts = world.facts()
        facts.progress = ConsoleScreen.wrapped(world.progress(), world.size)
        model.update(facts)
    }

    /// Only the lines of an operation change until it has ended, and then nothing is looked at before a moment has passed:
    /// one operation may consist of several, and to look would be in the way of the next.
    private mutating func noteProgress() {
        let lines = ConsoleScreen.wrapped(world.progress(), world.size)
        let isNews = isStale || !model.facts.progress.isEmpty || world.failure() != shownFailure
        isStale = lines.isEmpty && isNews
        var facts = model.facts
        facts.progress = lines
        model.update(facts)
    }

    private mutating func press(_ key: ConsoleKey) {
        guard let request = model.press(key) else { return }
        switch request {
        case .gather(let subject): gather(subject)
        case .preview(let task): preview(task)
        case .perform(let task): perform(task)
        case .logIn: logIn()
        case .refresh: refresh()
        case .redraw:
            (isOverwritten, isAppended) = (false, false)
            painter.forget()
        }
    }

    private mutating func gather(_ subject: ConsoleSubject) {
        sayWait("One moment ...")
        model.show(ConsoleLookups.page(subject, model.facts, world.size, &world))
    }

    private mutating func preview(_ task: ConsoleTask) {
        guard let command = task.planCommand else {
            return model.show(.plan(ConsolePlan(task, [], isPossible: true)))
        }
        sayWait("Looking at what it would do ...")
        let answer = world.ask(command)
        let lines = ConsoleScreen.wrapped(answer.lines, world.size)
        model.show(.plan(ConsolePlan(task, lines, isPossible: answer.succeeded)))
    }

    private mutating func perform(_ task: ConsoleTask) {
        painter.forget()
        isAppended = false
        let succeeded: Bool
        switch task {
        case .restart, .powerOff:
            sayWait(task == .restart ? "The machine starts again ..." : "The machine is switched off ...")
            succeeded = world.end(restart: task == .restart)
        default:
            world.write(painter.blank() + Array("\(task.title)\r\nCtrl-C stops it.\r\n\r\n".utf8))
            succeeded = task.commands.allSatisfy { world.perform($0) }
        }
        model.show(.result(task, succeeded: succeeded))
        refresh()
    }

    private mutating func logIn() {
        painter.forget()
        let reason = world.logIn()
        model.show(.text(ConsoleText("Nobody can log in here", ConsoleScreen.wrapped([reason], world.size))))
    }
}

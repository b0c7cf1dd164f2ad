package import RecoveryConsole

/// What a session at a console needs of the machine; tests have one of their own.
package protocol ConsoleWorld: ~Copyable {
    /// What the terminal shows at once.
    var size: ConsoleSize { get }
    /// The kind of terminal, the value of `TERM`.
    var terminal: String? { get }

    /// Waits for the next that happens; `timedOut` when the time is over.
    mutating func next(within time: Duration?) -> ConsoleHappening
    /// Shows bytes.
    mutating func write(_ bytes: [UInt8])
    /// Looks at the machine.
    mutating func facts() -> ConsoleFacts
    /// What an operation that is at work says of itself; empty when none is.
    mutating func progress() -> [String]
    /// Why what a unit was to do by itself was not done; nil when nothing failed.
    mutating func failure() -> String?
    /// Runs `lifeboot` with these arguments, out of sight.
    mutating func ask(_ arguments: [String]) -> ConsoleAnswer
    /// The last messages of the kernel and the services.
    mutating func messages() -> [String]
    /// Runs `lifeboot` with these arguments on the terminal; whether it did what it was asked for.
    mutating func perform(_ arguments: [String]) -> Bool
    /// Ends the run of the machine; whether that began.
    mutating func end(restart: Bool) -> Bool
    /// Lets somebody log in; returns only when that is not possible, with the reason.
    mutating func logIn() -> String
}

/// What happened at a console.
package enum ConsoleHappening: Equatable, Sendable {
    /// Bytes came from the keyboard.
    case bytes([UInt8])
    /// Something else wrote over the screen.
    case overwritten
    /// An operation got further, or ended.
    case progressed
    /// Nothing, for the time that was given.
    case timedOut
    /// The terminal was hung up.
    case closed
}

/// What `lifeboot` said.
package struct ConsoleAnswer: Equatable, Sendable {
    /// Whether its exit status was zero.
    package var succeeded: Bool
    /// Standard output.
    package var output: String
    /// Standard error.
    package var errors: String

    /// States an answer.
    package init(succeeded: Bool, output: String = "", errors: String = "") {
        (self.succeeded, self.output, self.errors) = (succeeded, output, errors)
    }

    /// The lines of both, the result first.
    var lines: [String] {
        (output + errors).split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }.dropLastEmpty
    }
}

extension [String] {
    fileprivate var dropLastEmpty: [String] { last?.isEmpty == true ? Array(dropLast()) : self }
}

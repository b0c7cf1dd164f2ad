import BootHealth
import BootModel
import DiskContract
import Faults
import InstalledSystem
import LinuxSystem
package import RecoveryConsole
package import ReleaseModel
import SystemPackage
import Terminals
import TransactionPlanning

/// A console of the machine that this program runs on: the terminal at standard input.
package struct LiveConsole: ConsoleWorld, ~Copyable {
    /// The longest time that looking at something takes.
    private static let lookLimit = Duration.seconds(300)
    /// The most that one look is allowed to say, in bytes.
    private static let lookSize = 1 << 20
    /// The lines of the journal that are shown.
    private static let messageCount = 200

    private let terminalHandle: PersonTerminal
    private let events: ConsoleEvents
    private let program: String
    private let policy: ConsolePolicy
    private let channel: String?

    /// Takes over the terminal.
    ///
    /// - Throws: `SystemError` when standard input is none, or the kernel does not tell which program this is.
    package init(policy: ConsolePolicy, channel: String?) throws {
        let program = try ThisProcess.program.string
        let terminal = try PersonTerminal()
        self.program = program
        terminalHandle = terminal
        events = ConsoleEvents(watching: MachinePaths.run)
        (self.policy, self.channel) = (policy, channel)
    }

    /// What the terminal shows at once.
    package var size: ConsoleSize {
        let size = terminalHandle.size
        return ConsoleSize(columns: size.columns, rows: size.rows)
    }

    /// The kind of terminal.
    package var terminal: String? { ThisProcess.variable("TERM") }

    /// Waits for the next that happens.
    package mutating func next(within time: Duration?) -> ConsoleHappening {
        switch events.next(terminalHandle, until: time.map(Deadline.after) ?? .never) {
        case .keys:
            let bytes = terminalHandle.read()
            return bytes.isEmpty ? .closed : .bytes(bytes)
        case .message: return .overwritten
        case .change: return .progressed
        case .timedOut: return .timedOut
        case .closed: return .closed
        }
    }

    /// Shows bytes.
    package mutating func write(_ bytes: [UInt8]) { terminalHandle.write(bytes) }

    /// Looks at the machine.
    package mutating func facts() -> ConsoleFacts {
        if var live = liveFacts() {
            live.problem = failure()
            return live
        }
        do throws(Refusal) {
            let facts = try StatusFacts(gathering: Machine(), command: "console", checkingRoots: false)
            var shown = ConsoleFacts(MachineStatus(facts), policy: policy, channel: channel)
            if shown.pending != nil { shown.problem = failure() }
            return shown
        } catch { return ConsoleFacts(problem: "\(error)", policy: policy) }
    }

    /// What is shown of a live system; nil in any other.
    private func liveFacts() -> ConsoleFacts? {
        let machine = Machine()
        guard let parameters = try? BootParameters(machine), parameters.isLive else { return nil }
        return ConsoleFacts(
            live: parameters, report: (try? machine.bootReport()) ?? nil,
            medium: medium(), policy: policy)
    }

    private func medium() -> ConsoleFacts.Medium {
        do { return try LiveMedium.inUse().map { .disk($0.string) } ?? .memory } catch { return .unknown }
    }

    /// Why what was to be done by itself, a reset or an installation, was not, when it was tried.
    package mutating func failure() -> String? {
        let file = MachinePaths.run.appending(ProgressNote.failureFile)
        guard let bytes = (try? FileBytes.readIfPresent(file, limit: 4096)) ?? nil else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// What an operation that is at work says of itself.
    package mutating func progress() -> [String] {
        let file = MachinePaths.run.appending(ProgressNote.file)
        guard let bytes = try? FileBytes.readIfPresent(file, limit: 4096), let note = ProgressNote(parsing: bytes),
            // The file of a process that was killed stays.
            (try? FileStatus.of(FilePath("/proc/\(note.process)"))) != nil
        else { return [] }
        return note.lines
    }

    /// Runs `lifeboot` out of sight.
    package mutating func ask(_ arguments: [String]) -> ConsoleAnswer { run(program, arguments) }

    /// The last messages.
    package mutating func messages() -> [String] {
        let answer = run(
            "journalctl", ["--boot", "--no-pager", "--lines", "\(Self.messageCount)", "--output", "short"])
        return answer.succeeded ? answer.lines : run("dmesg", []).lines
    }

    private func run(_ program: String, _ arguments: [String]) -> ConsoleAnswer {
        do throws(ProcessError) {
            let outcome = try ChildProcess.run(
                program, arguments, output: .tail(atMost: Self.lookSize), errors: .tail(atMost: 1 << 16),
                timeout: Self.lookLimit)
            return ConsoleAnswer(
                succeeded: outcome.succeeded, output: String(decoding: outcome.standardOutput, as: UTF8.self),
                errors: String(decoding: outcome.standardError, as: UTF8.self))
        } catch { return ConsoleAnswer(succeeded: false, errors: "\(error)\n") }
    }

    /// Runs `lifeboot` on the terminal.
    package mutating func perform(_ arguments: [String]) -> Bool {
        terminalHandle.lend {
            do throws(ProcessError) {
                return try ChildProcess.run(
                    program, arguments, input: .inherit, output: .inherit, errors: .inherit
                ).succeeded
            } catch {
                terminalHandle.write(Array("\(error)\r\n".utf8))
                return false
            }
        }
    }

    /// Ends the run of the machine.
    package mutating func end(restart: Bool) -> Bool {
        do {
            try (restart ? MachineEnd.reboot : .powerOff).perform()
            return true
        } catch {
            write(Array("\(error)\r\n".utf8))
            return false
        }
    }

    /// Lets somebody log in, in place of this program; its unit starts it again afterwards.
    package mutating func logIn() -> String {
        let failure = terminalHandle.lend(survives: false) { ConsoleLogin.become() }
        return failure
    }
}

/// The login of a terminal.
package enum ConsoleLogin {
    /// The time within which a name has to be typed, in seconds; then the console is back.
    private static let limit = "60"

    /// Goes on as agetty(8) at standard input; returns only the reason why that is not possible.
    ///
    /// - Parameter isLimited: whether the login ends when nobody types a name.
    package static func become(isLimited: Bool = true) -> String {
        let time = isLimited ? ["--timeout", limit] : []
        let arguments = ["--noclear", "--keep-baud"] + time + ["-", ThisProcess.variable("TERM") ?? "vt100"]
        do {
            try ThisProcess.become(try Executable.find("agetty"), arguments, environment: ThisProcess.environment)
        } catch { return "\(error)" }
    }
}

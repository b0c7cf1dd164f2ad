import BootModel
import LinuxSystem
import SystemPackage

/// How a first process ends when it cannot go on: never by ending, which is a panic without a word.
enum InitFailure {
    /// How long a failure of a boot that is not counted stays on the screen unless somebody asks for more, in seconds.
    static let reading = 60
    /// How long it stays then, in seconds: a key may be noise on a line.
    private static let studying = 3600

    /// Opens a shell where there is one and somebody asked for it; returns when it was left, at once when there is none.
    ///
    /// - Parameter reason: what the person is told, one line.
    static func shell(_ reason: String) -> Bool {
        guard let program = try? Executable.find("busybox") else {
            Console.writeToAll("\(reason) There is no busybox in this initramfs to open a shell with.")
            return false
        }
        Console.write("\(reason) Leave the shell with exit.")
        do {
            // A session of its own with the console, so that Ctrl-C works.
            _ = try ChildProcess.run(
                program.string, ["setsid", "-c", program.string, "sh", "-l"], input: .inherit, output: .inherit,
                errors: .inherit, timeout: nil)
            return true
        } catch {
            Console.write("\(error)")
            return false
        }
    }

    /// Restarts; a machine that cannot waits for the watchdog or a person.
    static func restart(after seconds: Int) -> Never {
        Pause.seconds(seconds)
        do { try Reboot.restart.perform() } catch { Console.writeToAll("\(error)") }
        while true { Pause.seconds(3600) }
    }

    /// Says what went wrong on every console, and restarts.
    static func end(_ message: String, _ parameters: BootParameters?) -> Never {
        Console.writeToAll("lifeboot: \(message)")
        let isAlone = parameters?.shellOnFailure ?? true
        if isAlone {
            if !shell("The boot cannot go on.") { read() }
            restart(after: 0)
        }
        restart(after: parameters?.failureDelay ?? reading)
    }

    /// Leaves what was said on the screen as long as somebody reads it.
    private static func read() {
        let end = Deadline.after(.seconds(reading))
        if isAnswered("This machine restarts in \(reading) s. Press Enter to go on reading. ", until: end) {
            _ = isAnswered(
                "Press Enter to restart; after an hour it restarts by itself. ", until: .after(.seconds(studying)))
            return
        }
        // Nobody can type where there is no console, or only one that was hung up.
        Pause.seconds(Int((end.remaining ?? .zero).components.seconds))
    }

    private static func isAnswered(_ question: String, until deadline: Deadline) -> Bool {
        let answer = try? ConsolePrompt.secret(question, until: deadline, whileWaiting: {})
        return answer.flatMap(\.self) != nil
    }
}

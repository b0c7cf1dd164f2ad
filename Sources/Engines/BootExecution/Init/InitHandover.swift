import BootModel
import LinuxSystem
import SystemPackage

/// What the real init of the booted system is started with.
struct InitHandover: Equatable, Sendable {
    /// What is looked for in the new root, in the kernel's order; the one that the command line names comes first.
    let programs: [FilePath]
    /// What the kernel handed to this process, from the words that it does not know.
    let arguments: [String]
    /// The variables that it handed, less those that this program added.
    let environment: [String: String]

    /// What this program adds before its own start (CInitramfs).
    private static let added: Set = ["SWIFT_DETERMINISTIC_HASHING"]
    private static let known: [FilePath] = ["/sbin/init", "/etc/init", "/bin/init", "/bin/sh"]

    /// Decides.
    ///
    /// A sealed system has refused a command line with another `init=` than the signed one before.
    init(_ line: KernelCommandLine, arguments: [String], environment: [String: String]) {
        let named = line.last("init").flatMap { $0.hasPrefix("/") ? FilePath($0) : nil }
        programs = (named.map { [$0] } ?? []) + Self.known
        self.arguments = arguments
        self.environment = environment.filter { !Self.added.contains($0.key) }
    }

    /// Goes on as the first program that can be started; a systemd that takes it gets the time at which this began.
    ///
    /// - Returns: why none could, one line each.
    func start(_ state: SystemdState) -> [String] {
        programs.map { program in
            do throws(SystemError) {
                let arguments = arguments + Self.stateArguments(state, for: program)
                try ThisProcess.become(program, arguments, environment: environment)
            } catch { return "\(error)" }
        }
    }

    /// What hands the state to a program; without memory for it the boot goes on all the same.
    private static func stateArguments(_ state: SystemdState, for program: FilePath) -> [String] {
        guard SystemdState.fits(program),
            let descriptor = try? MemoryFile(Array(state.text.utf8)).leaveToNextProgram()
        else { return [] }
        return SystemdState.arguments(descriptor: descriptor)
    }
}

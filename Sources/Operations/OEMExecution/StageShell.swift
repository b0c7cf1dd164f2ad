import LinuxSystem
import SystemPackage

/// Runs texts by the shell of the system.
struct StageShell {
    /// The stage, for the text's environment.
    let stage: String
    /// How long one text may take.
    let timeout: Duration

    /// What one text left behind.
    struct Result {
        let succeeded: Bool
        /// How it ended, and the end of what it printed.
        let words: String
    }

    /// Bash where it is: some of the family's texts are written for it.
    private static func shell() -> String {
        FileAccess.allows(.execute, "/bin/bash") ? "/bin/bash" : "/bin/sh"
    }

    /// Runs a text to its end.
    ///
    /// - Throws: `ProcessError` when there is no shell, or it is not finished in time.
    func run(_ text: String) throws(ProcessError) -> Result {
        let outcome = try ChildProcess.run(
            Self.shell(), ["-c", text], environment: environment, directory: "/", output: .tail(atMost: 2048),
            errors: .tail(atMost: 2048), timeout: timeout)
        let said = [outcome.standardError, outcome.standardOutput].map { String(decoding: $0, as: UTF8.self) }
            .map { $0.split(separator: "\n").suffix(3).joined(separator: " / ") }.filter { !$0.isEmpty }
        let end = "\(outcome.termination)" + (said.isEmpty ? "" : ", it said: \(said.joined(separator: " / "))")
        return Result(succeeded: outcome.succeeded, words: end)
    }

    /// What a text, and a program that must not see ours, gets as its environment.
    var environment: [String] {
        [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
            "LIFEBOOT_STAGE=\(stage)",
        ]
    }
}

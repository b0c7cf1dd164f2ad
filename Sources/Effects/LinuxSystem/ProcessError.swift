import SystemPackage

/// Says why a program could not be run or did not succeed.
package struct ProcessError: Error, Equatable, CustomStringConvertible {
    /// What was being done.
    package let operation: String
    /// The program.
    package let subject: String
    /// Why it failed, without a full stop.
    package let cause: String
    /// What the operator can do.
    package let remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    static func notFound(_ program: String, searched: String) -> ProcessError {
        ProcessError(
            operation: "finding", subject: program, cause: "no such program in \(searched)",
            remedy: "Install the package that has it.")
    }

    static func cannotStart(_ program: String, _ errno: Errno) -> ProcessError {
        ProcessError(
            operation: "starting", subject: program, cause: "\(errno)",
            remedy: errno == .noSuchFileOrDirectory || errno == .execFormatError
                ? "Check that the program is for this architecture and that its interpreter is there."
                : "Check the program's permissions and the free memory.")
    }

    static func nulInArgument(_ program: String) -> ProcessError {
        ProcessError(
            operation: "starting", subject: program, cause: "an argument or variable holds a NUL byte",
            remedy: "Check where the value comes from.")
    }

    static func talking(_ program: String, _ errno: Errno) -> ProcessError {
        ProcessError(
            operation: "exchanging data with", subject: program, cause: "\(errno)",
            remedy: "Check the free memory and the limit on open files.")
    }

    static func tooMuchOutput(_ program: String, limit: Int) -> ProcessError {
        ProcessError(
            operation: "reading the output of", subject: program, cause: "more than \(limit) bytes",
            remedy: "Run it by hand to see what it prints.")
    }

    static func timedOut(_ program: String, after limit: Duration, said: String) -> ProcessError {
        ProcessError(
            operation: "running", subject: program, cause: "not finished after \(limit)" + quoted(said),
            remedy: "It was killed; run it by hand to see what it waits for.")
    }

    static func unsuccessful(_ program: String, _ how: String, said: String) -> ProcessError {
        ProcessError(
            operation: "running", subject: program, cause: how + quoted(said),
            remedy: "Run it by hand with the same arguments.")
    }

    private static func quoted(_ said: String) -> String { said.isEmpty ? "" : " (\(said))" }
}

package import Faults
import SystemPackage

/// Says why a program could not be run or did not succeed.
package typealias ProcessError = Fault<ProcessFault>

/// Names what fails with a program.
package enum ProcessFault: FaultKind {
    /// There is no such program.
    case notFound
    /// It is there, but cannot be started.
    case cannotStart
    /// An argument or variable that C cannot hold.
    case nulInArgument
    /// Data could not be exchanged with it.
    case talking
    /// It printed more than is kept.
    case tooMuchOutput
    /// It was killed after its time.
    case timedOut
    /// It ended, and not with success.
    case unsuccessful
}

extension ProcessError {
    static func notFound(_ program: String, searched: String) -> ProcessError {
        ProcessError(
            .notFound, "finding", program, cause: "no such program in \(searched)",
            remedy: "Install the package that has it.")
    }

    static func cannotStart(_ program: String, _ errno: Errno) -> ProcessError {
        ProcessError(
            .cannotStart, "starting", program, cause: "\(errno)",
            remedy: errno == .noSuchFileOrDirectory || errno == .execFormatError
                ? "Check that the program is for this architecture and that its interpreter is there."
                : "Check the program's permissions and the free memory.")
    }

    static func nulInArgument(_ program: String) -> ProcessError {
        ProcessError(
            .nulInArgument, "starting", program, cause: "an argument or variable holds a NUL byte",
            remedy: "Check where the value comes from.")
    }

    static func talking(_ program: String, _ errno: Errno) -> ProcessError {
        ProcessError(
            .talking, "exchanging data with", program, cause: "\(errno)",
            remedy: "Check the free memory and the limit on open files.")
    }

    static func tooMuchOutput(_ program: String, limit: Int) -> ProcessError {
        ProcessError(
            .tooMuchOutput, "reading the output of", program, cause: "more than \(limit) bytes",
            remedy: "Run it by hand to see what it prints.")
    }

    static func timedOut(_ program: String, after limit: Duration, said: String) -> ProcessError {
        ProcessError(
            .timedOut, "running", program, cause: "not finished after \(limit)" + quoted(said),
            remedy: "It was killed; run it by hand to see what it waits for.")
    }

    static func unsuccessful(_ program: String, _ how: String, said: String) -> ProcessError {
        ProcessError(
            .unsuccessful, "running", program, cause: how + quoted(said),
            remedy: "Run it by hand with the same arguments.")
    }

    private static func quoted(_ said: String) -> String { said.isEmpty ? "" : " (\(said))" }
}

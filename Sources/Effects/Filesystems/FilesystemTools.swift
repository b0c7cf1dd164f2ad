package import LinuxSystem
import SystemPackage

/// Runs the programs that make filesystems, with everything fixed that could make two runs differ.
package struct FilesystemTools: Sendable {
    /// The time of everything that is made, in seconds since 1970; nil for the clock.
    package let time: Int64?

    /// Fixes the time, or not.
    package init(time: Int64? = nil) { self.time = time }

    /// No configuration of the host may choose features.
    private var environment: [String] {
        let fixed = [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC", "HOME=/", "MKE2FS_CONFIG=/dev/null",
            "MTOOLSRC=/dev/null",
        ]
        // e2fsprogs before 1.47.1 know only the second name.
        return fixed + (time.map { ["SOURCE_DATE_EPOCH=\($0)", "E2FSPROGS_FAKE_TIME=\($0)"] } ?? [])
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: `ProcessError` when it cannot be found, or its exit status is not zero.
    @discardableResult
    package func run(
        _ program: String, _ arguments: [String]
    ) throws(ProcessError) -> ChildProcess.Outcome {
        try outcome(program, arguments).requireSuccess()
    }

    /// Runs a program to its end, whatever its exit status.
    ///
    /// - Parameter keeping: what is kept of each stream; a program that must not be ended for what it says needs a tail.
    /// - Throws: `ProcessError` when it cannot be found.
    package func outcome(
        _ program: String, _ arguments: [String], keeping: ChildProcess.Output = .capture(atMost: 1 << 20)
    ) throws(ProcessError) -> ChildProcess.Outcome {
        try ChildProcess.run(
            Self.path(of: program), arguments, environment: environment, output: keeping, errors: keeping)
    }

    /// Looks where Debian puts programs of the administrator, which a user's `PATH` lacks.
    private static func path(of program: String) -> String {
        let places = ["/usr/sbin", "/sbin"].map { "\($0)/\(program)" }
        return places.first { (try? FileStatus.of(FilePath($0))) != nil } ?? program
    }
}

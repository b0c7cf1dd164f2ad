package import Faults
package import LinuxSystem
package import SystemPackage

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

    /// Whether a program can be found; nothing is run.
    package static func isInstalled(_ program: String) -> Bool {
        (try? Executable.find(path(of: program))) != nil
    }

    /// Looks where Debian puts programs of the administrator, which a user's `PATH` lacks.
    private static func path(of program: String) -> String {
        let places = ["/usr/sbin", "/sbin"].map { "\($0)/\(program)" }
        return places.first { (try? FileStatus.of(FilePath($0))) != nil } ?? program
    }
}

/// Says why a filesystem could not be made, checked or wiped.
package typealias FilesystemError = Fault<FilesystemFault>

/// Names what fails with filesystems.
package enum FilesystemFault: FaultKind {
    /// A program failed or could not be run.
    case program
    /// A call of the kernel failed.
    case system(Errno)
    /// Something could not be found out.
    case unknown
    /// e2fsck did not get as far as to judge.
    case check
}

extension FilesystemError {
    /// A program failed or could not be run.
    static func program(_ operation: String, _ device: FilePath, _ cause: ProcessError) -> FilesystemError {
        FilesystemError(
            .program, operation, device.string, because: cause,
            remedy: "Check the kernel log and the disk's health, and that nothing uses it.")
    }

    /// A call of the kernel failed.
    static func system(_ operation: String, _ device: FilePath, _ errno: Errno) -> FilesystemError {
        FilesystemError(
            .system(errno), operation, device.string, cause: "\(errno)",
            remedy: errno == .resourceBusy
                ? "Something uses it; unmount it and close what is open on it." : "See the kernel log for details.")
    }

    /// Something could not be found out.
    static func unknown(_ operation: String, _ device: FilePath, _ cause: SystemError) -> FilesystemError {
        FilesystemError(
            .unknown, operation, device.string, because: cause,
            remedy: "What is not known to be free is not written to.")
    }
}

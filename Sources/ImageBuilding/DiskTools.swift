import LinuxSystem
import SystemPackage

/// Runs the programs that make filesystems, with everything fixed that could make two runs differ.
struct DiskTools {
    /// The time of every file, in seconds since 1970.
    let time: Int64

    private var environment: [String] {
        [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC", "HOME=/", "SOURCE_DATE_EPOCH=\(time)",
            // e2fsprogs before 1.47.1 know only this name. No configuration of the host may choose features.
            "E2FSPROGS_FAKE_TIME=\(time)", "MKE2FS_CONFIG=/dev/null", "MTOOLSRC=/dev/null",
        ]
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: when it cannot be found, or its exit status is not zero.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> ChildProcess.Outcome {
        try ChildProcess.run(
            Self.path(of: program), arguments, environment: environment, errors: .capture(atMost: 1 << 20)
        ).requireSuccess()
    }

    /// Looks where Debian puts programs of the administrator, which a user's `PATH` lacks.
    private static func path(of program: String) throws -> String {
        let places = ["/usr/sbin", "/sbin"].map { "\($0)/\(program)" }
        return try places.first { try FileStatus.of(FilePath($0)) != nil } ?? program
    }
}

import Filesystems
import LinuxSystem

/// Runs the programs that make disks, with everything fixed that could make two runs differ.
struct DiskTools {
    /// The time of every file, in seconds since 1970.
    let time: Int64

    /// The same for filesystems.
    var filesystems: FilesystemTools { FilesystemTools(time: time) }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: when it cannot be found, or its exit status is not zero.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> ChildProcess.Outcome {
        try filesystems.run(program, arguments)
    }
}

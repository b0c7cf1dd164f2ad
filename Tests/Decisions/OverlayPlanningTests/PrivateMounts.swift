import Foundation

/// Runs programs that mount, in a namespace of their own with a `/run` of its own: what they mount is gone when they end.
enum PrivateMounts {
    /// Whether this process may do that, and these programs are there.
    static func arePossible(with programs: String...) -> Bool {
        programs.allSatisfy { (try? run([$0, "--version"]))?.status == 0 }
    }

    /// Runs a program; returns its status, and all that it said.
    static func run(_ command: [String]) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        let script = "mount -t tmpfs tmpfs /run && exec \"$@\" 2>&1"
        process.arguments = ["60", "unshare", "--mount", "sh", "-c", script, "sh"] + command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}

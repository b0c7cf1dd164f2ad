import Foundation
import Testing

/// A program of the machine, run to its end.
enum Tool {
    /// What a program left behind.
    struct Result {
        var status: Int32
        var output: String
        var complaints: String
    }

    /// Says that a program is not installed.
    struct Missing: Error { var name: String }

    /// Where a program lies in `PATH`; nil when it is not installed.
    static func path(_ name: String) -> URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let candidates = folders.map { URL(fileURLWithPath: String($0)).appending(path: name) }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Runs a program at the top of the checkout.
    static func run(_ name: String, _ arguments: [String]) throws -> Result {
        let process = Process()
        guard let executable = path(name) else { throw Missing(name: name) }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = Repository.root
        process.standardInput = FileHandle.nullDevice
        let folder = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = (folder.appending(path: "output"), folder.appending(path: "complaints"))
        // Files instead of pipes: a program that writes much to both cannot block.
        process.standardOutput = try newFile(files.0)
        process.standardError = try newFile(files.1)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try String(contentsOf: files.0, encoding: .utf8),
            complaints: try String(contentsOf: files.1, encoding: .utf8))
    }

    private static func newFile(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where a program is not installed, except in CI, where it then fails.
    static func needs(_ tool: String) -> ConditionTrait {
        .enabled(if: Repository.isContinuousIntegration || Tool.path(tool) != nil, "\(tool) is not installed")
    }
}

import Foundation
import LinuxSystem
import SystemPackage
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
        guard let executable = path(name) else { throw Missing(name: name) }
        let outcome = try ChildProcess.run(
            executable.path, arguments, directory: FilePath(Repository.root.path), output: .capture(atMost: 64 << 20),
            errors: .capture(atMost: 64 << 20), timeout: .seconds(300))
        let status: Int32 = if case .exited(let status) = outcome.termination { status } else { -1 }
        return Result(
            status: status, output: String(decoding: outcome.standardOutput, as: UTF8.self),
            complaints: String(decoding: outcome.standardError, as: UTF8.self))
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where a program is not installed, except in CI, where it then fails.
    static func needs(_ tool: String) -> ConditionTrait {
        .enabled(if: Repository.isContinuousIntegration || Tool.path(tool) != nil, "\(tool) is not installed")
    }
}

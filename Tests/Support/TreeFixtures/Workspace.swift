import Foundation
import LinuxSystem
package import SystemPackage

/// Owns a folder in which programs run.
package struct Workspace: ~Copyable {
    /// Where it is.
    package let path = FileManager.default.temporaryDirectory.appending(path: "tree-\(UUID().uuidString)").path()

    /// Makes the folder.
    package init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    /// Runs a script of the shell in it and returns what it says.
    @discardableResult
    package borrowing func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 1 << 22),
            timeout: .seconds(60)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    /// A place in it.
    package borrowing func place(_ name: String) -> FilePath { FilePath("\(path)/\(name)") }

    /// The content of a file in it.
    package borrowing func bytes(_ name: String) throws -> [UInt8] {
        try FileBytes.read(place(name), limit: 1 << 26)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

import Foundation
import LinuxSystem
import SystemPackage

/// Owns a folder and runs programs in it.
struct ArchiveSpace: ~Copyable {
    let path = FileManager.default.temporaryDirectory.appending(path: "archives-\(UUID().uuidString)").path()

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    @discardableResult
    func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 1 << 20),
            timeout: .seconds(60)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

import Foundation
import LinuxSystem

/// Asks the programs of scripts/sbom-checkers about a bill of software.
package enum BillCheckers {
    /// Says why a document was refused.
    package struct Refusal: Error, CustomStringConvertible {
        /// The program and what it said.
        package var description: String
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../scripts/sbom-checkers").standardized.path()

    private static let folder: String? = {
        let outcome = try? ChildProcess.run(
            script, ["--present"], output: .capture(atMost: 4_096), timeout: .seconds(60)
        ).requireSuccess()
        return outcome.map { String(decoding: $0.standardOutput, as: UTF8.self).trimmingCharacters(in: .newlines) }
    }()

    /// Whether they are installed; in CI they must be.
    package static var arePresent: Bool { folder != nil || ProcessInfo.processInfo.environment["CI"] != nil }

    /// Has a document checked by both.
    ///
    /// - Parameter checksElements: whether the elements that the NTIA wants must all be there.
    /// - Throws: `Refusal` when one of them finds something.
    package static func check(_ document: [UInt8], elements checksElements: Bool = true) throws {
        guard let folder else { throw Refusal(description: "the checkers are not installed") }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).spdx.json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(document).write(to: file)
        for command in ["pyspdxtools -i"] + (checksElements ? ["ntia-checker"] : []) {
            let outcome = try ChildProcess.run(
                "/bin/sh", ["-c", "\(folder)/\(command) \(file.path()) 2>&1"], output: .capture(atMost: 1 << 20),
                timeout: .seconds(300))
            guard outcome.termination == .exited(0) else {
                throw Refusal(description: "\(command): " + String(decoding: outcome.standardOutput, as: UTF8.self))
            }
        }
    }
}

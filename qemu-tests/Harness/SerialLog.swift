import Foundation

/// The file into which QEMU writes what the guest says on its serial console.
struct SerialLog: Sendable {
    let path: String

    /// Everything so far, without terminal sequences.
    var text: String {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
            .replacingOccurrences(of: "\u{1B}\\[[0-9;?]*[A-Za-z]", with: "", options: .regularExpression)
            .replacingOccurrences(of: "\r", with: "")
    }

    /// The last `count` lines.
    func tail(_ count: Int = 60) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }

    /// How many times `text` was said so far.
    func count(of text: String) -> Int { self.text.components(separatedBy: text).count - 1 }

    /// Waits until `text` has been said more than `earlier` times.
    ///
    /// For moments that nothing else tells, such as what GRUB is doing; never as the proof of success.
    func wait(for text: String, moreThan earlier: Int = 0, within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        while count(of: text) <= earlier {
            guard ContinuousClock.now < deadline else {
                throw MachineError("wait for '\(text)' on the console", "it did not come within \(limit)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

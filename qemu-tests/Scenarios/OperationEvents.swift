import Testing

// Stages of operations: each says that it ran, and in which root.
extension DiskEditor {
    /// What the stages of an operation write, in their order.
    static func events(of operation: String) -> [String] {
        [
            "before-\(operation) here", "after-\(operation)-chroot in the image, read-only", "after-\(operation) here",
            "post-\(operation) here",
        ]
    }

    /// Puts a file on OEM whose stages say that they ran.
    func markEvents(of operation: String) async throws {
        let place = "$(test /proc/1/root/. -ef / && echo here || { touch /mark 2>&- || echo in the image, read-only; })"
        let stages = ["before-\(operation)", "after-\(operation)-chroot", "after-\(operation)", "post-\(operation)"]
        let lines = stages.map { "  \($0):\n    - commands: ['echo \($0) \(place) >>/run/events']\n" }
        try await setFile("/50_events.yaml", on: "oem", to: Array("stages:\n\(lines.joined())".utf8))
    }
}

extension Guest {
    /// What the stages of operations have written since the boot.
    func events() async throws -> [String] {
        try await output(of: "cat /run/events").split(separator: "\n").map(String.init)
    }
}

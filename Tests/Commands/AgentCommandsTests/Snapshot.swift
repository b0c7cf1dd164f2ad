import Foundation
import Testing

/// Compares text with a file beside the tests; LIFEBOOT_UPDATE_GOLDEN=1 writes the file instead.
enum Snapshot {
    static func check(_ text: String, _ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")
        let url = folder.appendingPathComponent(name.contains(".") ? name : "\(name).txt")
        let text = text + "\n"
        if ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: url, encoding: .utf8)
        #expect(text == expected, "\(name) differs; LIFEBOOT_UPDATE_GOLDEN=1 writes it anew")
    }

    static func check(_ lines: [String], _ name: String) throws {
        try check(lines.joined(separator: "\n"), name)
    }
}

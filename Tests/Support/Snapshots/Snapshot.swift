import Foundation
package import Testing

/// Compares text with a file in the folder `Snapshots` of a test target; LIFEBOOT_UPDATE_GOLDEN=1 writes the file instead.
package enum Snapshot {
    /// Expects that a text, with a line feed behind it, is what the file says; a name without an ending is a `.txt`.
    package static func check(
        _ text: String, _ name: String, from test: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let url = url(name, test)
        let text = text + "\n"
        if ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: url, encoding: .utf8)
        #expect(text == expected, "\(name) differs; `make golden` writes it anew", sourceLocation: sourceLocation)
    }

    /// Expects that lines are those of the file.
    package static func check(
        _ lines: [String], _ name: String, from test: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try check(lines.joined(separator: "\n"), name, from: test, sourceLocation: sourceLocation)
    }

    /// The lines of the file, for tests that tell more of a difference than that there is one.
    package static func lines(of name: String, from test: String = #filePath) throws -> [String] {
        try String(contentsOf: url(name, test), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func url(_ name: String, _ test: String) -> URL {
        folder(above: test).appending(path: name.contains(".") ? name : "\(name).txt")
    }

    /// The folder in the test target that a file belongs to: the one below `Tests/<layer>`.
    private static func folder(above test: String) -> URL {
        let components = test.split(separator: "/")
        let top = components.lastIndex(of: "Tests").map { $0 + 3 } ?? components.count - 1
        return URL(fileURLWithPath: "/" + components.prefix(top).joined(separator: "/")).appending(path: "Snapshots")
    }
}

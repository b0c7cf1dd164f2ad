import ArgumentParser
import Foundation
import ImagePlanning
import Testing

@testable import BuilderCommands

@Suite("docs/media.md")
struct MediaDocumentTests {
    private static func text() throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/media.md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("every command that makes something is taken as it is written there")
    func commands() throws {
        let lines = try Self.text().split(separator: "\n").filter { line in
            line.hasPrefix("$ ") && ["disk", "iso", "netboot"].contains { line.contains("boatyard \($0) ") }
        }
        for line in lines {
            let words = line.split(separator: " ").drop { $0 != "boatyard" }.map(String.init)
            #expect(throws: Never.self, "\(line)") { try BoatyardCommand.parseAsRoot(Array(words.dropFirst())) }
        }
        #expect(lines.count >= 9)
    }

    @Test("every check for clouds is in its table")
    func checks() throws {
        let text = try Self.text()
        for check in CloudChecks.checks(of: .aws) {
            let row = "| `\(check.name)` | \(check.severity.rawValue) | \(check.finds) | \(check.remedy) |"
            #expect(text.contains(row), "\(row)")
        }
    }

    @Test("every format is in its table, with how its names end")
    func formats() throws {
        let text = try Self.text()
        for format in DiskFormat.allCases { #expect(text.contains("| `\(format.rawValue)` | `.\(format.ending)` |")) }
    }
}

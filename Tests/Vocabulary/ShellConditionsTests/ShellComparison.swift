import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import ShellConditions

/// Compares conditions with what real shells say, in a folder that goes away with it.
final class ShellComparison {
    /// The shells that must agree, and a locale for each.
    static let shells = [(["dash"], "C"), (["bash", "--posix"], "C.UTF-8")]
    static let areInstalled = ["dash", "bash", "grep"].allSatisfy { name in
        ["/bin/", "/usr/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }

    private let folder: URL
    private var tree: URL { folder.appending(path: "tree") }

    init() throws {
        folder = URL(filePath: "/tmp/shell-conditions-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "tree/folder"), withIntermediateDirectories: true)
        for (name, mode) in [
            ("file", 0o644), ("folder/inner", 0o640), ("program", 0o755), ("closed", 0), ("sp ace", 0o444),
        ] {
            try write(Data("some text\n".utf8), to: name)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
        }
        try write(Data(), to: "empty")
        for (name, target) in [("link", "file"), ("lost", "nowhere"), ("around", "folder")] {
            try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func path(_ name: String) -> String { tree.appending(path: name).path }

    func write(_ data: Data, to name: String) throws { try data.write(to: URL(filePath: path(name))) }

    /// Expects the same answer of the shells for each text that is decided here.
    ///
    /// - Returns: how many are.
    func check(_ texts: [String]) throws -> Int {
        var decided: [(text: String, answer: Bool)] = []
        for text in texts where !Self.namesFileOfRoot(text) {
            guard let condition = ShellCondition(text), let answer = condition.holds(in: RealFiles(root: tree.path))
            else { continue }
            decided.append((text, answer))
        }
        for (shell, locale) in Self.shells {
            let statuses = try statuses(of: decided.map(\.text), by: shell, locale)
            try #require(statuses.count == decided.count, "\(shell): it ended early")
            for (status, (text, answer)) in zip(statuses, decided) {
                #expect((status == "0") == answer, "\(shell) says \(status): \(text)")
            }
        }
        return decided.count
    }

    /// Whether a path may begin at the real root, which is not the tree; `>/dev/null` may.
    private static func namesFileOfRoot(_ text: String) -> Bool {
        zip(" " + text, text).contains { before, after in
            after == "/" && !(before.isLetter || before == "." || before == "/" || before == ">")
        }
    }

    private func statuses(of texts: [String], by shell: [String], _ locale: String) throws -> [Substring] {
        let script = folder.appending(path: "script")
        let lines = texts.map { "eval '\($0.replacing("'", with: "'\\''"))' </dev/null >/dev/null 2>&1; echo $?\n" }
        try Data(lines.joined().utf8).write(to: script)
        let outcome = try ChildProcess.run(
            shell[0], shell.dropFirst() + [script.path], environment: ["PATH=/usr/bin:/bin", "LC_ALL=\(locale)"],
            directory: FilePath(tree.path), timeout: .seconds(60))
        return String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n")
    }
}

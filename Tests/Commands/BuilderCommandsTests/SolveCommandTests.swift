import ArgumentParser
import Foundation
import JSONText
import OutputSchemas
import PackageModel
import SystemPackage
import TestPackages
import Testing

@testable import BuilderCommands
@testable import CommandOutput

@Suite("boatyard solve")
struct SolveCommandTests {
    /// What a command line prints and ends with, over two indexes in files.
    private static func run(
        _ arguments: [String], top: String, below: String = ""
    ) throws -> (text: String, status: Int32) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "solve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var words = ["solve"] + arguments
        for (name, text) in [("harbour", top), ("foundation", below)] {
            let file = folder.appending(path: name)
            try Data(PackageText.repository(text, name: name).serialized()).write(to: file)
            words += ["--index", file.path]
        }
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { text += $0 })
        let command = try #require(try BoatyardCommand.parseAsRoot(words) as? SolveCommand)
        do {
            try command.run(Output("boatyard", command.json ? .json : .lines, to: streams))
            try check(text, command)
            return (text, 0)
        } catch let error as ExitCode {
            try check(text, command)
            return (text, error.rawValue)
        } catch { return (text, BoatyardCommand.exitCode(for: error).rawValue) }
    }

    /// Expects that a document for programs is what the schema says.
    private static func check(_ text: String, _ command: SolveCommand) throws {
        guard command.json, text.hasPrefix("{\n") else { return }
        try OutputSchema.check(try JSONValue(parsing: Array(text.utf8)), "solve")
    }

    private static let top =
        "app/tide 1.0 | requires system/base >= 12 | requires v/v\nx/grub 2 | provides v/v\nx/sd 1 | provides v/v"
    private static let below =
        "system/base 12.1\nsystem/base 11 | conflicts app/tide\napp/ebb 1 | conflicts system/base"

    @Test("lists the packages in their order, each with its repository, and warns of a choice")
    func list() throws {
        let (text, status) = try Self.run(["app/tide"], top: Self.top, below: Self.below)
        #expect(
            text == """
                system/base  12.1  all  foundation
                x/grub       2     all  harbour
                app/tide     1.0   all  harbour
                3 packages, 3 bytes to fetch
                boatyard: warning: x/grub 2 and x/sd 1 provide v/v, which is needed by app/tide 1.0, which is asked for by the \
                command line; x/grub was taken. Ask for the one that you want.

                """)
        #expect(status == 0)
    }

    @Test("says what stands against requests, and ends with 1")
    func refused() throws {
        let (text, status) = try Self.run(["app/ebb", "app/tide"], top: Self.top, below: Self.below)
        #expect(
            text == """
                error: app/ebb 1 (the command line) conflicts with system/base; system/base 12.1 (as system/base >= 12) is needed \
                by app/tide 1.0, which is asked for by the command line. Leave out one of them.

                """)
        #expect(status == 1)
    }

    @Test(
        "answers why and why not",
        arguments: [
            (
                ["app/tide", "--why", "system/base"], 0,
                "system/base 12.1 is needed by app/tide 1.0, which is asked for by the command line.\n"
            ),
            (
                ["app/tide", "--why", "app/ebb"], 1,
                "Nothing brings app/ebb; 'boatyard solve --why-not' says what stands against it.\n"
            ),
            (
                ["app/tide", "--why-not", "x/sd"], 0,
                "Nothing stands against x/sd: it is taken when it is asked for. With it there would be:\n"
                    + "system/base  12.1  all  foundation\nx/sd         1     all  harbour\napp/tide     1.0   all  harbour\n"
                    + "3 packages, 3 bytes to fetch\n"
            ),
            (
                ["app/tide", "--why-not", "system/base > 12"], 0,
                "system/base 12.1 is needed by app/tide 1.0, which is asked for by the command line.\n"
            ),
            (
                ["app/tide", "--why-not", "system/base > 13"], 1,
                "error: there is no system/base > 13 but system/base 12.1 and 11; system/base > 13 is asked for by this question. Ask "
                    + "for a version that is there.\n"
            ),
        ] as [([String], Int32, String)])
    func questions(arguments: [String], status: Int32, text: String) throws {
        let found = try Self.run(arguments, top: Self.top, below: Self.below)
        #expect(found.text == text)
        #expect(found.status == status)
    }

    @Test("prints one document as JSON, with what people are told in it")
    func json() throws {
        let solved = try Self.run(["app/tide", "--json"], top: Self.top, below: Self.below)
        let document = try JSONValue(parsing: Array(solved.text.utf8))
        #expect(document["solved"] == true && document["warnings"]?.elements?.count == 1)
        let packages = try #require(document["packages"]?.elements)
        #expect(packages.map { $0["name"]?.text } == ["system/base", "x/grub", "app/tide"])
        #expect(packages.first?["repository"]?.text == "foundation" && packages.first?["layer"] == 1)
        let refused = try Self.run(["app/tied", "--json"], top: Self.top, below: Self.below)
        let problems = try #require(try JSONValue(parsing: Array(refused.text.utf8))["problems"]?.elements)
        #expect(problems.first?["remedy"]?.text == "Correct the name (app/tide is there).")
        #expect(problems.first?["requests"]?.elements?.first?["request"]?.text == "app/tied" && refused.status == 1)
    }

    @Test("takes packages for the architecture that is asked for")
    func architecture() throws {
        let text = "a/a 1 amd64\na/a 2 riscv64"
        #expect(
            try Self.run(["a/a", "--architecture", "riscv64"], top: text).text.hasPrefix(
                "a/a  2  riscv64  harbour\n1 package,"))
        #expect(try Self.run(["a/a", "--architecture", "arm64"], top: text).status == 1)
    }

    @Test("fails with 2 when an index is not there or is none")
    func unreadable() throws {
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { text += $0 })
        for path in ["/nonexistent", "/dev/null"] {
            let command = try #require(
                try BoatyardCommand.parseAsRoot(["solve", "a/a", "--index", path]) as? SolveCommand)
            let error = #expect(throws: (any Error).self) { try command.run(Output("boatyard", .lines, to: streams)) }
            #expect(error.map { BoatyardCommand.exitCode(for: $0).rawValue } == 2)
        }
        #expect(text.contains("/nonexistent") && text.contains("repository's index"))
    }
}

import AgentCommands
import ArgumentParser
import BuilderCommands
import CommandOutput
import Foundation
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import ManualPages

@Suite("The manual")
struct ManualTests {
    /// The checkout that these tests are part of.
    static let checkout = FilePath(
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().path
    ).appending("../../..").lexicallyNormalized()

    /// Made once: ArgumentParser takes seconds to describe all verbs where nothing is optimised.
    private static let made = Result { try make() }

    static func pages() throws -> [ManualPage] { try made.get() }

    private static func make() throws -> [ManualPage] {
        try Manual.pages(agent: AgentCommand.self, builder: BoatyardCommand.self) { path in
            String(decoding: try FileBytes.read(checkout.appending(path), limit: 1 << 20), as: UTF8.self)
        }
    }

    @Test("every verb has a page, and what units run is named on the program's")
    func verbs() throws {
        let pages = try Self.pages()
        let names = Set(pages.map(\.name.path))
        for (roots, section) in [([any ParsableCommand.Type]([AgentCommand.self]), 8), ([BoatyardCommand.self], 1)] {
            for path in Self.verbs(below: roots) {
                let name = path.map { $0._commandName }.joined(separator: "-")
                #expect(names.contains("man\(section)/\(name).\(section)"), "\(name)")
            }
        }
        #expect(!names.contains("man8/lifeboot-boot-failed.8") && !names.contains("man8/lifeboot-overlay-stack.8"))
        let agent = try #require(pages.first { $0.name == PageName("lifeboot", 8) }).text
        for words in [".TP\n\\fBboot\\-failed\\fR\n", ".SS \"Update\"", "\\fB23\\fR\nAnother operation", "health.d"] {
            #expect(agent.contains(words), "\(words)")
        }
        #expect(agent.contains("\\fBlifeboot.config\\fR(5)") && !agent.contains("\\fBboatyard.lock\\fR(5)"))
    }

    @Test("every document for users is a page")
    func documents() throws {
        let all = try Folders.names(of: Self.checkout.appending("docs")).filter { $0.hasSuffix(".md") }
        let others = Set(all.map { "docs/\($0)" }).subtracting(Manual.documents.keys)
        #expect(others == ["docs/architecture.md", "docs/scenarios.md", "docs/static-linking.md"])
    }

    @Test("a page has arguments, values, defaults, statuses, examples and the keys of files")
    func content() throws {
        let pages = try Self.pages()
        func text(_ name: String, _ section: Int) throws -> String {
            try #require(pages.first { $0.name == PageName(name, section) }, "\(name)").text
        }
        let upgrade = try text("lifeboot-upgrade", 8)
        for words in [
            "\\fBlifeboot upgrade\\fR [<source>] [\\-\\-only <role>]", "(values: active, passive, recovery)",
            "lifeboot upgrade \\-\\-check\n", "\\fBlifeboot\\-upgrading\\fR(7)", "\\fBlifeboot\\fR(8) has all statuses",
        ] { #expect(upgrade.contains(words), "\(words)") }
        #expect(try text("lifeboot-mark-good", 8).contains("\\fB3\\fR\nunhealthy, but a reboot would not help"))
        #expect(try text("boatyard-image-build", 1).contains(".SS \"HOW REGISTRIES ARE REACHED\"") == false)
        #expect(try text("boatyard-image-diff", 1).contains(".SS \"How registries are reached\""))
        #expect(try text("boatyard.lock", 5).contains("\\fB\\fBimages\\fR\\fR"))
        #expect(try text("lifeboot.config", 5).contains("\\fB\\fBpolicy.unsigned\\fR\\fR"))
    }

    @Test("the same checkout makes the same pages, and no two have one name")
    func same() throws {
        let (one, other) = (try Self.pages(), try Self.make())
        #expect(one.map(\.text) == other.map(\.text) && one.map(\.name) == other.map(\.name))
        #expect(Set(one.map(\.name)).count == one.count)
    }

    @Test("man renders every page without a warning, and mandoc finds nothing but that they have no date")
    func rendered() throws {
        let folder = try TestFolder()
        let count = try ManualProgram.write(
            agent: AgentCommand.self, builder: BoatyardCommand.self, checkout: Self.checkout,
            into: FilePath(folder.url.path))
        let files = try Self.pages().map { folder.path("man/\($0.name.path)") }
        #expect(files.count > 100 && count == files.count + 6)
        if Self.has("man") { #expect(try Self.complaints("man", ["--warnings", "-E", "UTF-8", "-l"] + files) == []) }
        if Self.has("mandoc") {
            let complaints = try Self.complaints("mandoc", ["-Tlint", "-Wwarning"] + files)
            #expect(complaints.filter { !$0.contains("missing date") } == [])
        }
    }

    /// What a program that reads pages complains of, a line each; man complains beside its output, mandoc in it.
    private static func complaints(_ program: String, _ arguments: [String]) throws -> [String] {
        let variables = ["LC_ALL=C.UTF-8", "MANPAGER=cat", "PAGER=cat", "MANWIDTH=80", program]
        let outcome = try ChildProcess.run(
            "env", variables + arguments, output: .capture(atMost: 16 << 20), errors: .capture(atMost: 1 << 20),
            timeout: .seconds(300))
        if program == "man" { #expect(outcome.succeeded && outcome.standardOutput.count > 100_000) }
        let bytes = outcome.standardError + (program == "man" ? [] : outcome.standardOutput)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func has(_ program: String) -> Bool {
        if ThisProcess.variable("CI") == "true", program == "man" { return true }
        return (try? ChildProcess.run("which", [program], output: .discard, timeout: .seconds(10)).succeeded) == true
    }

    /// The verbs below some commands that help shows, each behind those that it is below.
    static func verbs(below path: [any ParsableCommand.Type]) -> [[any ParsableCommand.Type]] {
        (path.last?.configuration.subcommands ?? []).filter { $0.configuration.shouldDisplay }.flatMap { verb in
            [path + [verb]] + verbs(below: path + [verb])
        }
    }
}

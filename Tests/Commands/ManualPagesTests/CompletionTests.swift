import AgentCommands
import BuilderCommands
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import ManualPages

@Suite("Completions")
struct CompletionTests {
    @Test(
        "shells understand them",
        arguments: [
            ("bash", "bash/lifeboot"), ("bash", "bash/boatyard"), ("zsh", "zsh/_lifeboot"), ("zsh", "zsh/_boatyard"),
            ("fish", "fish/lifeboot.fish"), ("fish", "fish/boatyard.fish"),
        ])
    func syntax(shell: String, path: String) throws {
        guard shell == "bash" || ManualTests.has(shell) else { return }
        let all = ManualProgram.completions(of: AgentCommand.self) + ManualProgram.completions(of: BoatyardCommand.self)
        let script = try #require(all.first { $0.path == "completions/\(path)" }).text
        #expect(!script.hasPrefix("#!"), "nobody starts it")
        let folder = try TestFolder()
        let file = FilePath(folder.path("script"))
        try AtomicFile.write(Array(script.utf8), to: file)
        let outcome = try ChildProcess.run(
            shell, ["-n", file.string], errors: .capture(atMost: 1 << 16), timeout: .seconds(60))
        #expect(outcome.succeeded, "\(String(decoding: outcome.standardError, as: UTF8.self))")
    }

    @Test(
        "bash offers verbs, options and values",
        arguments: [
            ("boot-", ["boot-env", "boot-times"]), ("switch ", ["active", "passive", "recovery"]),
            ("upgrade --only rec", ["recovery"]), ("upgrade --with", ["--with-recovery"]),
            ("upgrade --allow histo", ["history"]),
        ])
    func values(line: String, offered: [String]) throws {
        let script = try #require(ManualProgram.completions(of: AgentCommand.self).first { $0.path.contains("/bash/") })
        let folder = try TestFolder()
        try AtomicFile.write(Array(script.text.utf8), to: FilePath(folder.path("script")))
        let words = ["lifeboot"] + line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let type = """
            source \(folder.path("script")); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
            COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; _lifeboot lifeboot "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try ChildProcess.run("bash", ["-c", type, "bash"] + words, timeout: .seconds(60))
        let lines = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.map { $0.filter { $0 != " " } }.sorted() == offered)
    }
}

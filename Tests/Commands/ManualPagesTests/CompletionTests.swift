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
        let folder = try TestFolder()
        let file = FilePath(folder.path("script"))
        try AtomicFile.write(Array(script.utf8), to: file)
        let outcome = try ChildProcess.run(
            shell, ["-n", file.string], errors: .capture(atMost: 1 << 16), timeout: .seconds(60))
        #expect(outcome.succeeded, "\(String(decoding: outcome.standardError, as: UTF8.self))")
    }
}

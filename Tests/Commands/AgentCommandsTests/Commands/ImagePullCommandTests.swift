import ArgumentParser
import CommandOutput
import Faults
import SystemPackage
import Testing
import Transactions

@testable import AgentCommands

@Suite("Pulling an image")
struct ImagePullCommandTests {
    @Test(
        "a folder that an option names must be there", arguments: ["--keys", "--have"],
        ["/nonexistent/x", "/proc/version"])
    func folders(option: String, path: String) throws {
        let command = try ImagePullCommand.parse(["oci://r.example/os:1", "/nonexistent/out", option, path])
        let error = #expect(throws: Refusal.self) { try command.perform(Output("lifeboot", .lines)) }
        #expect(error?.kind == .notFound && error?.operation == "taking \(option)" && error?.subject == path)
    }

    @Test("a deadline is a number of minutes", arguments: ["0", "-1", "525601", "soon"])
    func deadline(minutes: String) {
        #expect(throws: (any Error).self) { _ = try ImagePullCommand.parse(["a", "b", "--deadline=\(minutes)"]) }
    }

    @Test("the options say how sources are reached")
    func access() throws {
        let command = try ImagePullCommand.parse(["a", "b", "--deadline", "90", "--ca", "/c", "--auth-file", "/a"])
        let access = try command.registry.access()
        #expect(access.deadline == .seconds(5_400))
        #expect(access.certificateAuthority == "/c" && access.authFile == "/a")
    }
}

import Foundation
import Testing

@testable import LinuxSystem

@Suite("This process")
struct ThisProcessTests {
    @Test("its arguments are those that the kernel was given")
    func arguments() {
        #expect(ThisProcess.arguments == Array(CommandLine.arguments.dropFirst()))
    }

    @Test("its variables are those of its environment")
    func variables() {
        #expect(ThisProcess.variable("PATH") == ProcessInfo.processInfo.environment["PATH"])
        #expect(ThisProcess.variable("LIFEBOOT_NO_SUCH_VARIABLE") == nil)
    }

    @Test("it is root when id says so")
    func root() throws {
        let outcome = try ChildProcess.run("id", ["-u"])
        #expect(ThisProcess.isRoot == (outcome.standardOutput == Array("0\n".utf8)))
    }
}

import ArgumentParser
import Faults
import ReleaseModel
import SystemPackage
import Testing

@testable import CommandOutput

@Suite("Running a command")
struct ReportingCommandTests {
    /// Prints a line and fails as it is told.
    struct Sample: ReportingCommand {
        static let configuration = CommandConfiguration(
            commandName: "program", version: "1.2", subcommands: [Inner.self])
        static let program = "program"

        @Option var fault: String?
        @Flag var json = false

        func perform(_ output: Output) throws {
            output.print(["result"])
            switch fault {
            case nil: return
            case "status": throw ExitCode(5)
            case "usage": throw ValidationError("not like this")
            default: throw Errno.ioError
            }
        }

        static func failure(_ error: any Error) -> ReportedFailure {
            ReportedFailure("it failed: \(error)", kind: .mismatch, status: 22)
        }
    }

    struct Inner: ParsableCommand {}

    private func status(_ arguments: [String], _ paper: Paper, _ style: OutputStyle = .lines) throws -> Int32 {
        do { try Sample.parse(arguments).run(paper.output(style)) } catch {
            return Sample.exitCode(for: error).rawValue
        }
        return 0
    }

    @Test(
        "each kind of end has its status",
        arguments: [([], 0), (["--fault", "status"], 5), (["--fault", "usage"], 64), (["--fault", "disk"], 22)]
            as [([String], Int32)])
    func statuses(arguments: [String], expected: Int32) throws {
        let paper = Paper()
        #expect(try status(arguments, paper) == expected && paper.results == "result\n")
        #expect(paper.remarks == (expected == 22 ? "program: it failed: Input/output error\n" : ""))
    }

    @Test("a result that nobody gets is a failure")
    func lost() throws {
        let paper = Paper()
        paper.room = 0
        #expect(try status([], paper) == ExitStatus.undetermined)
        #expect(try status(["--fault", "status"], paper) == 5)
    }

    @Test("an error is the last event")
    func event() throws {
        let paper = Paper()
        #expect(try status(["--json", "--fault", "disk"], paper, .json) == 22)
        #expect(paper.results.contains("\"event\":\"error\",\"kind\":\"mismatch\"") && paper.results.hasSuffix("22}\n"))
    }

    @Test(
        "help, versions and completions are results",
        arguments: [["--help"], ["--version"], ["--generate-completion-script", "bash"], ["inner", "--help"]])
    func texts(arguments: [String]) {
        let (whole, lost) = (Paper(), Paper())
        lost.room = 0
        #expect(CommandLineProgram.run(Sample.self, arguments, whole.output(.lines)) == 0)
        #expect(!whole.results.isEmpty && whole.remarks.isEmpty)
        #expect(CommandLineProgram.run(Sample.self, arguments, lost.output(.lines)) == ExitStatus.undetermined)
    }

    @Test("a command that groups others and does something itself does it")
    func both() {
        let paper = Paper()
        #expect(CommandLineProgram.run(Sample.self, ["--json"], paper.output(.lines)) == 0)
        #expect(!paper.remarks.contains("USAGE"))
    }

    @Test(
        "what is not understood, or no command at all, is told on standard error and ends with 64",
        arguments: [["--what"], []])
    func usage(arguments: [String]) {
        let paper = Paper()
        #expect(CommandLineProgram.run(Sample.self, arguments, paper.output(.lines)) == ExitStatus.usage)
        #expect(paper.results.isEmpty && paper.remarks.contains("USAGE") == arguments.isEmpty)
        #expect(!paper.remarks.isEmpty)
    }
}

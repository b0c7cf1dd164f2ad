import Faults
import JSONText
import RegistryModel
import ReleaseModel
import SystemPackage
import Testing

@testable import CommandOutput

@Suite("What a command tells")
struct OutputTests {
    static let failure: ReportedFailure = {
        var failure = ReportedFailure("reading it: it is gone. Bring it back.", kind: .notFound, status: 25)
        (failure.operation, failure.subject) = ("reading", "it")
        (failure.cause, failure.remedy) = ("it is gone", "Bring it back.")
        return failure
    }()

    /// Tells one of each.
    static func tellAll(_ output: Output) {
        output.plan("upgrade", ["plans": []], lines: ["upgrade active"])
        output.step(1, of: 2, name: "fetch", subject: "image")
        output.report(TransferProgress("fetching", done: 5, total: 10))
        output.note("a note")
        output.warn("a warning")
        output.committed()
        output.end(OperationResult("upgrade", changed: true, "Done.", details: ["image": "x"]))
        output.fail(failure)
    }

    @Test("what is shown on consoles goes where it went before, too, and to them line by line")
    func consoles() throws {
        var (results, remarks, shown) = ("", "", [String]())
        let streams = OutputStreams(result: { (text) throws(Errno) in results += text }, remark: { remarks += $0 })
        let output = Output("program", .lines, to: streams.shownOnConsoles { shown.append($0) })
        output.step(1, of: 2, name: "fetch", subject: "image")
        output.note("a note")
        output.print(["a result"])
        output.fail(Self.failure)
        #expect(results == "a result\n")
        #expect(shown.filter { $0 != "a result" }.map { "\($0)\n" }.joined() == remarks)
        #expect(shown.contains("[1/2] fetch image") && shown.last?.contains("Bring it back.") == true)
    }

    @Test("with JSON every line of standard output is one event, and only errors are on standard error too")
    func json() throws {
        let paper = Paper()
        Self.tellAll(paper.output(.json))
        let events = try paper.results.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        let names: [EventName] = [.plan, .step, .progress, .note, .warning, .committed, .end, .error]
        #expect(events.map { $0["event"]?.text } == names.map(\.rawValue))
        #expect(Set(names) == Set(EventName.allCases))
        #expect(paper.remarks == "program: reading it: it is gone. Bring it back.\n")
    }

    @Test("an error says all that it knows, and null for what it does not")
    func error() throws {
        let paper = Paper()
        paper.output(.json).fail(Self.failure)
        paper.output(.json).fail(ReportedFailure("oh", status: 2))
        #expect(
            paper.results == """
                {"event":"error","kind":"not-found","message":"reading it: it is gone. Bring it back.",\
                "operation":"reading","subject":"it","cause":"it is gone","remedy":"Bring it back.","status":25}
                {"event":"error","kind":"impossible","message":"oh","operation":null,"subject":null,"cause":null,\
                "remedy":null,"status":2}

                """)
    }

    @Test("for people results are on standard output, and steps, notes, warnings and errors on standard error")
    func people() {
        let paper = Paper()
        Self.tellAll(paper.output(.lines))
        #expect(paper.results == "upgrade active\nDone.\n")
        #expect(
            paper.remarks == """
                [1/2] fetch image
                fetching  50 % 0.0 of 0.0 MB
                note: a note
                program: warning: a warning
                committed: the new state counts from now on
                program: reading it: it is gone. Bring it back.

                """)
    }

    @Test(
        "a result that cannot be written makes success a failure, and leaves a failure as it is",
        arguments: [(0, 2), (1, 1), (5, 5), (30, 30)] as [(Int32, Int32)], [OutputStyle.lines, .json])
    func lost(statuses: (before: Int32, after: Int32), style: OutputStyle) {
        let paper = Paper()
        paper.room = 0
        let output = paper.output(style)
        output.end(OperationResult("upgrade", changed: true, "Done."))
        #expect(output.finish(statuses.before) == statuses.after)
        #expect(paper.remarks.hasPrefix("program: writing to standard output: No space left on device."))
    }

    @Test("after a line that cannot be written none follows: what is there is a beginning")
    func beginning() {
        let paper = Paper()
        paper.room = 1
        let output = paper.output(.lines)
        output.print(["one", "two"])
        paper.room = nil
        output.print(["three"])
        #expect(paper.results == "one\n" && output.finish(0) == 2)
    }

    @Test("a command that has said everything ends with its status")
    func whole() {
        let paper = Paper()
        let output = paper.output(.lines)
        output.print([])
        #expect(output.finish(0) == 0 && output.finish(7) == 7 && paper.results.isEmpty && paper.remarks.isEmpty)
    }

    @Test("a document is indented JSON or lines")
    func document() {
        let (programs, people) = (Paper(), Paper())
        programs.output(.json).show(["a": 1], lines: ["a is 1"])
        people.output(.terminal).show(["a": 1], lines: ["a is 1"])
        #expect(programs.results == "{\n  \"a\": 1\n}\n" && people.results == "a is 1\n")
    }

    @Test(
        "what a terminal would obey is spelled out, wherever it is printed", arguments: [OutputStyle.lines, .terminal])
    func harmless(style: OutputStyle) {
        let evil = "a\u{1B}[2J\u{9B}31m\u{202E}\nprogram: fine\r"
        let paper = Paper()
        let output = paper.output(style)
        output.print([evil])
        output.say(evil)
        output.remark(evil)
        output.note(evil)
        output.warn(evil)
        output.step(1, of: 2, name: evil, subject: evil)
        output.report(TransferProgress(evil, done: 5, total: 10))
        output.end(OperationResult("upgrade", changed: true, evil))
        output.fail(ReportedFailure(evil, status: 2))
        // The bar itself begins with these, and nothing else of the text is a control.
        let shown = (paper.results + paper.remarks).replacing("\r\u{1B}[K", with: "")
        #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        #expect(!shown.unicodeScalars.contains("\u{202E}") && shown.contains(#"a\u{1B}[2J\u{9B}31m\u{202E}\nprogram"#))
        #expect(!shown.split(separator: "\n").contains { $0.hasPrefix("program: fine") })
    }

    @Test("JSON has its own escapes and nothing is cut of it")
    func escaped() throws {
        let text = "a\u{1B}[2J\n" + String(repeating: "x", count: 10_000)
        let paper = Paper()
        paper.output(.json).note(text)
        let event = try JSONValue(parsing: Array(paper.results.dropLast().utf8))
        #expect(event["text"]?.text == text)
        #expect(!paper.results.dropLast().unicodeScalars.contains { $0.value < 0x20 })
    }
}

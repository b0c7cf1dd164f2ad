import AgentCommands
import Faults
import JSONText
import OutputSchemas
import RegistryModel
import ReleaseModel
import SystemPackage
import Testing

@testable import CommandOutput

@Suite("docs/events.md", .serialized)
struct EventDocumentTests {
    /// The members besides `event` of one event of each name.
    static func members() throws -> [String: [String]] {
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { _ in })
        let output = Output("program", .json, to: streams)
        output.plan("upgrade", [:], lines: [])
        output.step(1, of: 1, name: "", subject: "")
        output.report(TransferProgress("", done: 1))
        output.note("")
        output.warn("")
        output.committed()
        output.end(OperationResult("upgrade", changed: true, ""))
        output.fail(ReportedFailure("", status: 2))
        let events = try text.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        for event in events { try OutputSchema.check(event, "events") }
        return Dictionary(
            uniqueKeysWithValues: events.compactMap { event in
                event["event"]?.text.map { ($0, event.object?.members.map(\.name).filter { $0 != "event" } ?? []) }
            })
    }

    @Test("it lists every event of the programs, in their order, with the members that all of them have")
    func events() throws {
        let document = try Document("docs/events.md")
        #expect(try document.firstCells("events") == EventName.allCases.map(\.rawValue))
        let members = try Self.members()
        for row in try document.region("events").split(separator: "\n").dropFirst(2) {
            let words = row.matches(of: /`([a-z]+)`/).map { String($0.1) }
            guard let name = words.first, let expected = members[name] else {
                Issue.record("no event of that name: \(row)")
                continue
            }
            #expect(Array(words.dropFirst().prefix(expected.count)) == expected, "\(name)")
        }
    }

    @Test("docs/operating.md lists every exit status")
    func statuses() throws {
        let numbers = AgentExit.allCases.map { String($0.rawValue) }
        #expect(try Document("docs/operating.md").firstCells("statuses") == numbers)
    }

    @Test("it lists every reason of an error with its exit status")
    func kinds() throws {
        let rows = RefusalKind.allCases.map { "| `\($0.rawValue)` | \(AgentExit($0).rawValue) |\n" }
        try Document("docs/events.md").expect("kinds", equals: "| `kind` | status |\n|---|---|\n" + rows.joined())
    }
}

import JSONText
import Testing

@testable import AgentCommands

@Suite("The lines of JSON of a reset and an installation")
struct OperationLinesTests {
    @Test("the last line is an end and says whether anything changed", arguments: [true, false])
    func end(changed: Bool) {
        let line = OperationLines.end("reset", "Done.", changed: changed, warnings: ["careful"])
        #expect(line["event"]?.text == "end")
        #expect(line["changed"]?.bool == changed)
        #expect(line["operation"]?.text == "reset")
        #expect(line["message"]?.text == "Done.")
        #expect(line["warnings"]?.elements?.compactMap(\.text) == ["careful"])
    }

    @Test("a dry run is one plan")
    func plan() {
        let line = OperationLines.plan([["operation": "reset"]])
        #expect(line["event"]?.text == "plan")
        #expect(line["plans"]?.elements?.count == 1)
    }
}

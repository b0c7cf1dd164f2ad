import JSONText
import Testing

@testable import CommandOutput

@Suite("What became of an operation")
struct OperationResultTests {
    @Test("the members say whether anything changed", arguments: [true, false])
    func end(changed: Bool) {
        let line = OperationResult("reset", changed: changed, "Done.", warnings: ["careful"]).members
        #expect(line["changed"]?.bool == changed)
        #expect(line["operation"]?.text == "reset")
        #expect(line["message"]?.text == "Done.")
        #expect(line["warnings"]?.elements?.compactMap(\.text) == ["careful"])
        #expect(line["notes"]?.elements == [])
    }

    @Test("what an operation alone says comes besides")
    func details() {
        let line = OperationResult("upgrade", changed: true, "Done.", details: ["image": "x", "bytes": 7]).members
        #expect(line["image"]?.text == "x" && line["bytes"]?.integer == 7 && line["operation"]?.text == "upgrade")
    }
}

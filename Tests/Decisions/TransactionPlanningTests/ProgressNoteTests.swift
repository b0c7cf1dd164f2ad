import JSONText
import Testing
import TransactionPlanning

@Suite("A note of progress")
struct ProgressNoteTests {
    private var note: ProgressNote {
        var note = ProgressNote(process: 42, operation: "reset")
        note.take(step: 3, of: 8, text: "deploy-image acme 3.0")
        (note.activity, note.done, note.total) = ("copying root.squashfs", 150 << 20, 300 << 20)
        return note
    }

    @Test("is read as it was written")
    func roundTrip() {
        #expect(ProgressNote(parsing: note.json.serialized(indented: false)) == note)
        let first = ProgressNote(process: 1, operation: "upgrade")
        #expect(ProgressNote(parsing: first.json.serialized(indented: false)) == first)
    }

    @Test("says step and share")
    func lines() {
        #expect(
            note.lines == ["reset, step 3 of 8: deploy-image acme 3.0", "  copying root.squashfs, 50 % of 300 MiB"])
        #expect(ProgressNote(process: 1, operation: "upgrade").lines == ["upgrade"])
    }

    @Test("forgets the share of a step when the next begins")
    func nextStep() {
        var note = note
        note.take(step: 4, of: 8, text: "finish")
        #expect(note.lines == ["reset, step 4 of 8: finish"])
    }

    @Test(
        "is nothing in what is no note",
        arguments: [
            "", "{", "[]", #"{"format":2,"process":1,"operation":"x"}"#, #"{"format":1,"process":0,"operation":"x"}"#,
            #"{"format":1,"process":1}"#, #"{"format":1,"process":99999999999,"operation":"x"}"#,
        ])
    func refused(_ text: String) { #expect(ProgressNote(parsing: Array(text.utf8)) == nil) }

    @Test("does not trap for numbers that nothing has")
    func absurd() {
        let text = """
            {"format":1,"process":1,"operation":"x","step":9223372036854775807,"steps":-1,"activity":"a",
            "done":-5,"total":9223372036854775807}
            """
        #expect(ProgressNote(parsing: Array(text.utf8))?.lines.count == 2)
    }
}

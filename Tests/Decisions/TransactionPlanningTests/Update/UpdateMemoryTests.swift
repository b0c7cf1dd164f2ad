import Faults
import ImageModel
import Testing

@testable import TransactionPlanning

@Suite("What is remembered of looks for upgrades")
struct UpdateMemoryTests {
    @Test("it comes back as it was written")
    func roundTrip() throws {
        var memory = UpdateMemory()
        #expect(UpdateMemory(parsing: memory.serialized()) == memory)
        (memory.firstSeen, memory.lastSuccess, memory.restartedFor) = (1, 2, try .fake("3"))
        _ = memory.fail(at: 4, .unreachable, cause: "a \"cause\"")
        #expect(UpdateMemory(parsing: memory.serialized()) == memory)
    }

    @Test("what is damaged, or of another form, says nothing", arguments: ["", "{", "[]", #"{"format": 2}"#])
    func damaged(_ text: String) { #expect(UpdateMemory(parsing: Array(text.utf8)) == nil) }

    @Test("success ends a row of failures; what says nothing of the next try does not count")
    func counting() {
        var memory = UpdateMemory()
        let isLong = memory.fail(at: 1, .unreachable, cause: String(repeating: "x", count: 1_000))
        #expect(isLong && memory.cause?.count == 400)
        let isSecond = memory.fail(at: 2, .impossible, cause: "b")
        #expect(isSecond)
        #expect((memory.failures, memory.lastFailure, memory.cause) == (2, 2, "b"))
        let before = memory
        for kind in [RefusalKind.busy, .cancelled] {
            let counts = memory.fail(at: 3, kind, cause: "c")
            #expect(!counts)
        }
        #expect(memory == before)
        memory.succeed(at: 4)
        #expect((memory.failures, memory.lastFailure, memory.lastSuccess, memory.cause) == (0, nil, 4, nil))
    }

    @Test("of two records the one that knows more counts")
    func newer() {
        var (old, new) = (UpdateMemory(), UpdateMemory())
        (old.lastSuccess, new.lastFailure) = (10, 20)
        #expect(UpdateMemory.newer(old, new) == new && UpdateMemory.newer(new, old) == new)
        #expect(UpdateMemory.newer(nil, old) == old && UpdateMemory.newer(old, nil) == old)
        #expect(UpdateMemory.newer(nil, nil) == nil)
    }
}

import Faults
import ImageModel
import RepositoryPlanning
import Testing

@Suite struct RepositoryMemoryTests {
    static func memory(_ known: KnownIndex) -> RepositoryMemory {
        var memory = RepositoryMemory()
        memory.note(known, at: "r.example/x")
        return memory
    }

    @Test func `what was noted is read again, byte for byte`() throws {
        var memory = Self.memory(known(1, revision: 3))
        memory.note(known(2, revision: 1, name: "foundation"), at: "oci:/srv/x")
        let read = try RepositoryMemory(parsing: memory.serialized())
        #expect(read == memory)
        #expect(read.serialized() == memory.serialized())
    }

    @Test func `the same index is fine, and a newer one has to follow`() throws {
        let memory = Self.memory(known(1, revision: 3))
        #expect(try memory.check(known(1, revision: 3), at: "r.example/x") == nil)
        #expect(try memory.check(known(2, revision: 4), at: "r.example/x") == .init(known(1, revision: 3)))
        #expect(try memory.check(known(2, revision: 1), at: "r.example/other") == nil)
    }

    @Test(arguments: [
        (known(2, revision: 2), RepositoryPlanningFault.older, RefusalKind.channelOlder),
        (known(2, revision: 3), .history, .mismatch), (known(2, revision: 4, name: "other"), .name, .product),
    ])
    func `an older, another and a foreign index are refused`(
        shown: KnownIndex, kind: RepositoryPlanningFault, refusal: RefusalKind
    ) {
        let memory = Self.memory(known(1, revision: 3))
        let error = #expect(throws: RepositoryPlanningError.self) { try memory.check(shown, at: "r.example/x") }
        #expect(error?.kind == kind)
        #expect(error?.refusal == refusal)
    }

    @Test func `a revision never goes back, unless it is forgotten`() throws {
        var memory = Self.memory(known(1, revision: 3))
        memory.note(known(2, revision: 2), at: "r.example/x")
        #expect(memory.entries["r.example/x"]?.revision == 3)
        memory.forget("r.example/x")
        memory.note(known(2, revision: 2), at: "r.example/x")
        #expect(memory.entries["r.example/x"]?.revision == 2)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"format":2,"repositories":{}}"#, #"{"format":1,"repositories":[]}"#,
        #"{"format":1,"repositories":{"x":{"name":"a","revision":0,"digest":"sha256:00"}}}"#,
    ])
    func `a damaged file is an error and not nothing seen`(text: String) {
        let error = #expect(throws: RepositoryPlanningError.self) { try RepositoryMemory(parsing: Array(text.utf8)) }
        #expect(error?.kind == .memory)
    }
}

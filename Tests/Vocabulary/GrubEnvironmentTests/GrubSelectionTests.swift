import GrubEnvironment
import Testing

@Suite("GRUB's selection")
struct GrubSelectionTests {
    @Test("what is written is read again, and lies in one sector", arguments: [nil, GrubCopy.a, .b])
    func roundTrip(trial: GrubCopy?) throws {
        let selection = GrubSelection(copy: .b, trial: trial, loader: 7, tried: 12)
        let bytes = selection.serialized()
        #expect(bytes.count == EnvironmentBlock.size)
        #expect(bytes.dropFirst(EnvironmentBlock.sector).allSatisfy { $0 == UInt8(ascii: "#") })
        #expect(try GrubSelection(parsing: bytes) == selection)
    }

    @Test("what makes no sense counts as select.cfg takes it: copy a, and no trial")
    func absurd() throws {
        let block = EnvironmentBlock([.init("copy", "c"), .init("trial", "../b"), .init("loader", "-4")])
        #expect(try GrubSelection(parsing: try block.serialized()) == GrubSelection())
        #expect(throws: EnvironmentBlockError.self) { try GrubSelection(parsing: [UInt8](repeating: 0, count: 1024)) }
    }
}

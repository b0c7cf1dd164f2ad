import Testing

@testable import ImageModel

@Suite("Root patch")
struct RootPatchTests {
    private static var sample: RootPatch {
        var patch = RootPatch(level: 9, blockSize: 128 << 10)
        patch.changes = [
            RootPatch.Change(
                chunk: 7, isCompressed: true,
                base: [
                    StoredBlock(offset: 1 << 40, length: 131_072, isCompressed: false),
                    StoredBlock(offset: 96, length: 5, isCompressed: true),
                ], difference: [1, 2, 3]),
            RootPatch.Change(chunk: 1 << 30, isCompressed: false, base: [], difference: []),
        ]
        return patch
    }

    @Test("a part is read back as it was written")
    func reads() { #expect(RootPatch(parsing: Self.sample.serialized()) == Self.sample) }

    @Test("the bytes are those of the format")
    func bytes() {
        let bytes = Self.sample.serialized()
        #expect(Array(bytes[..<20]) == Array("LBPATCH1".utf8) + [9, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0])
        #expect(Array(bytes[20..<32]) == [7, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0])
        #expect(Array(bytes[32..<44]) == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0])
        #expect(Array(bytes[52..<56]) == [5, 0, 0, 0x80])
    }

    @Test("what is cut, longer or damaged is refused or another part, and never a trap")
    func damaged() {
        let bytes = Self.sample.serialized()
        #expect(RootPatch(parsing: bytes + [0]) == nil)
        for prefix in bytes.indices { #expect(RootPatch(parsing: Array(bytes[..<prefix])) == nil) }
        for mutation in bytes.mutations(seed: 3) { _ = RootPatch(parsing: mutation) }
    }

    @Test(
        "numbers out of range are refused",
        arguments: [(8, 0), (8, 23), (14, 0x20), (18, 1), (24, 2), (26, 17), (42, 0x20), (50, 0x20)])
    func limits(place: Int, value: UInt8) {
        var bytes = Self.sample.serialized()
        bytes[place] = value
        #expect(RootPatch(parsing: bytes) == nil)
    }
}

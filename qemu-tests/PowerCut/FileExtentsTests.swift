import Testing

@Suite("The places of a file")
struct FileExtentsTests {
    @Test("are read from GRUB's blocklist, with a last sector that is not full")
    func blocklist() {
        let extents = FileExtents(grubBlocklist: "170944+27707,198651[0-448]", partition: 512)
        let whole: Range<UInt64> = 87_523_840..<101_709_824
        let rest: Range<UInt64> = 101_709_824..<101_710_272
        #expect(extents?.pieces == [.stored(whole), .stored(rest)])
        #expect(FileExtents(grubBlocklist: "error: file not found", partition: 0) == nil)
    }

    @Test("are read from debugfs, with holes, reserved space and inner nodes")
    func dumpedExtents() {
        let lines = """
            Level Entries       Logical        Physical Length Flags
             0/ 1   1/  1     0 - 20555    700          20556
             1/ 1   1/  2     0 -     1    812 -    813      2
             1/ 1   2/  2     4 -     5    900 -    901      2 Uninit
            """
        let extents = FileExtents(dumpedExtents: lines.split(separator: "\n"), size: 28_000)
        let stored: Range<UInt64> = 3_325_952..<3_334_144
        #expect(extents?.pieces == [.stored(stored), .zeros(8_192), .zeros(8_192), .zeros(3_424)])
    }
}

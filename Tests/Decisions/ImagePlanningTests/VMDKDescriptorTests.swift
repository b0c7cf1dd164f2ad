import Testing

@testable import ImagePlanning

@Suite("Description in a VMDK")
struct VMDKDescriptorTests {
    private static func header(_ magic: String, start: UInt8, count: UInt8, high: UInt8 = 0) -> [UInt8] {
        var bytes = Array(magic.utf8) + [UInt8](repeating: 0, count: 508)
        (bytes[28], bytes[35], bytes[36]) = (start, high, count)
        return bytes
    }

    @Test("the header says where the text lies")
    func place() {
        #expect(VMDKDescriptor.place(inHeader: Self.header("KDMV", start: 1, count: 20)) == 512..<10_752)
        #expect(VMDKDescriptor.place(inHeader: Self.header("KDMV", start: 3, count: 128)) == 1536..<67_072)
    }

    @Test("another header says nothing")
    func noPlace() {
        let headers = [
            [], Self.header("QFI\u{7f}", start: 1, count: 20), Self.header("KDMV", start: 0, count: 20),
            Self.header("KDMV", start: 1, count: 0), Self.header("KDMV", start: 1, count: 129),
            Self.header("KDMV", start: 1, count: 20, high: 0xFF), Self.header("KDMV", start: 1, count: 20, high: 0x70),
            Array(Self.header("KDMV", start: 1, count: 20).dropLast()),
        ]
        for header in headers { #expect(VMDKDescriptor.place(inHeader: header) == nil) }
    }

    @Test(
        "the content id is replaced, whatever its length, and nothing else: not the parent's",
        arguments: ["72bc0753", "2bc0753", "0"])
    func replaced(digits: String) {
        let head = "# Disk\nversion=1\nparentCID=ffffffff\nCID="
        let tail = "\nparentCID=ffffffff\n"
        let text = Array((head + digits + tail).utf8) + [UInt8](repeating: 0, count: 2 + 8 - digits.utf8.count)
        let found = VMDKDescriptor.replacingContentID(in: text, with: "0a0b0c0d-1111")
        #expect(found == Array((head + "0a0b0c0d" + tail + "\0\0").utf8))
    }

    @Test(
        "what has no such line is left alone, and so is what has no room for it",
        arguments: [
            "", "CID=72bc0753\n", "\nCID=72bc0753", "\nCID=72bc07531\n", "\nCID=\n\0\0\0\0\0\0\0\0",
            "\nparentCID=ffffffff\n",
            "\nCID=1\n\0",
        ])
    func nothing(text: String) {
        #expect(VMDKDescriptor.replacingContentID(in: Array(text.utf8), with: "0a0b0c0d") == nil)
        #expect(VMDKDescriptor.replacingContentID(in: Array("\nCID=72bc0753\n".utf8), with: "0a0b") == nil)
    }
}

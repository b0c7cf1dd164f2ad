import Testing

@testable import ImagePlanning

@Suite("Footer of a VHD")
struct VHDFooterTests {
    private static let footer = VHDFooter(
        size: 20 << 20, time: 1_700_000_000, identifier: "00112233-4455-8677-8899-aabbccddeeff")

    @Test("it has these bytes")
    func golden() {
        let hexadecimal = Self.footer.bytes.prefix(96).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let expected = [
            "636f6e6563746978", "00000002", "00010000", "ffffffffffffffff", "2ce6ad80", "77696e20", "00060001",
            "5769326b",
            "0000000001400000", "0000000001400000", "025a", "04", "11", "00000002", "CHECKSUM",
            "00112233445586778899aabbccddeeff",
            "000000000000000000000000",
        ]
        let sum =
            0xFFFF_FFFF
            - Self.footer.bytes.enumerated().filter { !(64..<68).contains($0.offset) }
            .reduce(UInt32(0)) { $0 + UInt32($1.element) }
        let text = expected.joined().replacing("CHECKSUM", with: String(sum, radix: 16))
        #expect(hexadecimal == text.prefix(192))
        #expect(Self.footer.bytes.count == 512 && Self.footer.bytes.dropFirst(84).allSatisfy { $0 == 0 })
    }

    @Test("the checksum is the complement of the sum of all other bytes", arguments: [20, 4096, 2_088_960] as [Int64])
    func checksum(mebibytes: Int64) {
        var footer = Self.footer
        footer.size = mebibytes << 20
        let bytes = footer.bytes
        let stored = bytes[64..<68].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let sum = bytes.enumerated().filter { !(64..<68).contains($0.offset) }.reduce(0) { $0 + UInt32($1.element) }
        #expect(stored == ~sum)
    }

    @Test(
        "the geometry follows the specification",
        arguments: [
            (20 << 20, [602, 4, 17]), (504 << 20, [1024, 16, 63]), (100 << 20, [1003, 12, 17]),
            (200 << 20, [825, 16, 31]),
            (12 << 30, [24966, 16, 63]), (32 << 30, [16448, 16, 255]), (2040 << 30, [65535, 16, 255]),
        ] as [(Int64, [Int64])])
    func geometry(size: Int64, numbers: [Int64]) {
        let geometry = VHDFooter(size: size, time: 0, identifier: "").geometry
        #expect([geometry.cylinders, geometry.heads, geometry.sectorsPerTrack] == numbers)
    }

    @Test("a time before 2000 is the beginning of its clock, and another identifier another footer")
    func time() {
        var footer = Self.footer
        footer.time = 0
        #expect(footer.bytes[24..<28].allSatisfy { $0 == 0 })
        footer.identifier = "x"
        #expect(footer.bytes[68..<84].allSatisfy { $0 == 0 })
    }
}

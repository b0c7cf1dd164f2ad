import Testing

@testable import BlockDevices

@Suite("Ext4 superblock")
struct Ext4SuperblockTests {
    private func block(state: UInt8, incompatible: UInt8) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1024)
        bytes.replaceSubrange(0x38..<0x3C, with: [0x53, 0xEF, state, 0])
        bytes[0x60] = incompatible
        bytes.replaceSubrange(0x68..<0x78, with: (1...16).map { UInt8($0) })
        bytes.replaceSubrange(0x78..<0x80, with: Array("LB_STATE".utf8))
        bytes.replaceSubrange(0x194..<0x198, with: [2, 1, 0, 0])
        return bytes
    }

    @Test(
        "state, journal, label and errors are read",
        arguments: [
            (1, 0, true, false, false), (0, 4, false, false, true), (3, 0x44, true, true, true),
            (2, 0x40, false, true, false),
        ] as [(UInt8, UInt8, Bool, Bool, Bool)])
    func reads(state: UInt8, incompatible: UInt8, clean: Bool, errors: Bool, recovery: Bool) throws {
        let superblock = try #require(Ext4Superblock(block(state: state, incompatible: incompatible)))
        #expect(superblock.isClean == clean && superblock.hasErrors == errors)
        #expect(superblock.needsRecovery == recovery && superblock.label == "LB_STATE")
        #expect(superblock.errorCount == 258 && superblock.uuid == (1...16).map { UInt8($0) })
    }

    @Test("too few bytes and a wrong magic number are none", arguments: [0, 1, 0x39, 0x3A, 1023])
    func short(count: Int) {
        #expect(Ext4Superblock(Array(block(state: 1, incompatible: 0).prefix(count))) == nil)
        #expect(Ext4Superblock([UInt8](repeating: 0, count: 1024)) == nil)
    }
}

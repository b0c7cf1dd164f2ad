import LinuxSystem
import SystemPackage
import Testing

@testable import Filesystems

@Suite("Mending a filesystem", .timeLimit(.minutes(10)))
struct FilesystemMendingTests {
    private static func overwrite(_ path: FilePath, _ byte: UInt8, _ range: Range<Int>) throws {
        let file = try OwnedDescriptor(opening: path, .readWrite)
        try file.descriptor.writeAll(
            toAbsoluteOffset: Int64(range.lowerBound), [UInt8](repeating: byte, count: range.count))
    }

    private static func format(_ path: FilePath) throws {
        try Ext4Format(label: "x", size: 64 << 20, bytesPerInode: 16_384, ground: .zeros).make(on: path)
    }

    @Test("a sound one is clean")
    func clean() throws {
        let file = try PartitionFile(megabytes: 64)
        try Self.format(file.path)
        #expect(try FilesystemMending.run(file.path) == .clean)
    }

    @Test("damaged bitmaps are mended, and then it is clean")
    func mended() throws {
        let file = try PartitionFile(megabytes: 64)
        try Self.format(file.path)
        // Group descriptors begin in block 1; the first names the block bitmap at its first four bytes.
        let block = try FileRange.read(file.path, at: 4096, count: 4).reversed().reduce(0) { $0 << 8 | Int($1) }
        try Self.overwrite(file.path, 0x55, block * 4096..<block * 4096 + 4096)
        guard case .mended = try FilesystemMending.run(file.path) else {
            Issue.record("it should have been mended")
            return
        }
        #expect(try FilesystemMending.run(file.path) == .clean)
    }

    @Test("one without any superblock is lost, which is not the same as one that cannot be read")
    func lost() throws {
        let file = try PartitionFile(megabytes: 64)
        guard case .lost = try FilesystemMending.run(file.path) else {
            Issue.record("there is nothing to mend")
            return
        }
        #expect(throws: FilesystemError.self) { try FilesystemMending.run("/nonexistent/device") }
    }
}

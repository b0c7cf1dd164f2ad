import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Places of a file with data")
struct DataExtentsTests {
    private static let block = Int64(DataExtents.blockLength)

    /// A file of a size with a byte that is not zero at each place, and zeros written at others.
    private static func file(
        _ size: Int64, ones: [Int64], zeros: [Range<Int64>] = [], in folder: borrowing TemporaryFolder
    ) throws -> OwnedDescriptor {
        let file = try OwnedDescriptor(
            opening: folder.path.appending("file"), .readWrite, options: [.create, .truncate],
            permissions: .ownerReadWrite)
        try file.descriptor.resize(to: size)
        for range in zeros {
            try FileBlock.write(
                [UInt8](repeating: 0, count: range.count).span, to: file.descriptor, at: Int(range.lowerBound))
        }
        for place in ones { try FileBlock.write([1].span, to: file.descriptor, at: Int(place)) }
        return file
    }

    @Test("blocks that are neighbours are one place, and the last one ends with the file")
    func joined() throws {
        let folder = try TemporaryFolder()
        let size = 100 * Self.block + 10
        // The last byte of one block and the first of the next; blocks on both sides of a reading; the end.
        let ones = [3 * Self.block - 1, 3 * Self.block, 15 * Self.block, 16 * Self.block, size - 1]
        let file = try Self.file(size, ones: ones, in: folder)
        let found = try DataExtents.of(file.descriptor)
        #expect(found == [2 * Self.block..<4 * Self.block, 15 * Self.block..<17 * Self.block, 100 * Self.block..<size])
    }

    @Test("zeros that were written are no data: the same bytes have the same places, whatever the filesystem keeps")
    func written() throws {
        let folder = try TemporaryFolder()
        let size = 40 * Self.block
        let ones = [Self.block, 20 * Self.block + 5]
        let sparse = try Self.file(size, ones: ones, in: folder)
        let found = try DataExtents.of(sparse.descriptor)
        let full = try Self.file(size, ones: ones, zeros: [0..<size], in: folder)
        #expect(try DataExtents.of(full.descriptor) == found)
        #expect(found == [Self.block..<2 * Self.block, 20 * Self.block..<21 * Self.block])
    }

    @Test("a file of holes, or of nothing, has none", arguments: [0, 1, 1 << 33] as [Int64])
    func empty(size: Int64) throws {
        let folder = try TemporaryFolder()
        let file = try Self.file(size, ones: [], in: folder)
        #expect(try DataExtents.of(file.descriptor) == [])
    }

    @Test("what cannot be searched is an error, and not empty")
    func refused() throws {
        let pipe = try FileDescriptor.pipe()
        defer {
            try? pipe.readEnd.close()
            try? pipe.writeEnd.close()
        }
        #expect(throws: Errno.illegalSeek) { try DataExtents.of(pipe.readEnd) }
    }
}

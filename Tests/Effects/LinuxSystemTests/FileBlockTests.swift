import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Blocks of files")
struct FileBlockTests {
    private static func file(_ bytes: [UInt8], in folder: borrowing TemporaryFolder) throws -> OwnedDescriptor {
        let file = try OwnedDescriptor(
            opening: folder.path.appending("file"), .readWrite, options: [.create, .truncate],
            permissions: .ownerReadWrite)
        try FileBlock.write(bytes.span, to: file.descriptor)
        return file
    }

    @Test("a buffer is filled from where the file stands, and 0 is the end")
    func sequential() throws {
        let folder = try TemporaryFolder()
        let file = try Self.file([1, 2, 3, 4, 5], in: folder)
        try file.descriptor.seek(offset: 0, from: .start)
        var buffer = [UInt8](repeating: 0, count: 3)
        #expect(try FileBlock.read(file.descriptor, into: &buffer) == 3 && buffer == [1, 2, 3])
        #expect(try FileBlock.read(file.descriptor, into: &buffer) == 2 && buffer == [4, 5, 3])
        #expect(try FileBlock.read(file.descriptor, into: &buffer) == 0)
    }

    @Test("what is written goes behind what was written before")
    func appended() throws {
        let folder = try TemporaryFolder()
        let file = try Self.file([1, 2], in: folder)
        try FileBlock.write([3, 4].span, to: file.descriptor)
        #expect(try FileBytes.read(folder.path.appending("file"), limit: 9) == [1, 2, 3, 4])
    }

    @Test(
        "bytes are compared at their place; an end before theirs is a difference",
        arguments: [([2, 3], 1, true), ([2, 4], 1, false), ([3, 4], 2, false), ([], 3, true)]
            as [([UInt8], Int, Bool)])
    func compared(bytes: [UInt8], offset: Int, expected: Bool) throws {
        let folder = try TemporaryFolder()
        let file = try Self.file([1, 2, 3], in: folder)
        var buffer: [UInt8] = []
        #expect(try FileBlock.holds(file.descriptor, bytes.span, at: offset, buffer: &buffer) == expected)
    }

    @Test("a full disk is an error")
    func full() throws {
        let full = try OwnedDescriptor(opening: "/dev/full", .writeOnly)
        #expect(throws: Errno.noSpace) { try FileBlock.write([1].span, to: full.descriptor) }
    }
}

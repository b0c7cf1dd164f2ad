import Foundation
import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Early writing")
struct EarlyWritingTests {
    /// A disk, and a filesystem in memory, which has nothing to write to.
    @Test("what was written is read again once the disk has it", arguments: [NSTemporaryDirectory(), "/dev/shm"])
    func finish(folder: String) throws {
        let path = FilePath(folder).appending("lifeboot-early-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let file = try OwnedDescriptor(
            opening: path, .readWrite, options: .create, permissions: [.ownerReadWrite])
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        try FileBlock.write(bytes.span, to: file.descriptor, at: 0)
        EarlyWriting.start(file.descriptor)
        try EarlyWriting.finish(file.descriptor, (1 << 20)..<(2 << 20))
        var found = [UInt8](repeating: 0, count: bytes.count)
        #expect(try FileBlock.read(file.descriptor, into: &found, count: found.count, at: 0) == bytes.count)
        #expect(found == bytes)
    }

    @Test("what cannot be written back is told")
    func refused() throws {
        let pipe = Pipe()
        let descriptor = FileDescriptor(rawValue: pipe.fileHandleForWriting.fileDescriptor)
        #expect(throws: Errno.self) { try EarlyWriting.finish(descriptor, 0..<4_096) }
    }
}

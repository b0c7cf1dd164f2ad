import Foundation
import SystemPackage
import Testing

@testable import Filesystems

@Suite("Durable files")
struct DurableFileTests {
    /// A disk, and a filesystem in memory, which has nothing to go past.
    @Test("what was written is read from any place", arguments: [NSTemporaryDirectory(), "/dev/shm"])
    func places(folder: String) throws {
        let path = FilePath(folder).appending("lifeboot-durable-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) } + [1, 2, 3]
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        let file = try DurableFile(path)
        try file.settle(0..<bytes.count)
        func read(at offset: Int, count: Int) throws -> [UInt8] {
            try file.withBytes(at: offset, count: count) { bytes in bytes.indices.map { bytes[$0] } }
        }
        for (offset, count) in [(0, 1 << 20), (4_096, 10), (2 << 20, 1 << 20), (8_192, (2 << 20) - 8_192)] {
            #expect(try read(at: offset, count: count) == Array(bytes[offset..<(offset + count)]))
        }
        let last = (3 << 20) - 4_096
        #expect(try read(at: last, count: 1 << 20) == Array(bytes[last..<(3 << 20)]), "no part of a block")
        #expect(try read(at: 3 << 20, count: 1 << 20) == [])
    }

    @Test("a file that is not there, and a symbolic link, are refused")
    func refused() throws {
        let path = FilePath(NSTemporaryDirectory()).appending("lifeboot-durable-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        #expect(throws: PreallocationError.self) { try DurableFile(path) }
        try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: "/etc/os-release")
        #expect(throws: PreallocationError.self) { try DurableFile(path) }
    }
}

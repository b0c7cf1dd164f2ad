import Faults
import Foundation
import Glibc
import SystemPackage
import Testing

@testable import Filesystems

@Suite("Preallocated files", .timeLimit(.minutes(10)))
struct PreallocatedFileTests {
    private static func path() -> FilePath {
        FilePath(NSTemporaryDirectory()).appending("lifeboot-space-\(UUID().uuidString)")
    }

    @Test("all blocks are there before the first write, and what a file held stays")
    func blocks() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        do {
            let file = try PreallocatedFile(path, size: 3_000_000)
            try file.write([1, 2, 3].span, at: 2_999_997)
            try file.flush()
        }
        var status = stat()
        #expect(stat(path.string, &status) == 0)
        #expect(status.st_size == 3_000_000 && status.st_blocks * 512 >= 3_000_000)
        let again = try PreallocatedFile(path, size: 3_000_000)
        var buffer = [UInt8](repeating: 9, count: 8)
        #expect(try again.read(into: &buffer, count: 8, at: 2_999_996) == 4)
        #expect(buffer == [0, 1, 2, 3, 9, 9, 9, 9])
    }

    @Test("a longer file is cut", arguments: [0, 1, 4096])
    func shorter(size: Int) throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        do { _ = try PreallocatedFile(path, size: 10_000) }
        do { _ = try PreallocatedFile(path, size: size) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path.string)).count == size)
    }

    @Test("a file that does not fit names what is needed and what is free, and takes none of it")
    func full() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        do {
            _ = try PreallocatedFile(path, size: 1 << 42)
            Issue.record("4 TiB fit")
        } catch {
            #expect(error.errno == .noSpace || error.errno == .fileTooLarge, "\(error)")
            #expect(RefusalKind(error) == (error.errno == .noSpace ? .space : .impossible))
            if error.errno == .noSpace { #expect(error.cause.contains("\(1 << 42) bytes are needed")) }
        }
        var status = stat()
        #expect(stat(path.string, &status) == 0 && status.st_blocks == 0 && status.st_size == 0)
    }

    @Test("nothing is written outside of the file", arguments: [-1, 8, 11])
    func outside(offset: Int) throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let file = try PreallocatedFile(path, size: 10)
        #expect(throws: PreallocationError.self) { try file.write([1, 2, 3].span, at: offset) }
    }

    @Test("a symbolic link is not followed")
    func link() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        #expect(symlink("/dev/null", path.string) == 0)
        do {
            _ = try PreallocatedFile(path, size: 10)
            Issue.record("followed")
        } catch {}
    }
}

import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Archives

@Suite("Compressed files")
struct DecompressedFileTests {
    /// A file made by a script in a folder of its own.
    private func withFile(_ script: String, _ body: (FilePath) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "packed-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try ChildProcess.run("/bin/sh", ["-ec", script], directory: FilePath(folder), timeout: .seconds(60))
            .requireSuccess()
        try body(FilePath(folder).appending("file"))
    }

    @Test("a part is read from its place on, and where it ended is known", arguments: ["gzip -n", "zstd -q", "cat"])
    func parts(_ compressor: String) throws {
        try withFile(
            "printf 'early ' > file; printf 'the content' | \(compressor) > part; cat part >> file; wc -c < part > size"
        ) { file in
            var part = try DecompressedFile(path: file, from: 6)
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = try part.read(into: &buffer)
            #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == "the content")
            let rest = try part.read(into: &buffer)
            #expect(rest == 0)
            let isCompressed = part.isCompressed
            #expect(isCompressed == (compressor != "cat"))
            let size = try FileStatus.of(file)?.size
            let position = part.position
            #expect(position == size)
        }
    }

    @Test("the head is not longer than asked for, and a file that is none is an error")
    func head() throws {
        try withFile("seq 100000 | gzip -n > file") { (file) throws in
            let head = try DecompressedFile.head(of: file, count: 5)
            #expect(head == Array("1\n2\n3".utf8))
            #expect(throws: ArchiveError.self) { _ = try DecompressedFile(path: file.appending("x")) }
        }
        try withFile(": > file") { file in
            #expect(throws: ArchiveError.self) { _ = try DecompressedFile(path: file) }
        }
    }
}

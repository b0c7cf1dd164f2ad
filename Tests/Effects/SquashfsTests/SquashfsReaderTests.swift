import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Squashfs

@Suite("Squashfs reader")
struct SquashfsReaderTests {
    /// All entries with their content.
    private func read(_ image: FilePath) throws -> [String: String] {
        var reader = try SquashfsReader(path: image)
        var found: [String: String] = [:]
        var buffer = [UInt8](repeating: 0, count: 100_000)
        while let entry = try reader.next() {
            var content: [UInt8] = []
            while case let count = try reader.read(into: &buffer), count > 0 { content += buffer.prefix(count) }
            let path = String(decoding: entry.path, as: UTF8.self)
            switch entry.kind {
            case .file(let size):
                #expect(size == content.count)
                found[path] = "file \(String(entry.permissions, radix: 8)) \(content.count) \(content.prefix(5))"
            case .directory: found[path] = "folder \(String(entry.permissions, radix: 8))"
            case .link(let target): found[path] = "link \(String(decoding: target, as: UTF8.self))"
            case .other: found[path] = "other"
            }
        }
        return found
    }

    @Test(
        "what mksquashfs wrote is read, in every compression",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mksquashfs")),
        arguments: ["zstd", "gzip", "xz"])
    func interop(_ compression: String) throws {
        let fixture = try SquashfsFixture()
        let folder = "\(fixture.image.string).tree"
        try ChildProcess.run(
            "/bin/sh",
            [
                "-ec",
                """
                mkdir -p "$1/a/b"; cd "$1"; printf hello > a/small; head -c 300000 /dev/zero > a/b/zeros; chmod 640 a/small
                head -c 300001 /dev/zero | tr '\\0' x > big; ln -s ../up a/link; mkfifo pipe; : > empty; chmod 1777 a/b
                mksquashfs "$1" "$2" -comp \(compression) -noappend -no-progress -quiet; printf more >> "$2"
                """, "sh", folder, fixture.image.string,
            ], timeout: .seconds(60)
        ).requireSuccess()
        let found = try read(fixture.image)
        #expect(
            found["a/small"] == "file 640 5 \(Array("hello".utf8)[...])"
                || found["a/small"]?.hasPrefix("file 640 5") == true)
        #expect(found["a/b/zeros"]?.hasPrefix("file 644 300000 [0, 0") == true)
        #expect(found["big"]?.hasPrefix("file 644 300001 [120, 120") == true)
        #expect(found["a/link"] == "link ../up" && found["pipe"] == "other" && found["a/b"] == "folder 1777")
        #expect(found["empty"]?.hasPrefix("file 644 0") == true && found.count == 9)
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test("what is damaged is refused or read, and never a trap", arguments: 0..<40)
    func damaged(_ seed: Int) throws {
        let fixture = try SquashfsFixture(damage: seed)
        _ = try? read(fixture.image)
    }

    @Test("no squashfs is an error")
    func missing() throws {
        let fixture = try SquashfsFixture()
        #expect(throws: SquashfsError.self) { _ = try SquashfsReader(path: fixture.image) }
    }
}

import Faults
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Squashfs

private let hasTools = ["/usr/bin/sqfs2tar", "/usr/bin/unsquashfs", "/usr/bin/tar"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Squashfs writer", .enabled(if: hasTools))
struct SquashfsWriterTests {
    private static func attributes(_ permissions: UInt16, _ owner: UInt32 = 0) -> SquashfsAttributes {
        SquashfsAttributes(permissions: permissions, owner: owner, group: owner + 1, modified: 86_400)
    }

    @Test("every kind of entry comes back as GNU tar lists it")
    func kinds() throws {
        let fixture = try SquashfsFixture()
        try fixture.write { writer in
            try writer.add(.directory, at: [], Self.attributes(0o755))
            try writer.file("b/deep/file", Array("hello".utf8), Self.attributes(0o4755, 70_000))
            try writer.add(.directory, at: Array("b".utf8), Self.attributes(0o1777, 5))
            try writer.add(
                .symbolicLink(target: Array("../ü x".utf8)), at: Array("b/link".utf8), Self.attributes(0o777))
            try writer.add(.characterDevice(major: 1, minor: 3), at: Array("null".utf8), Self.attributes(0o666))
            try writer.add(.blockDevice(major: 259, minor: 70_000), at: Array("disk".utf8), Self.attributes(0o660))
            try writer.add(.fifo, at: Array("pipe".utf8), Self.attributes(0o600))
            try writer.link(Array("again".utf8), to: Array("b/deep/file".utf8))
        }
        let lines = try fixture.listing()
        let expected = [
            "-rwsr-xr-x 70000/70001 5 1970-01-02 00:00:00 again",
            "drwxrwxrwt 5/6 0 1970-01-02 00:00:00 b/",
            "drwxr-xr-x 0/0 0 2001-09-09 01:46:40 b/deep/",
            "hrwsr-xr-x 70000/70001 0 1970-01-02 00:00:00 b/deep/file link to again",
            "lrwxrwxrwx 0/1 0 1970-01-02 00:00:00 b/link -> ../ü x",
            "brw-rw---- 0/1 259,70000 1970-01-02 00:00:00 disk",
            "crw-rw-rw- 0/1 1,3 1970-01-02 00:00:00 null",
            "prw------- 0/1 0 1970-01-02 00:00:00 pipe",
        ]
        #expect(lines.filter { !$0.hasSuffix(" ./") } == expected)
    }

    @Test("content comes back, whatever its size", arguments: [0, 1, 4_095, 131_071, 131_072, 131_073, 1_000_000])
    func content(_ size: Int) throws {
        let fixture = try SquashfsFixture()
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try fixture.write { writer in
            try writer.beginFile(at: Array("file".utf8), SquashfsAttributes(permissions: 0o644), size: size)
            for start in stride(from: 0, to: size, by: 70_001) {
                try writer.write(bytes.span.extracting(start..<min(size, start + 70_001)))
            }
            try writer.endFile()
            try writer.file("zeros", [UInt8](repeating: 0, count: size))
            try writer.file("copy", bytes)
        }
        try fixture.run("unsquashfs -q -n -no-xattrs -d out image")
        let read = { (name: String) in try Data(contentsOf: URL(filePath: "\(fixture.path)/out/\(name)")) }
        #expect(try read("file") == Data(bytes))
        #expect(try read("copy") == Data(bytes))
        #expect(try read("zeros") == Data(count: size))
        #expect(try fixture.run("wc -c < image").trimmingCharacters(in: .whitespacesAndNewlines) != "")
        let length = try #require(try FileStatus.of(fixture.image)).size
        #expect(length < Int64(size) + 8_192 && length % 4_096 == 0, "equal content is stored once")
    }

    @Test(
        "a file that has another length than was said comes back",
        arguments: [(10, 131_071), (10, 131_072), (10, 400_000), (400_000, 10), (131_072, 0), (5, 0)])
    func otherLength(announced: Int, length: Int) throws {
        let fixture = try SquashfsFixture()
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        try fixture.write { writer in
            try writer.beginFile(
                at: Array("file".utf8), SquashfsAttributes(permissions: 0o644), size: announced)
            for start in stride(from: 0, to: length, by: 100_000) {
                try writer.write(bytes.span.extracting(start..<min(start + 100_000, length)))
            }
            try writer.endFile()
            try writer.file("after", [1, 2, 3])
        }
        try fixture.run("unsquashfs -q -n -no-xattrs -d out image")
        let content = try Data(contentsOf: URL(filePath: "\(fixture.path)/out/file"))
        #expect(content == Data(bytes))
        #expect(try Data(contentsOf: URL(filePath: "\(fixture.path)/out/after")) == Data([1, 2, 3]))
    }

    @Test("a shared block may be full, and equal another one")
    func fullFragments() throws {
        let fixture = try SquashfsFixture()
        let half = { (seed: Int) in (0..<65_536).map { UInt8(truncatingIfNeeded: ($0 &* seed) >> 7) } }
        let (first, second) = (half(2_654_435_761), half(1_181_783_497))
        try fixture.write { writer in
            try writer.file("a/1", first)
            try writer.file("a/2", second)
            // The same block as content of a large file, and again as a shared one.
            try writer.file("b/large", first + second + [1])
            try writer.file("c/zeros", Array(repeating: 0, count: 5_000))
            try writer.link(Array("c/more".utf8), to: Array("c/zeros".utf8))
            try writer.file("c/last", [7])
        }
        try fixture.run(
            """
            unsquashfs -q -n -no-xattrs -d out image
            cat out/a/1 out/a/2 >both; head -c 131072 out/b/large | cmp - both
            test $(stat -c %s out/b/large) = 131073; test $(stat -c %h out/c/zeros) = 2
            test $(tr -d '\\0' <out/c/more | wc -c) = 0; test $(stat -c %s out/c/more) = 5000
            """)
        #expect(try Data(contentsOf: URL(filePath: "\(fixture.path)/out/a/2")) == Data(second))
        #expect(try Data(contentsOf: URL(filePath: "\(fixture.path)/out/c/last")) == Data([7]))
    }

    @Test("small files that are equal are stored once, in whichever block the first one is")
    func equal() throws {
        let fixture = try SquashfsFixture()
        var generator = SystemRandomNumberGenerator()
        let contents = (0..<40).map { _ in (0..<30_000).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        try fixture.write { writer in
            for round in 0..<3 {
                for (index, content) in contents.enumerated() { try writer.file("d\(round)/\(index)", content) }
            }
        }
        let length = try #require(try FileStatus.of(fixture.image)).size
        #expect(length < 40 * 30_000 + 16_384)
        try fixture.run("unsquashfs -q -n -no-xattrs -d out image; diff -r out/d0 out/d1; diff -r out/d0 out/d2")
        #expect(try Data(contentsOf: URL(filePath: "\(fixture.path)/out/d2/39")) == Data(contents[39]))
    }

    @Test("extended attributes and further names of a file come back")
    func attributes() throws {
        let fixture = try SquashfsFixture()
        let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let names = ["user.empty", "user.text", "trusted.x", "security.capability"].map { Array($0.utf8) }
        let values = [[], Array("value".utf8), [0, 1, 0], capability]
        let extended = Array(zip(names, values))
        try fixture.write { writer in
            let attributes = SquashfsAttributes(permissions: 0o755, extended: extended.map { ($0.0, $0.1) })
            try writer.file("a", [1], attributes)
            try writer.add(.directory, at: Array("folder".utf8), attributes)
            try writer.add(.fifo, at: Array("pipe".utf8), attributes)
            try writer.link(Array("b".utf8), to: Array("a".utf8))
            try writer.link(Array("c".utf8), to: Array("b".utf8))
        }
        for name in ["a", "b", "c", "folder", "pipe"] {
            let dump = try fixture.run("rdsquashfs -x /\(name) image")
            #expect(dump.contains("user.text=value"), "\(dump)")
            #expect(dump.contains("security.capability=0x01000002") && dump.contains("trusted.x"), "\(dump)")
        }
        #expect(try fixture.listing().filter { $0.contains("link to") }.count == 2)
    }

    @Test("entries in any order and any number of threads give equal bytes")
    func reproducible() throws {
        let fixture = try SquashfsFixture()
        var generator = SystemRandomNumberGenerator()
        let contents = (0..<60).map { _ in
            (0..<Int.random(in: 0...400_000, using: &generator)).map { UInt8(truncatingIfNeeded: $0 / 37) }
        }
        for threads in [1, 2, 4] {
            fixture.options.threads = threads
            try fixture.write("image\(threads)") { writer in
                for (index, content) in contents.enumerated() { try writer.file("d\(index % 7)/f\(index)", content) }
            }
        }
        #expect(try fixture.run("sha256sum image1 image2 image4 | cut -d' ' -f1 | sort -u | wc -l") == "1\n")
    }

    @Test("folders of every size around the limits of the format are read", arguments: [255, 256, 257, 2_700, 6_000])
    func folders(_ count: Int) throws {
        let fixture = try SquashfsFixture()
        try fixture.write { writer in
            for index in 0..<count {
                try writer.file("d/\(String(repeating: "n", count: 10))\(index)", [UInt8(index % 251)])
            }
        }
        let lines = try fixture.listing()
        #expect(lines.count == count + 2 || lines.count == count + 1)
        try fixture.run("unsquashfs -q -n -no-xattrs -d out image; test $(ls out/d | wc -l) = \(count)")
    }

    @Test(
        "a folder whose listing is about 64 KiB is read", arguments: stride(from: 100, through: 150, by: 10).map { $0 })
    func listingLength(_ length: Int) throws {
        let fixture = try SquashfsFixture()
        for length in length..<(length + 10) {
            // 8 bytes and the name for each entry and 12 for each 8 KiB: some 65,406 and the padding of the first.
            try fixture.write { writer in
                for index in 0..<280 {
                    let padding = String(repeating: "x", count: index == 0 ? length : 222)
                    try writer.add(
                        .fifo, at: Array("d/\(1000 + index)\(padding)".utf8), SquashfsAttributes(permissions: 0o600))
                }
            }
            #expect(try fixture.run("unsquashfs -lln image | grep -c squashfs-root/d/") == "280\n")
        }
    }

    @Test("a preallocated file keeps nothing of what it held")
    func preallocated() throws {
        let fixture = try SquashfsFixture()
        try fixture.run("head -c 3000000 /dev/urandom > image")
        try fixture.write { try $0.file("a", Array("text".utf8)) }
        try fixture.write("other") { try $0.file("a", Array("text".utf8)) }
        try fixture.run("cmp image other; unsquashfs -q -n -no-xattrs -d out image; test \"$(cat out/a)\" = text")
    }

    @Test("a full disk is told as such")
    func full() throws {
        let bytes = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        let error = #expect(throws: SquashfsError.self) {
            var writer = try SquashfsWriter(path: "/dev/full", options: SquashfsOptions())
            try writer.file("a", bytes)
            _ = try writer.finish()
        }
        #expect(error?.errno == .noSpace && error?.refusal == .space)
        #expect(error?.description.contains("Free space") == true)
    }

    @Test(
        "what no squashfs can hold is refused",
        arguments: [
            "..", "a/../b", "./a", "a//b", "a/", "/a", "", String(repeating: "n", count: 256), "a\u{0}b", "file/below",
            "file",
        ])
    func refused(_ path: String) throws {
        let fixture = try SquashfsFixture()
        try fixture.write { writer in
            try writer.file("file", [1])
            #expect(throws: SquashfsError.self) { try writer.file(path, [2]) }
        }
    }

    @Test("links to nothing, impossible devices and foreign attributes are refused")
    func refusedKinds() throws {
        let fixture = try SquashfsFixture()
        let plain = SquashfsAttributes(permissions: 0o644)
        try fixture.write { writer in
            try writer.add(.directory, at: Array("folder".utf8), plain)
            #expect(throws: SquashfsError.self) { try writer.link(Array("l".utf8), to: Array("nothing".utf8)) }
            #expect(throws: SquashfsError.self) { try writer.link(Array("l".utf8), to: Array("folder".utf8)) }
            #expect(throws: SquashfsError.self) {
                try writer.add(.characterDevice(major: 4_096, minor: 0), at: Array("d".utf8), plain)
            }
            #expect(throws: SquashfsError.self) {
                try writer.add(.symbolicLink(target: []), at: Array("s".utf8), plain)
            }
            #expect(throws: SquashfsError.self) {
                try writer.add(.symbolicLink(target: Array(repeating: 0x61, count: 4_096)), at: Array("s".utf8), plain)
            }
            var foreign = plain
            foreign.extended = [(Array("system.posix_acl_access".utf8), [1])]
            #expect(throws: SquashfsError.self) { try writer.add(.fifo, at: Array("p".utf8), foreign) }
        }
    }
}

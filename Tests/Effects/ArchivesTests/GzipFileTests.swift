#if WITH_IGZIP
    import Faults
    import Foundation
    import SeededNumbers
    import SystemPackage
    import Testing

    @testable import Archives

    /// All bytes that a file inflates to; nil when it is no gzip stream.
    private func inflated(_ path: FilePath) throws -> [UInt8]? {
        guard let file = try GzipFile(path: path) else { return nil }
        var bytes: [UInt8] = []
        while case let piece = try unsafe file.next(), unsafe !piece.isEmpty { unsafe bytes += piece }
        #expect(try unsafe file.next().isEmpty)
        return bytes
    }

    /// Bytes that compress, but not to nothing: words out of a small random vocabulary.
    private func text(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += Array(String(random.next() % 4_096, radix: 36).utf8) + [0x20] }
        return Array(bytes.prefix(count))
    }

    @Suite("Gzip files")
    struct GzipFileTests {
        @Test(
            "what gzip packed comes out, whatever the level and the header, and however long",
            arguments: [0, 1, 100, 65_535, 262_143, 262_144, 262_145, 3_000_000], ["-1", "-6 -n", "-9"])
        func sizes(size: Int, options: String) throws {
            let space = try ArchiveSpace()
            let content = text(size, seed: UInt64(size))
            try Data(content).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            try space.run("gzip \(options) a")
            #expect(try inflated("\(space.path)/a.gz".path) == content)
        }

        @Test("blocks that are stored come out, and those of one letter")
        func stored() throws {
            let space = try ArchiveSpace()
            var random = SeededGenerator(seed: 1)
            let noise = (0..<700_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let content = noise + [UInt8](repeating: 0x61, count: 5_000_000) + noise
            try Data(content).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            try space.run("gzip a")
            #expect(try inflated("\(space.path)/a.gz".path) == content)
        }

        @Test("members come one after the other, empty ones too, and zeros behind them are padding")
        func members() throws {
            let space = try ArchiveSpace()
            let parts = (1...40).map { text(($0 % 8) * 30_000, seed: UInt64($0)) }
            for (index, part) in parts.enumerated() {
                try Data(part).write(to: URL(fileURLWithPath: "\(space.path)/\(index)"))
            }
            try space.run("for i in $(seq 0 39); do gzip -c $i >>a.gz; done; head -c 1000 /dev/zero >>a.gz")
            let file = FilePath("\(space.path)/a.gz")
            #expect(try inflated(file) == parts.flatMap { $0 })
        }

        @Test("a name, a comment and other fields of the header are passed over")
        func header() throws {
            let space = try ArchiveSpace()
            // FEXTRA, FNAME and FCOMMENT (RFC 1952 section 2.3.1).
            try space.run(
                "printf abc | gzip -nc | tail -c +11 >body; printf '\\037\\213\\010\\034\\0\\0\\0\\0\\0\\3\\5\\0extraname\\0comment\\0' >a.gz; cat body >>a.gz"
            )
            #expect(try inflated("\(space.path)/a.gz".path) == Array("abc".utf8))
        }

        @Test("a member may begin anywhere in what is read at once", arguments: [-2, -1, 0, 1])
        func boundary(distance: Int) throws {
            let space = try ArchiveSpace()
            var random = SeededGenerator(seed: 2)
            let content = (0..<220_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            try Data(content).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            try space.run("gzip -n a; printf more | gzip -n >more.gz")
            let body = try Data(contentsOf: URL(fileURLWithPath: "\(space.path)/a.gz")).dropFirst(10)
            // A field of the header (FEXTRA, RFC 1952) makes the member as long as is wanted.
            let padding = (1 << 18) + distance - body.count - 12
            let header: [UInt8] = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 3, UInt8(padding & 0xFF), UInt8(padding >> 8)]
            let more = try Data(contentsOf: URL(fileURLWithPath: "\(space.path)/more.gz"))
            let file = Data(header) + Data(repeating: 0x55, count: padding) + body + more
            try file.write(to: URL(fileURLWithPath: "\(space.path)/b.gz"))
            #expect(try inflated("\(space.path)/b.gz".path) == content + Array("more".utf8))
        }

        @Test(
            "a stream that is cut off anywhere is refused by that name", arguments: [3, 9, 10, 11, 40_000, -8, -4, -1])
        func cut(length: Int) throws {
            let space = try ArchiveSpace()
            try Data(text(300_000, seed: 7)).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            try space.run("gzip a; head -c \(length) a.gz >cut.gz")
            let error = try #require(throws: ArchiveError.self) { try inflated("\(space.path)/cut.gz".path) }
            #expect(error.kind == .damaged && error.cause.contains("cut off"), "\(error)")
        }

        @Test("a wrong byte is refused: in the content, the checksum, the length", arguments: [20_000, -8, -5, -4, -1])
        func damaged(place: Int) throws {
            let space = try ArchiveSpace()
            try Data(text(300_000, seed: 8)).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            try space.run("gzip a")
            let file = URL(fileURLWithPath: "\(space.path)/a.gz")
            var bytes = Array(try Data(contentsOf: file))
            bytes[place < 0 ? bytes.count + place : place] ^= 0x10
            try Data(bytes).write(to: file)
            #expect(throws: ArchiveError.self) { try inflated("\(space.path)/a.gz".path) }
        }

        @Test("what is no gzip stream is left to others", arguments: ["", "\u{1F}", "PK", "plain text"])
        func other(content: String) throws {
            let space = try ArchiveSpace()
            try Data(content.utf8).write(to: URL(fileURLWithPath: "\(space.path)/a"))
            #expect(try inflated("\(space.path)/a".path) == nil)
            #expect(throws: ArchiveError.self) { try inflated("\(space.path)/absent".path) }
        }

        @Test("an observer sees every byte of the archive, and what is behind it")
        func observed() throws {
            let space = try ArchiveSpace()
            try space.run(
                "mkdir t; head -c 700000 /dev/urandom >t/a; tar -C t -cf a.tar .; echo more >>a.tar; gzip -k a.tar")
            var seen: [UInt8] = []
            var source = try TarSource(path: "\(space.path)/a.tar.gz".path, isLayer: true) { bytes in
                for index in bytes.indices { seen.append(bytes[index]) }
                return true
            }
            while try source.next() != nil {}
            #expect(try seen == Array(Data(contentsOf: URL(fileURLWithPath: "\(space.path)/a.tar"))))
        }
    }

    extension String {
        fileprivate var path: FilePath { FilePath(self) }
    }
#endif

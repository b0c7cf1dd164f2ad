import Faults
import LinuxSystem
import SeededNumbers
import Testing
import TreeFixtures

@testable import Archives

/// Takes what comes out of a writer.
private final class Output {
    var bytes: [UInt8] = []
    var limit = Int.max

    func take(_ block: Span<UInt8>) -> Bool {
        for index in block.indices { bytes.append(block[index]) }
        return bytes.count <= limit
    }
}

private func compressed(_ pieces: [[UInt8]]) throws -> [UInt8] {
    let output = Output()
    var writer = try GzipWriter(receive: output.take)
    for piece in pieces { try writer.write(piece.span) }
    try writer.finish()
    return output.bytes
}

@Suite("Compressing with gzip")
struct GzipWriterTests {
    @Test("the bytes depend on the content alone, and not on the pieces that it comes in")
    func deterministic() throws {
        let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0) }
        let whole = try compressed([content])
        #expect(try compressed([Array(content[..<1]), [], Array(content[1...])]) == whole)
        // No name, no time (RFC 1952, 2.3).
        #expect(whole.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(try Decompression.bytes(of: whole, limit: 1 << 20) == content)
    }

    @Test("gzip reads what was written, nothing included")
    func gzip() throws {
        let space = try Workspace()
        for content in [[], Array("hello\n".utf8)] {
            try AtomicFile.write(compressed([content]), to: space.place("x.gz"))
            #expect(try space.run("gzip -t x.gz; gzip -dc x.gz") == String(decoding: content, as: UTF8.self))
        }
    }

    @Test("a receiver that does not go on ends the stream with an error, at the latest at its end")
    func refused() throws {
        let output = Output()
        output.limit = 10
        var numbers = SeededGenerator(seed: 1)
        let noise = (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        var writer = try GzipWriter(receive: output.take)
        #expect(throws: ArchiveError.self) { try writer.write(noise.span) }
        var other = try GzipWriter(receive: { _ in false })
        try other.write([1].span)
        #expect(throws: ArchiveError.self) { try other.finish() }
    }
}

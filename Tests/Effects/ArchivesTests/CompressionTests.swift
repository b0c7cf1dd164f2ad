import Archives
import LinuxSystem
import Testing

@Suite struct CompressionTests {
    @Test(arguments: [0, 1, 100_000, 3_000_000]) func `what was compressed is what comes out, and zstd reads it`(
        count: Int
    ) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
        let compressed = try Compression.zstd(bytes)
        #expect(compressed == (try Compression.zstd(bytes)))
        #expect(compressed.starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
        if count > 0 { #expect(try Decompression.bytes(of: compressed, limit: count) == bytes) }
        let file = try MemoryFile(compressed)
        let outcome = try ChildProcess.run(
            "sh", ["-c", "zstd -dcq < \(file.path) | wc -c".replacing("self", with: "\(ThisProcess.identifier)")],
            output: .capture(atMost: 1_000), timeout: .seconds(60))
        #expect(String(decoding: try outcome.requireSuccess().standardOutput, as: UTF8.self) == "\(count)\n")
    }

    @Test func `what becomes too much is refused`() throws {
        let compressed = try Compression.zstd([UInt8](repeating: 0, count: 1_000_000))
        #expect(compressed.count < 1_000)
        #expect(throws: ArchiveError.self) { try Decompression.bytes(of: compressed, limit: 999_999) }
        #expect(try Decompression.bytes(of: compressed, limit: 1_000_000).count == 1_000_000)
    }
}

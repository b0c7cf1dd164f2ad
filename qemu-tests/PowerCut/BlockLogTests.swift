import Foundation
import Testing

/// Logs that tests make up, in the format of dm-log-writes.
struct ExampleLog {
    private var bytes = Data()
    private var count: UInt64 = 0

    /// Adds a write of whole sectors, each filled with `fill`.
    mutating func write(_ fill: UInt8, at sector: UInt64, sectors: UInt64 = 1, flags: UInt64 = 0) {
        entry([sector, sectors, flags, 0])
        bytes += Data(repeating: fill, count: Int(sectors) * 512)
    }

    /// Adds a flush.
    mutating func flush() { entry([0, 0, 1, 0]) }

    /// Adds a discard.
    mutating func discard(at sector: UInt64, sectors: UInt64) { entry([sector, sectors, 4, 0]) }

    /// The log as a file.
    var file: Data {
        var head = Self.sector([0x6A_73_66_77_73_68_72, 1, count, 512])
        head.append(bytes)
        return head
    }

    private mutating func entry(_ fields: [UInt64]) {
        count += 1
        bytes += Self.sector(fields)
    }

    private static func sector(_ fields: [UInt64]) -> Data {
        var data = Data()
        for field in fields { withUnsafeBytes(of: field.littleEndian) { data.append(contentsOf: $0) } }
        return data + Data(count: 512 - data.count)
    }
}

@Suite("A log of block writes")
struct BlockLogTests {
    @Test("holds writes, flushes, forced writes and discards in order")
    func entries() throws {
        var example = ExampleLog()
        example.write(7, at: 10, sectors: 2)
        example.flush()
        example.write(8, at: 12, flags: 2)
        example.discard(at: 100, sectors: 8)
        let log = try BlockLog(parsing: example.file)
        #expect(log.entries.map(\.kind) == [.write, .none, .write, .discard])
        #expect(log.entries.map(\.isFlush) == [false, true, false, false])
        #expect(log.entries[2].isForced && !log.entries[0].isForced)
        #expect(log.entries[0].range == 5_120..<6_144 && log.entries[3].range == 51_200..<55_296)
        #expect(log.data(of: log.entries[0]) == Data(repeating: 7, count: 1_024))
        #expect(log.data(of: log.entries[2], sectors: 0..<1) == Data(repeating: 8, count: 512))
    }

    @Test("that ends early or is something else is refused", arguments: [0, 20, 511, 600, 1_100])
    func cutShort(length: Int) throws {
        var example = ExampleLog()
        example.write(7, at: 10, sectors: 2)
        #expect(throws: MachineError.self) { try BlockLog(parsing: example.file.prefix(length)) }
        #expect(throws: MachineError.self) { try BlockLog(parsing: Data(count: 4_096)) }
    }

    @Test("of QEMU says what was done to the disk")
    func recordedByQEMU() async throws {
        try await withScratchDirectory { directory in
            let (disk, log) = ("\(directory)/disk", "\(directory)/log")
            for file in [disk, log] { _ = FileManager.default.createFile(atPath: file, contents: Data(count: 65_536)) }
            let image =
                "driver=blklogwrites,file.driver=file,file.filename=\(disk),log.driver=file,"
                + "log.filename=\(log),log-sector-size=512"
            let requests = ["write -P 1 1k 1k", "flush", "write -z 4k 4k", "write -P 2 512 512", "flush"]
            try await HostCommand.run("qemu-io", requests.flatMap { ["-c", $0] } + ["--image-opts", image])
            let entries = try BlockLog(contentsOf: log).entries.filter { $0.kind == .write }
            #expect(entries.map(\.range) == [1_024..<2_048, 4_096..<8_192, 512..<1_024])
        }
    }
}

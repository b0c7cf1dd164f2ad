import Foundation
import Testing

@Suite("A replayed disk")
struct ReplayedDiskTests {
    private static let size = 256 * 1_024

    private static func log() throws -> BlockLog {
        var example = ExampleLog()
        example.write(1, at: 0, sectors: 2)
        example.flush()
        example.write(2, at: 1, sectors: 2)
        example.write(3, at: 2, sectors: 2)
        example.flush()
        example.write(4, at: 300)
        example.discard(at: 0, sectors: 2)
        example.flush()
        return try BlockLog(parsing: example.file)
    }

    private static func withDisk(
        partition: DiskEditor.Partition? = nil, _ body: (ReplayedDisk) async throws -> Void
    ) async throws {
        try await withScratchDirectory { directory in
            let path = "\(directory)/disk"
            let bytes = Data(count: partition.map { Int($0.size) } ?? size)
            _ = FileManager.default.createFile(atPath: path, contents: bytes)
            try await body(try ReplayedDisk(at: path, log: try log(), partition: partition))
        }
    }

    private static func sectors(_ disk: ReplayedDisk) throws -> [UInt8] {
        try (0..<5).map { try disk.read(at: UInt64($0) * 512, count: 512).last ?? 0 }
    }

    private static func cut(_ durable: Int, _ arrivals: [(Int, Range<Int>)] = []) -> PowerCut {
        PowerCut(
            number: 0, durable: durable, end: durable,
            arrivals: arrivals.map { PowerCut.Arrival(entry: $0.0, sectors: $0.1, isTorn: false) })
    }

    @Test("keeps what is durable and takes back what one cut brought")
    func takesBack() async throws {
        try await Self.withDisk { disk in
            try disk.bring(to: Self.cut(2, [(2, 0..<2), (3, 0..<2)]))
            #expect(try Self.sectors(disk) == [1, 2, 3, 3, 0])
            try disk.bring(to: Self.cut(2, [(3, 0..<2), (2, 0..<2)]))
            #expect(try Self.sectors(disk) == [1, 2, 2, 3, 0])
            try disk.bring(to: Self.cut(2, [(3, 1..<2)]))
            #expect(try Self.sectors(disk) == [1, 1, 0, 3, 0])
            try disk.bring(to: Self.cut(5))
            #expect(try Self.sectors(disk) == [1, 2, 3, 3, 0])
            try disk.bring(to: Self.cut(8))
            #expect(try Self.sectors(disk) == [0, 0, 3, 3, 0])
            let earlier = Self.cut(2)
            #expect(throws: MachineError.self) { try disk.bring(to: earlier) }
        }
    }

    @Test("has the same version only where its bytes are the same")
    func versions() async throws {
        try await Self.withDisk { disk in
            let (near, far): (Range<UInt64>, Range<UInt64>) = (0..<512, 153_600..<154_112)
            try disk.bring(to: Self.cut(2))
            let durable = (disk.version(of: [near]), disk.version(of: [far]))
            try disk.bring(to: Self.cut(2, [(2, 0..<1)]))
            #expect(disk.version(of: [near]) != durable.0 && disk.version(of: [far]) == durable.1)
            try disk.bring(to: Self.cut(2))
            #expect(disk.version(of: [near]) == durable.0)
            try disk.bring(to: Self.cut(8))
            #expect(disk.version(of: [near]) != durable.0 && disk.version(of: [far]) != durable.1)
        }
    }

    @Test("of one partition has only what was written there, and restores what others changed")
    func partition() async throws {
        let partition = DiskEditor.Partition(number: 1, offset: 1_024, size: 4_096)
        try await Self.withDisk(partition: partition) { disk in
            try disk.bring(to: Self.cut(5))
            #expect(try Self.sectors(disk) == [3, 3, 0, 0, 0])
            try await Self.withDisk { whole in
                try whole.bring(to: Self.cut(2, [(2, 0..<2)]))
                try disk.restore([0..<512], from: whole, at: partition.offset)
            }
            #expect(try Self.sectors(disk) == [2, 3, 0, 0, 0])
        }
    }
}

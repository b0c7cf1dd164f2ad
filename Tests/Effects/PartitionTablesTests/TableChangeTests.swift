import Faults
import Foundation
import ImageModel
import SeededNumbers
import SystemPackage
import Testing

@testable import PartitionTables

@Suite("Changes of a table in use")
struct TableChangeTests {
    private static let type = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"

    private static func entry(_ number: Int, _ first: Int64, _ sectors: Int64) -> PartitionTable.Entry {
        .init(
            firstSector: first, sectors: sectors, type: type, name: "part\(number)",
            identifier: "11111111-2222-4333-8444-00000000000\(number)")
    }

    private static let table = PartitionTable(
        identifier: "11111111-2222-4333-8444-555555555555",
        entries: [entry(1, 2048, 2048), entry(2, 4096, 8192), entry(3, 12_288, 4096), entry(4, 16_384, 8192)])

    /// What completes an expandable disk of 64 MiB.
    private static let change: TableChange = {
        var change = TableChange()
        change.identifier = "AAAAAAAA-BBBB-8CCC-9DDD-EEEEEEEEEEEE"
        change.identifiers[2] = "AAAAAAAA-BBBB-8CCC-9DDD-222222222222"
        change.lengths[4] = 16_384
        change.added[5] = entry(5, 32_768, 65_536)
        change.added[6] = entry(6, 98_304, 30_720)
        return change
    }()

    /// Hands over a file of 16 MiB with the table and boot code, which was then made longer.
    private func withDisk(_ size: UInt64 = 64 << 20, _ body: (FilePath) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "table-change-\(UUID())")
        try Data(count: 16 << 20).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try Self.table.write(to: FilePath(url.path))
        let file = try FileHandle(forUpdating: url)
        try file.write(contentsOf: Data(repeating: 0xEB, count: 440))
        try file.truncate(atOffset: size)
        try body(FilePath(url.path))
    }

    private static func bytes(_ path: FilePath) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path.string)))
    }

    /// The entries as somebody reads them who looks for them where the header in front says, as GRUB does.
    private static func entries(_ disk: [UInt8]) -> [UInt8] {
        let place = Int(disk.number(at: 512 + 72, bytes: 8)) * 512
        return Array(disk[place..<(place + 128 * 128)])
    }

    /// Whether the kernel takes the table in front (is_gpt_valid in block/partitions/efi.c); it does not look at the copy.
    private static func isTakenByKernel(_ disk: [UInt8]) -> Bool {
        guard let header = TableHeader(parsing: Array(disk[512..<1024])), header.place == 1 else { return false }
        return Int64(CRC32.checksum(entries(disk))) == header.entriesChecksum
    }

    @Test("partitions are added and longer, identifiers new, and all else stays; sfdisk finds no error")
    func changed() throws {
        try withDisk { path in
            let before = try DiskTable(of: path)
            try DiskTable.change(path, Self.change)
            let after = try DiskTable(of: path)
            #expect(after.entries.map(\.number) == [1, 2, 3, 4, 5, 6])
            #expect(after.entries.map(\.sectors) == [2048, 8192, 4096, 16_384, 65_536, 30_720])
            #expect(Array(after.entries.prefix(3)) == Array(before.entries.prefix(3)))
            #expect(after.entries[4].name == "part5" && after.entries[4].start == 32_768)
            let said = try Self.sfdisk("--dump", path)
            #expect(said.contains("label-id: AAAAAAAA-BBBB-8CCC-9DDD-EEEEEEEEEEEE"))
            #expect(said.contains("uuid=AAAAAAAA-BBBB-8CCC-9DDD-222222222222"))
            #expect(said.contains("uuid=11111111-2222-4333-8444-000000000003"))
            #expect(said.contains("uuid=11111111-2222-4333-8444-000000000006, name=\"part6\""))
            #expect(said.contains("last-lba: 131038"))
            #expect(try Self.sfdisk("--verify", path).contains("No errors detected"))
            let disk = try Self.bytes(path)
            #expect(disk[..<440].allSatisfy { $0 == 0xEB }, "boot code")
            #expect(disk.number(at: 446 + 12, bytes: 4) == 131_071, "the protective MBR")
        }
    }

    private static func sfdisk(_ option: String, _ path: FilePath) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/sfdisk")
        process.arguments = [option, path.string]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    @Test("wherever the power is cut, in the middle of a write too, kernel and GRUB see the old table or the new one")
    func cut() throws {
        try withDisk { path in
            let old = try Self.bytes(path)
            let table = try TableBytes(of: path, sectorSize: 512, diskSectors: 131_072) { place, count in
                Array(old[Int(place)..<(Int(place) + count)])
            }
            let writes = try table.writes(Self.change, on: path, protective: Array(old[..<512]))
            #expect(writes.count == 5)
            var (disk, sawNew, generator) = (old, false, SeededGenerator(seed: 7))
            var whole = old
            for write in writes {
                whole.replaceSubrange(Int(write.place)..<(Int(write.place) + write.bytes.count), with: write.bytes)
            }
            for write in writes {
                let sectors = Array(stride(from: 0, to: write.bytes.count, by: 512)).shuffled(using: &generator)
                for sector in sectors {
                    let place = Int(write.place) + sector
                    disk.replaceSubrange(place..<(place + 512), with: write.bytes[sector..<(sector + 512)])
                    #expect(Self.isTakenByKernel(disk))
                    let isNew = Self.entries(disk) == Self.entries(whole)
                    #expect(isNew || Self.entries(disk) == Self.entries(old))
                    #expect(isNew || !sawNew, "the new table is not given up again")
                    sawNew = isNew
                }
            }
            #expect(sawNew)
        }
    }

    @Test("a second change goes back to the place behind the header, and a cut in it is as harmless")
    func twice() throws {
        try withDisk { path in
            try DiskTable.change(path, Self.change)
            #expect(try Self.bytes(path).number(at: 512 + 72, bytes: 8) == 1024)
            var next = TableChange()
            next.lengths[6] = 32_000
            try DiskTable.change(path, next)
            #expect(try Self.bytes(path).number(at: 512 + 72, bytes: 8) == 2)
            #expect(try DiskTable(of: path).entries.map(\.sectors).last == 32_000)
            #expect(try Self.sfdisk("--verify", path).contains("No errors detected"))
        }
    }

    /// Changes that do not fit, and what is said of them.
    static let refused: [(String, TableChange)] = {
        func change(_ body: (inout TableChange) -> Void) -> TableChange {
            var change = TableChange()
            body(&change)
            return change
        }
        return [
            ("is there already", change { $0.added[4] = entry(4, 32_768, 8) }),
            ("there is no partition 5", change { $0.lengths[5] = 8 }),
            ("there is no partition 5", change { $0.identifiers[5] = Self.type }),
            ("has no place", change { $0.added[129] = entry(9, 32_768, 8) }),
            ("has no place", change { $0.added[0] = entry(9, 32_768, 8) }),
            ("two partitions overlap", change { $0.lengths[3] = 4097 }),
            ("two partitions overlap", change { $0.added[5] = entry(5, 24_575, 8) }),
            ("does not fit", change { $0.added[5] = entry(5, 32_768, 131_072 - 33 - 32_768 + 1) }),
            ("does not fit", change { $0.lengths[4] = .max }),
            ("no GUID", change { $0.identifier = "text" }),
        ]
    }()

    @Test("a change that does not fit is refused before anything is written", arguments: refused.indices)
    func refusal(index: Int) throws {
        let (cause, change) = Self.refused[index]
        try withDisk { path in
            let before = try Self.bytes(path)
            let error = #expect(throws: PartitionTableError.self) { try DiskTable.change(path, change) }
            #expect(error?.cause.contains(cause) == true, "\(error?.cause ?? "")")
            #expect(try Self.bytes(path) == before)
        }
    }

    @Test("a partition may end with the last sector that the copy leaves it")
    func last() throws {
        try withDisk { path in
            var change = TableChange()
            change.added[5] = Self.entry(5, 32_768, 131_072 - 33 - 32_768)
            try DiskTable.change(path, change)
            #expect(try Self.sfdisk("--verify", path).contains("No errors detected"))
        }
    }

    @Test("a table in front that does not hold is not changed, though its copy would hold")
    func damaged() throws {
        for place in [520, 560, 1024 + 33] {
            try withDisk { path in
                let file = try FileHandle(forUpdating: URL(filePath: path.string))
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: Data([0x5A]))
                let before = try Self.bytes(path)
                #expect(throws: PartitionTableError.self, "\(place)") { try DiskTable.change(path, Self.change) }
                #expect(try Self.bytes(path) == before)
            }
        }
    }
}

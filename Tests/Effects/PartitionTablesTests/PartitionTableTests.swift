import Faults
import Foundation
import SystemPackage
import Testing

@testable import PartitionTables

@Suite("Partition table")
struct PartitionTableTests {
    private let table = PartitionTable(
        identifier: "11111111-2222-4333-8444-555555555555",
        entries: [
            .init(
                firstSector: 2048, sectors: 2048, type: "21686148-6449-6E6F-744E-656564454649", name: "bios",
                identifier: "11111111-2222-4333-8444-000000000001"),
            .init(
                firstSector: 4096, sectors: 8192, type: "0FC63DAF-8483-4772-8E79-3D69D8477DE4", name: "state",
                identifier: "11111111-2222-4333-8444-000000000002"),
        ])

    private func withDisk(_ size: Int, _ body: (FilePath) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "partition-table-\(UUID())")
        try Data(count: size).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(FilePath(url.path))
    }

    @Test("a table is written into a regular file, the same every time")
    func written() throws {
        try withDisk(16 << 20) { path in
            try table.write(to: path)
            let first = try Data(contentsOf: URL(filePath: path.string))
            #expect(first[510..<512] == Data([0x55, 0xAA]))
            #expect(first[512..<520] == Data("EFI PART".utf8))
            let name = Data("bios".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
            #expect(first[1024 + 56..<1024 + 64] == name)
            try Data(count: 16 << 20).write(to: URL(filePath: path.string))
            try table.write(to: path)
            #expect(try Data(contentsOf: URL(filePath: path.string)) == first)
        }
    }

    @Test("a table of a disk with sectors of 4,096 bytes has its header in the second of them")
    func largeSectors() throws {
        try withDisk(64 << 20) { path in
            try table.write(to: path, sectorSize: 4096)
            let bytes = try Data(contentsOf: URL(filePath: path.string))
            #expect(bytes[4096..<4104] == Data("EFI PART".utf8))
            #expect(bytes[512..<520] != Data("EFI PART".utf8))
        }
    }

    @Test("a table that does not fit is refused with the path")
    func tooSmall() throws {
        try withDisk(2 << 20) { path in
            let error = #expect(throws: PartitionTableError.self) { try table.write(to: path) }
            #expect(error?.subject == path.string)
        }
    }

    @Test("a disk that is not there is refused")
    func missing() {
        #expect(throws: PartitionTableError.self) { try table.write(to: "/nonexistent/disk") }
    }

    @Test("the last partition takes up a disk that has grown; boot code and the other entries stay")
    func extended() throws {
        try withDisk(16 << 20) { path in
            try table.write(to: path)
            let file = try FileHandle(forUpdating: URL(filePath: path.string))
            try file.write(contentsOf: Data(repeating: 0xEB, count: 440))
            try file.truncate(atOffset: 64 << 20)
            let before = try DiskTable(of: path)
            #expect(before.isGPT && before.diskSectors == 131_072 && before.entries.map(\.sectors) == [2048, 8192])
            try DiskTable.extend(path, partition: 2, to: 124_928)
            var expected = before
            expected.entries[1].sectors = 124_928
            #expect(try DiskTable(of: path) == expected)
            try file.seek(toOffset: 0)
            #expect(try file.read(upToCount: 440) == Data(repeating: 0xEB, count: 440))
            try file.seek(toOffset: UInt64(64 << 20) - 512)
            #expect(try file.read(upToCount: 8) == Data("EFI PART".utf8), "the copy is at the new end")
            #expect(throws: PartitionTableError.self) { try DiskTable.extend(path, partition: 2, to: 1 << 30) }
            #expect(throws: PartitionTableError.self) { try DiskTable.extend(path, partition: 9, to: 8) }
        }
    }
}

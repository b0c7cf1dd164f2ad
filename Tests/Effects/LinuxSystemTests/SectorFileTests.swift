import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Sector file")
struct SectorFileTests {
    private static let block = [UInt8](repeating: 35, count: 1024)

    private func file(_ folder: borrowing TemporaryFolder, size: Int) throws -> FilePath {
        try folder.write(String(repeating: "-", count: size), to: "boot.env")
    }

    @Test("a block is written in place and comes back", arguments: ["/tmp", "/dev/shm"])
    func writes(place: String) throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, size: 1024)
        let before = try #require(FileManager.default.attributesOfItem(atPath: path.string)[.systemFileNumber] as? Int)
        try SectorFile.write(Self.block, to: path)
        #expect(try SectorFile.read(path) == Self.block)
        let after = try FileManager.default.attributesOfItem(atPath: path.string)[.systemFileNumber] as? Int
        #expect(after == before)
    }

    @Test("a part of a file is written and the rest stays")
    func offset() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, size: 4096)
        try SectorFile.write([UInt8](repeating: 35, count: 512), at: 1024, to: path)
        let bytes = try SectorFile.read(path)
        #expect(bytes.count == 4096 && bytes[1023] == 45 && bytes[1024] == 35 && bytes[1535] == 35 && bytes[1536] == 45)
    }

    @Test("the size never changes, but half a block is made whole when asked", arguments: [0, 511, 512, 513, 1023])
    func size(_ size: Int) throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, size: size)
        #expect(throws: SystemError.wrongSize(path, size: Int64(size), needed: 1024)) {
            try SectorFile.write(Self.block, to: path)
        }
        #expect(try SectorFile.read(path).count == size)
        if size == 512 {
            try SectorFile.write(Self.block, to: path, growing: true)
            #expect(try SectorFile.read(path) == Self.block)
        } else {
            #expect(throws: SystemError.self) { try SectorFile.write(Self.block, to: path, growing: true) }
        }
    }

    @Test("pieces of sectors and places between them are refused", arguments: [(511, 0), (512, 1), (512, -512)])
    func alignment(count: Int, offset: Int) throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, size: 4096)
        #expect(throws: SystemError.self) {
            try SectorFile.write([UInt8](repeating: 0, count: count), at: Int64(offset), to: path)
        }
    }

    @Test("a file larger than the limit is an error, not cut off")
    func limit() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, size: 5000)
        #expect(throws: SystemError.tooLarge(path, limit: 4999)) { try SectorFile.read(path, limit: 4999) }
        #expect(throws: SystemError.tooLarge(path, limit: 4999)) { try FileBytes.read(path, limit: 4999) }
        #expect(try FileBytes.read(path, limit: 5000).count == 5000)
    }
}

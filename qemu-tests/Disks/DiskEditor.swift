import Foundation
import GrubEnvironment
import JSONText

/// Changes a raw disk from outside, file system by file system, without mounting.
struct DiskEditor: Sendable {
    /// A partition of the disk.
    struct Partition: Sendable {
        /// Its number, from 1.
        let number: Int
        /// Where it begins, in bytes.
        let offset: UInt64
        /// How long it is, in bytes.
        let size: UInt64
    }

    /// The raw disk.
    let path: String

    /// Finds a partition by its GPT name.
    func partition(_ name: String) async throws -> Partition {
        // Of a disk that is larger than its table, sfdisk says so first.
        let said = try await HostCommand.run("sfdisk", ["--json", path]).drop { $0 != "{" }
        let table = try JSONValue(parsing: Array(said.utf8))
        let entries = table["partitiontable"]?["partitions"]?.elements ?? []
        for (index, entry) in entries.enumerated() where entry["name"]?.text == name {
            guard let start = entry["start"]?.integer, let size = entry["size"]?.integer else { break }
            return Partition(number: index + 1, offset: UInt64(start) * 512, size: UInt64(size) * 512)
        }
        throw MachineError("find partition '\(name)' of \(path)", "it is not in the table")
    }

    /// Reads `count` bytes at `offset` of the disk.
    func bytes(at offset: UInt64, count: Int) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: offset)
        return Array(try file.read(upToCount: count) ?? Data())
    }

    /// Writes `bytes` at `offset` of the disk.
    func write(_ bytes: [UInt8], at offset: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
    }
}

/// The FAT file system of the boot partition, by mtools.
extension DiskEditor {
    /// The path of the boot environment in the boot partition.
    static let bootEnvironmentPath = "/lifeboot/boot.env"

    /// Reads a file of the boot partition.
    func bootFile(_ file: String) async throws -> [UInt8] {
        let partition = try await partition("boot")
        return try await withScratchDirectory { directory in
            let copy = "\(directory)/file"
            try await HostCommand.run("mcopy", ["-n", "-i", "\(path)@@\(partition.offset)", "::\(file)", copy])
            return Array(FileManager.default.contents(atPath: copy) ?? Data())
        }
    }

    /// Replaces a file of the boot partition, or makes it.
    func setBootFile(_ file: String, to bytes: [UInt8]) async throws {
        let partition = try await partition("boot")
        try await withScratchDirectory { directory in
            let copy = "\(directory)/file"
            _ = FileManager.default.createFile(atPath: copy, contents: Data(bytes))
            try await HostCommand.run("mcopy", ["-o", "-i", "\(path)@@\(partition.offset)", copy, "::\(file)"])
        }
    }

    /// The sector of the disk where a file of the boot partition begins.
    func sector(ofBootFile file: String) async throws -> UInt64 {
        let partition = try await partition("boot")
        let bytes = try await bootFile(file)
        let data = try self.bytes(at: partition.offset, count: Int(partition.size))
        let place = Data(data).range(of: Data(bytes))?.lowerBound
        guard let place, place % 512 == 0 else { throw MachineError("find \(file)", "its bytes are nowhere whole") }
        return (partition.offset + UInt64(place)) / 512
    }

    /// Reads the boot environment, with whatever had to be assumed.
    func bootEnvironment() async throws -> BootEnvironment {
        try BootEnvironment.read(try await bootFile(Self.bootEnvironmentPath)).environment
    }

    /// Changes the boot environment.
    func changeBootEnvironment(_ change: (inout BootEnvironment) -> Void) async throws {
        var environment = try await bootEnvironment()
        change(&environment)
        try await setBootFile(Self.bootEnvironmentPath, to: environment.serialized())
    }
}

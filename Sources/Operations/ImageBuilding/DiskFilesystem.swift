import DiskContract
import Filesystems
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes one ext4 filesystem inside the disk's file and fills it, without mounting and without a second copy.
struct DiskFilesystem {
    let disk: FilePath
    let partition: DiskPartition
    let identity: DiskIdentity
    let tools: DiskTools

    /// Makes the filesystem.
    func make() throws {
        let name = partition.name
        var format = Ext4Format(
            label: name.label, size: partition.size, bytesPerInode: name.bytesPerInode, ground: .zeros)
        format.offset = partition.offset
        format.identifier = identity.filesystem(name)
        format.hashSeed = identity.directoryHash(name)
        try format.make(on: disk, tools: tools.filesystems)
    }

    /// Puts entries on the filesystem, folders before what is in them.
    ///
    /// - Throws: when a name cannot be passed on or debugfs reports anything: its exit status says nothing.
    func fill(_ entries: [DiskEntry], staging: FilePath) throws {
        let script = staging.appending("\(partition.name.rawValue).debugfs")
        let lines = try entries.flatMap { try commands($0) }
        try AtomicFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: script)
        try debugfs(["-w", "-f", script.string])
    }

    /// Fills a file with zeros in blocks that are really there: debugfs makes a hole out of zeros.
    func preallocate(_ path: FilePath, size: Int, staging: FilePath) throws {
        let source = staging.appending("\(partition.name.rawValue).preallocated")
        try AtomicFile.write([UInt8](repeating: 0xFF, count: size), to: source)
        try fill([.file(path, source, 0o644)], staging: staging)
        let blocks = try debugfs(["-R", "blocks \(try Self.quoted(path.string))"]).split { " \n".contains($0) }
        guard blocks.count == (size + Int(Ext4Format.blockSize) - 1) / Int(Ext4Format.blockSize) else {
            throw DiskError.filesystem(partition.name, "\(path) has \(blocks.count) blocks")
        }
        let file = try DiskFile(disk)
        let zeros = [UInt8](repeating: 0, count: Int(Ext4Format.blockSize))
        for block in blocks {
            guard let number = Int64(block), number > 0, number < partition.size / Ext4Format.blockSize else {
                throw DiskError.filesystem(partition.name, "debugfs names the block \(block) of \(path)")
            }
            try file.write(zeros, at: partition.offset + number * Ext4Format.blockSize)
        }
    }

    /// Runs debugfs on the filesystem and returns what it printed.
    @discardableResult
    private func debugfs(_ arguments: [String]) throws -> String {
        let outcome = try tools.run("debugfs", arguments + ["\(disk)?offset=\(partition.offset)"])
        let complaints = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("debugfs 1.") }
        if let first = complaints.first { throw DiskError.filesystem(partition.name, String(first)) }
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    /// The commands of debugfs that make one entry, owned by root.
    private func commands(_ entry: DiskEntry) throws -> [String] {
        let path = try Self.quoted(entry.path.string)
        switch entry {
        case .directory: return ["mkdir \(path)"]
        case .file(_, let source, let mode):
            return [
                "write \(try Self.quoted(source.string)) \(path)",
                "set_inode_field \(path) mode 0\(String(0o100000 | mode, radix: 8))",
                "set_inode_field \(path) uid 0", "set_inode_field \(path) gid 0",
            ]
        case .link(_, let text): return ["symlink \(path) \(try Self.quoted(text))"]
        }
    }

    /// Quotes a word for debugfs, where a quote is doubled and nothing protects a line break.
    static func quoted(_ text: String) throws -> String {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 }) else {
            throw DiskError.file(FilePath(text), "its name holds control characters")
        }
        return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}

/// Runs the programs that make disks, with everything fixed that could make two runs differ.
struct DiskTools {
    /// The time of every file, in seconds since 1970.
    let time: Int64

    /// The same for filesystems.
    var filesystems: FilesystemTools { FilesystemTools(time: time) }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: when it cannot be found, or its exit status is not zero.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> ChildProcess.Outcome {
        try filesystems.run(program, arguments)
    }
}

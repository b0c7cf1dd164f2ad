import Foundation

/// An ext4 partition of a replayed disk after what a mount does first: its journal is carried out.
///
/// What e2fsprogs changes is kept in undo files and taken back afterwards.
struct JournalReplay {
    let disk: ReplayedDisk
    let partition: DiskEditor.Partition
    /// An empty directory for the undo files.
    let scratch: String

    private var device: String { "\(disk.path)?offset=\(partition.offset)" }

    /// Carries out the journal, lets `body` look at the filesystem, and takes everything back.
    ///
    /// `body` gets what is wrong with the filesystem.
    func run<Result>(_ body: ([String]) async throws -> Result) async throws -> Result {
        var undo: [String] = []
        var problems: [String] = []
        if try field(0x60) & 4 != 0 {
            undo.append(try await debugfs())
        }
        if try field(0xE8) != 0 {
            let (file, complaints) = try await clearOrphans()
            undo.append(file)
            problems += complaints
        }
        problems += try await check()
        let result = try await body(problems)
        for file in undo.reversed() {
            guard FileManager.default.fileExists(atPath: file) else { continue }
            try await HostCommand.run("e2undo", ["-f", "-o", String(partition.offset), file, disk.path])
            try FileManager.default.removeItem(atPath: file)
        }
        return result
    }

    /// A field of the superblock: 0x60 says whether there is a journal to carry out, 0xE8 is the first orphaned inode.
    private func field(_ place: UInt64) throws -> UInt32 {
        try disk.read(at: partition.offset + 1_024 + place, count: 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The journal alone, nothing repaired: e2fsck would do more than the kernel.
    private func debugfs() async throws -> String {
        let undo = "\(scratch)/journal.undo"
        try await HostCommand.run("debugfs", ["-w", "-z", undo, "-R", "journal_run", device])
        return undo
    }

    /// Deletes files that had lost their last name, as the kernel does at each mount; nothing else may be repaired.
    private func clearOrphans() async throws -> (undo: String, problems: [String]) {
        let undo = "\(scratch)/orphans.undo"
        let (_, output) = try await HostCommand.outcome(of: "e2fsck", ["-p", "-z", undo, device])
        let expected = ["Clearing orphaned inode", "clean, ", "Overwriting existing", "e2undo ", "Truncating orphaned"]
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        let other = lines.filter { line in !line.isEmpty && !expected.contains { line.contains($0) } }
        return (undo, other.map { "e2fsck repaired: \($0)" })
    }

    private func check() async throws -> [String] {
        let (status, output) = try await HostCommand.outcome(of: "e2fsck", ["-fn", device])
        guard status != 0 else { return [] }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return ["e2fsck: \(lines.filter { !$0.hasPrefix("Pass") && !$0.hasPrefix("e2fsck 1") }.joined(separator: "; "))"]
    }
}

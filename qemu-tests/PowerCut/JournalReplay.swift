import Foundation

/// An ext4 partition in a file of its own after what a mount does first: its journal is carried out.
///
/// e2fsprogs does it, on a file of its own because it loses a partition's offset on the way. What it writes is watched by
/// strace and taken back afterwards.
struct JournalReplay {
    /// The partition.
    let mirror: ReplayedDisk
    /// The disk to which the partition belongs, which nothing but the log changes.
    let disk: ReplayedDisk
    /// Where the partition begins on the disk.
    let offset: UInt64
    /// A directory for notes.
    let scratch: String

    /// Carries out the journal, lets `body` look at the filesystem, and takes everything back.
    ///
    /// `body` gets what is wrong with the filesystem.
    func run<Result>(_ body: ([String]) async throws -> Result) async throws -> Result {
        var written: [Range<UInt64>] = []
        var problems: [String] = []
        if try field(0x60) & 4 != 0 {
            // The journal alone. debugfs would read the bitmaps first, which the kernel does not, and they may be torn.
            let (ranges, output) = try await watch("e2fsck", ["-y", "-E", "journal_only", mirror.path])
            let complaints = Self.complaints(output, besides: [": recovering journal"] + Self.orphans)
            if complaints.isEmpty { written += ranges } else { written += try await preen(after: ranges, &problems) }
        }
        if try field(0xE8) != 0 {
            let (ranges, output) = try await watch("e2fsck", ["-p", mirror.path])
            written += ranges
            problems += Self.complaints(output, besides: [": clean, "] + Self.orphans)
        }
        problems += try await check()
        let result = try await body(problems)
        // The superblock is written by other calls than the blocks are.
        if !written.isEmpty { try mirror.restore(written + [0..<4_096], from: disk, at: offset) }
        return result
    }

    /// Carries out the journal of a filesystem that was just growing.
    ///
    /// Its superblock may be there, and what it says of new groups still in the journal alone. The kernel, which mounts
    /// both stores read-only, says so and goes on; of e2fsck's ways only this one does.
    private func preen(
        after ranges: [Range<UInt64>], _ problems: inout [String]
    ) async throws -> [Range<UInt64>] {
        try mirror.restore(ranges + [0..<4_096], from: disk, at: offset)
        let (written, output) = try await watch("e2fsck", ["-p", mirror.path])
        problems += Self.complaints(output, besides: [": recovering journal", ": clean, "] + Self.orphans)
        return written
    }

    /// What is said of files that had lost their last name; the kernel deletes them at each mount, too.
    private static let orphans = ["Clearing orphaned", "Truncating orphaned"]

    /// A field of the superblock: 0x60 says whether there is a journal to carry out, 0xE8 is the first orphaned inode.
    private func field(_ place: UInt64) throws -> UInt32 {
        try mirror.read(at: 1_024 + place, count: 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Runs a program and says which bytes of the file it wrote.
    private func watch(_ program: String, _ arguments: [String]) async throws -> ([Range<UInt64>], [UInt8]) {
        let trace = "\(scratch)/trace"
        let calls = ["-e", "trace=pwrite64,fallocate,ftruncate", "-e", "signal=none", "-s", "0"]
        let (_, output) = try HostCommand.outcome(
            of: "strace", ["-f", "-qq", "--seccomp-bpf"] + calls + ["-o", trace, program] + arguments)
        let text = try String(contentsOfFile: trace, encoding: .utf8)
        let ranges = try text.split(separator: "\n").map { line -> Range<UInt64> in
            let numbers = line.split { !$0.isNumber }.compactMap { UInt64($0) }
            // Process, "64", descriptor, bytes, place, result.
            guard line.contains(" pwrite64("), numbers.count == 6 else {
                throw MachineError("watch \(program)", "it did '\(line)'")
            }
            return numbers[4]..<numbers[4] + numbers[3]
        }
        return (ranges, output)
    }

    /// The lines of a program that say more than is expected.
    private static func complaints(_ output: [UInt8], besides expected: [String]) -> [String] {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.filter { line in
            !line.hasPrefix("e2fsck 1.") && !expected.contains { line.contains($0) }
        }
    }

    private func check() async throws -> [String] {
        let (status, output) = try HostCommand.outcome(of: "e2fsck", ["-fn", mirror.path])
        guard status != 0 else { return [] }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        let complaints = lines.filter { !$0.hasPrefix("Pass") && !$0.hasPrefix("e2fsck 1") }
        return ["e2fsck: \(complaints.joined(separator: "; "))"]
    }
}

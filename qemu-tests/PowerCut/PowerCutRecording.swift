import Foundation
import ImageModel

/// The disk before an operation and everything that was written to it.
struct PowerCutRecording: Sendable {
    /// What the guest writes into an unused sector of its disk, so that the log shows when things were done.
    enum Mark: String, CaseIterable, Sendable {
        /// The operation begins.
        case begin
        /// It has said that it is done.
        case done
        /// Nothing of it is left to be written.
        case end
    }

    /// A sector between the partition table and the first partition.
    private static let markSector: UInt64 = 64
    private static let markPrefix = "lifeboot power cut "

    /// Where disk, log and notes are kept.
    let directory: String
    /// The disk as it was when the log began, raw.
    var base: String { "\(directory)/base.raw" }
    /// The log.
    let log: BlockLog

    /// Opens a recording that was kept.
    init(in directory: String) throws {
        self.directory = directory
        log = try BlockLog(contentsOf: "\(directory)/writes.log")
    }

    /// Does an operation in a guest and records it.
    init(
        of operation: PowerCutOperation, on system: InstalledSystem, in directory: String
    ) async throws {
        let disk = try await system.disk(in: directory) { _ in }
        try await HostCommand.run("qemu-img", ["convert", "-O", "raw", disk.path, "\(directory)/base.raw"])
        var configuration = GuestConfiguration(disks: [disk])
        configuration.blockLog = "\(directory)/writes.log"
        if operation.hasOtherDisk { configuration.disks.append(try await system.otherDisk(in: directory)) }
        try await withGuest(configuration) { guest in
            if operation.role == .recovery {
                try await guest.waitForBoot(role: .recovery)
            } else {
                try await guest.waitForHealthy(role: operation.role)
            }
            try await guest.output(of: operation.preparation, within: .seconds(operation.limit))
            if !operation.includesBoot { try await guest.output(of: Self.command(.begin)) }
            try await guest.output(of: operation.command, within: .seconds(operation.limit))
            try await guest.output(of: Self.command(.done))
            try await guest.output(of: Self.command(.end))
            try await guest.endMachine()
        }
        try self.init(in: directory)
    }

    /// Compares the guest's disk at the end with what the replay makes of the log: nothing may have been left out.
    func check() async throws {
        let disk = "\(directory)/disk.qcow2"
        guard FileManager.default.fileExists(atPath: disk) else { return }
        let copy = "\(directory)/whole.raw"
        try await copyBase(to: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let end = PowerCut(number: 0, durable: log.entries.count, end: log.entries.count, arrivals: [])
        try ReplayedDisk(at: copy, log: log).bring(to: end)
        try await HostCommand.run("qemu-img", ["compare", "-q", "-F", "qcow2", copy, disk])
    }

    /// Copies the disk without its holes.
    func copyBase(to path: String) async throws {
        try await HostCommand.run("cp", ["--sparse=always", base, path])
    }

    /// Copies one partition of the disk without its holes.
    func copyBase(_ partition: DiskEditor.Partition, to path: String) async throws {
        let place = ["bs=1M", "iflag=skip_bytes,count_bytes", "skip=\(partition.offset)", "count=\(partition.size)"]
        try await HostCommand.run("dd", ["if=\(base)", "of=\(path)", "conv=sparse", "status=none"] + place)
        try await HostCommand.run("truncate", ["-s", String(partition.size), path])
    }

    /// The entry that is a mark; nil when there is none.
    func entry(of mark: Mark) -> Int? {
        let text = Data((Self.markPrefix + mark.rawValue + "\n").utf8)
        return log.entries.firstIndex { entry in
            entry.kind == .write && entry.offset == Self.markSector * 512 && log.data(of: entry).starts(with: text)
        }
    }

    /// What the operation itself did, without the marks and the flush that each brings.
    var operationEntries: ArraySlice<BlockLog.Entry> {
        let begin = entry(of: .begin).map { $0 + 2 } ?? 0
        let done = entry(of: .done) ?? log.entries.count
        return log.entries[min(begin, done)..<done]
    }

    /// The entries of the operation: what comes before is taken as done.
    var window: Range<Int> {
        let begin = entry(of: .begin) ?? 0
        let end = entry(of: .end) ?? log.entries.count
        return min(begin, end)..<end
    }

    /// The shell command that makes a mark, past all caches; before the last one everything is written out.
    private static func command(_ mark: Mark) -> String {
        let sync = mark == .done ? "" : "sync; "
        return "\(sync)(echo '\(markPrefix)\(mark.rawValue)'; head -c 512 /dev/zero) | head -c 512 | "
            + "dd of=/dev/vda bs=512 seek=\(markSector) iflag=fullblock oflag=direct,dsync conv=notrunc status=none"
    }
}

import Foundation
import GrubEnvironment
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

    /// What becomes of an expandable disk.
    private static let settings = "{recovery: 350M, state: 700M}\n"
    private static let expandedSize = 1_400 << 20

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
        var registry: TestRegistry?
        if !operation.releases.isEmpty { registry = try await Self.registry(for: operation, system, in: directory) }
        let disk =
            if operation.isExpandable {
                try await system.expandableDisk(
                    in: directory, settings: Self.settings, oem: InstalledSystem.unattended, size: Self.expandedSize)
            } else {
                try await system.disk(in: directory) { disk in
                    try await registry?.configure(disk)
                    if operation.role != .active { try await disk.changeBootEnvironment { $0.next = operation.role } }
                }
            }
        try await HostCommand.run("qemu-img", ["convert", "-O", "raw", disk.path, "\(directory)/base.raw"])
        var configuration = GuestConfiguration(disks: [disk])
        configuration.blockLog = "\(directory)/writes.log"
        configuration.hasNetwork = registry != nil
        if operation.hasOtherDisk { configuration.disks.append(try await system.otherDisk(in: directory)) }
        try await withGuest(configuration) { guest in
            try await Self.perform(operation, in: guest, registry: registry?.guestName ?? "-")
        }
        try await registry?.stop()
        try self.init(in: directory)
    }

    /// Starts a registry with the releases of an operation.
    private static func registry(
        for operation: PowerCutOperation, _ system: InstalledSystem, in directory: String
    ) async throws -> TestRegistry {
        let registry = try await TestRegistry(.plain, in: directory)
        try await registry.start()
        for release in operation.releases {
            try await registry.publish(system.image(release), as: "os:\(release)", signedIn: system)
        }
        return registry
    }

    /// Does the operation between its marks, and ends the machine.
    private static func perform(_ operation: PowerCutOperation, in guest: Guest, registry: String) async throws {
        if operation.role == .recovery {
            try await guest.waitForBoot(role: .recovery)
        } else {
            try await guest.waitForHealthy(role: operation.role)
            // It comes after a healthy boot, and for a moment holds the partition that preparations mount.
            try await guest.waitForRecoveryUpgrade()
        }
        let limit = Duration.seconds(operation.limit)
        let known = "export REGISTRY=\(registry)\n"
        if !operation.releases.isEmpty { try await guest.output(of: known + reachRegistry, within: limit) }
        try await guest.output(of: known + operation.preparation, within: limit)
        if !operation.includesBoot { try await guest.output(of: command(.begin)) }
        try await guest.output(of: known + operation.command, within: limit)
        try await guest.output(of: command(.done))
        try await guest.output(of: command(.end))
        try await guest.endMachine()
    }

    /// Waits until the network is up: no role waits for it by itself.
    private static let reachRegistry = """
        systemctl start systemd-networkd.service
        for ((i = 0; i < 600; i++)); do
            (exec 3<>/dev/tcp/${REGISTRY%:*}/${REGISTRY#*:}) 2>/run/network && exit 0
            sleep 0.1
        done
        cat /run/network
        exit 1
        """

    /// Compares the guest's disk at the end with what the replay makes of the log: nothing may have been left out.
    func check() async throws {
        for (name, format) in [("disk.qcow2", "qcow2"), ("expandable.raw", "raw")] {
            let disk = "\(directory)/\(name)"
            guard FileManager.default.fileExists(atPath: disk) else { continue }
            _ = try await withEnd { try await HostCommand.run("qemu-img", ["compare", "-q", "-F", format, $0, disk]) }
        }
    }

    /// Where the partitions are once the operation is done.
    func places() async throws -> DiskPlaces {
        if let places = try? await DiskPlaces(of: base) { return places }
        return try await withEnd { try await DiskPlaces(of: $0) }
    }

    /// Hands over a copy of the disk on which the whole log was carried out.
    private func withEnd<Result: Sendable>(_ body: (String) async throws -> Result) async throws -> Result {
        try await withScratchDirectory { scratch in
            let copy = "\(scratch)/whole.raw"
            try await copyBase(to: copy)
            let end = PowerCut(number: 0, durable: log.entries.count, end: log.entries.count, arrivals: [])
            try ReplayedDisk(at: copy, log: log).bring(to: end)
            return try await body(copy)
        }
    }

    /// Copies the disk without its holes.
    func copyBase(to path: String) async throws {
        try HostCommand.finish("cp", ["--sparse=always", base, path])
    }

    /// Copies one partition of the disk without its holes.
    func copyBase(_ partition: DiskEditor.Partition, to path: String) async throws {
        let place = ["bs=1M", "iflag=skip_bytes,count_bytes", "skip=\(partition.offset)", "count=\(partition.size)"]
        try HostCommand.finish("dd", ["if=\(base)", "of=\(path)", "conv=sparse", "status=none"] + place)
        try HostCommand.finish("truncate", ["-s", String(partition.size), path])
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

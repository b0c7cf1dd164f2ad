package import BootModel
import DiskContract
import LinuxSystem
package import SystemPackage

/// Reads and appends to the ring of boot records on a partition.
///
/// The file is preallocated; a record is one write of 1,024 bytes in place, so a cut loses at most the record being
/// written (its checksum fails) and never touches the file system's structure.
package struct HistoryStore: Sendable {
    /// Where the partition is mounted; read-only but for the moment of a write.
    package let mountPoint: FilePath

    /// Names a mounted partition.
    package init(mountPoint: FilePath) { self.mountPoint = mountPoint }

    private var path: FilePath { mountPoint.appending(DiskFiles.history.components) }

    /// Reads the ring.
    ///
    /// - Throws: `SystemError` when the file cannot be read.
    package func read() throws -> BootHistory {
        BootHistory(parsing: try FileBytes.read(path, limit: 16 * BootHistory.fileSize))
    }

    /// Appends a record; the partition is made writable meanwhile, and as it was again whatever happens.
    ///
    /// - Throws: `SystemError` when the partition or the file cannot be written.
    package func append(_ record: HistoryRecord) throws {
        guard let write = try read().appending(record) else { return }
        let isShared = try isWritable()
        try Mount.remount(mountPoint, readOnly: false)
        do { try SectorFile.write(write.bytes, at: Int64(write.offset), to: path) } catch {
            try? protect(keepingFilesystem: isShared)
            throw error
        }
        try protect(keepingFilesystem: isShared)
    }

    /// Whether the filesystem is writable already, because an upgrade writes to it by a mount of its own.
    private func isWritable() throws -> Bool {
        let mount = try Procfs.mounts().last { $0.target == mountPoint }
        return mount?.superOptions.contains("rw") ?? false
    }

    /// Makes the mount read-only, and the filesystem too unless somebody else writes to it.
    private func protect(keepingFilesystem: Bool) throws {
        if keepingFilesystem { try Mount.protect(mountPoint) } else { try Mount.remount(mountPoint, readOnly: true) }
    }
}

extension HistoryRecord {
    /// Merges the records of both partitions, newest first.
    ///
    /// Each ring is in order by itself; between the rings only the clock can tell, and a clock may be wrong, so the order
    /// within a ring is never changed. Of two records of one boot the one that knows more stays.
    package static func merged(_ state: BootHistory, _ recovery: BootHistory) -> [HistoryRecord] {
        var left = state.all.map(\.record)[...]
        var right = recovery.all.map(\.record)[...]
        var merged: [HistoryRecord] = []
        while let record = takeNewest(&left, &right) {
            guard let boot = record.boot, let place = merged.firstIndex(where: { $0.boot?.bootID == boot.bootID })
            else {
                merged.append(record)
                continue
            }
            if merged[place].boot?.outcome == .booted { merged[place] = record }
        }
        return merged
    }

    /// Reads and merges the records of both partitions; what could not be read is a problem.
    package static func merged(
        _ machine: borrowing some RecordAccess & ~Copyable
    ) -> (records: [HistoryRecord], problems: [String]) {
        var problems: [String] = []
        var histories: [BootHistory] = []
        for store in Store.allCases {
            do { histories.append(try machine.history(on: store)) } catch {
                problems.append("the boot history on the \(store) partition: \(error)")
                histories.append(BootHistory(parsing: []))
            }
        }
        return (merged(histories[0], histories[1]), problems)
    }

    private static func takeNewest(
        _ left: inout ArraySlice<HistoryRecord>, _ right: inout ArraySlice<HistoryRecord>
    ) -> HistoryRecord? {
        guard let first = left.last else { return right.popLast() }
        guard let second = right.last, second.time > first.time else { return left.popLast() }
        return right.popLast()
    }
}

extension BootRecord {
    /// Merges the records of boots on both partitions, newest first; see `HistoryRecord.merged`.
    package static func merged(_ state: BootHistory, _ recovery: BootHistory) -> [BootRecord] {
        HistoryRecord.merged(state, recovery).compactMap(\.boot)
    }

    /// Reads and merges the records of boots on both partitions; what could not be read is a problem.
    package static func merged(
        _ machine: borrowing some RecordAccess & ~Copyable
    ) -> (boots: [BootRecord], problems: [String]) {
        let (records, problems) = HistoryRecord.merged(machine)
        return (records.compactMap(\.boot), problems)
    }
}

extension RecordAccess where Self: ~Copyable {
    /// Adds a record on the state partition, else on recovery's; lifeboot-init does the same.
    ///
    /// - Throws: the error of the recovery partition when neither can be written.
    package mutating func append(_ record: HistoryRecord) throws {
        do { try append(record, on: .state) } catch { try append(record, on: .recovery) }
    }

    /// Adds the record of a boot.
    ///
    /// - Throws: as for any record.
    package mutating func append(_ record: BootRecord) throws { try append(.boot(record)) }
}

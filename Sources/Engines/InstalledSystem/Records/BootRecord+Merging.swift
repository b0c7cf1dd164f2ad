package import BootModel
import DiskContract

extension BootRecord {
    /// Merges the records of both partitions, newest first.
    ///
    /// Each ring is in order by itself; between the rings only the clock can tell, and a clock may be wrong, so the order
    /// within a ring is never changed. Of two records of one boot the one that knows more stays.
    package static func merged(_ state: BootHistory, _ recovery: BootHistory) -> [BootRecord] {
        var left = state.entries.map(\.record)[...]
        var right = recovery.entries.map(\.record)[...]
        var merged: [BootRecord] = []
        while let record = takeNewest(&left, &right) {
            if let place = merged.firstIndex(where: { $0.bootID == record.bootID }) {
                if merged[place].outcome == .booted { merged[place] = record }
            } else {
                merged.append(record)
            }
        }
        return merged
    }

    /// Reads and merges the records of both partitions; what could not be read is a problem.
    package static func merged(
        _ machine: borrowing some RecordAccess & ~Copyable
    ) -> (boots: [BootRecord], problems: [String]) {
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
        _ left: inout ArraySlice<BootRecord>, _ right: inout ArraySlice<BootRecord>
    ) -> BootRecord? {
        guard let first = left.last else { return right.popLast() }
        guard let second = right.last, second.time > first.time else { return left.popLast() }
        return right.popLast()
    }
}

extension RecordAccess where Self: ~Copyable {
    /// Adds a record on the state partition, else on recovery's; lifeboot-init does the same.
    ///
    /// - Throws: the error of the recovery partition when neither can be written.
    package mutating func append(_ record: BootRecord) throws {
        do { try append(record, on: .state) } catch { try append(record, on: .recovery) }
    }
}

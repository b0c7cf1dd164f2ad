package import BootModel
import GrubEnvironment

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
    package static func merged(_ machine: some MachineAccess) -> (boots: [BootRecord], problems: [String]) {
        var problems: [String] = []
        let histories = [FoundImage.Place.state, .recovery].map { place in
            do { return try machine.history(on: place) } catch {
                problems.append("the boot history on the \(place) partition: \(error)")
                return BootHistory(parsing: [])
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

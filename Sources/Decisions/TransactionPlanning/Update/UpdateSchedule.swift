package import ReleaseModel

/// When a machine has its turn: its place in the interval, or in the window.
package struct UpdateSchedule: Equatable, Sendable {
    private static let (day, week): (Int64, Int64) = (86_400, 7)
    /// The first failure is followed by another try after so long, each further one after twice as long.
    static let firstRetry: Int64 = 900
    /// No try is later than that after a failure.
    static let lastRetry: Int64 = 86_400

    private let policy: UpdatePolicy
    private let machineID: String
    /// What the machine's own time is ahead of UTC, in seconds.
    private let offset: Int64

    /// One time that the window is open, in seconds since 1970.
    package struct Opening: Equatable, Sendable {
        /// When it opens.
        package var start: Int64
        /// When it is shut.
        package var end: Int64
        /// From when on this machine does something.
        package var turn: Int64
    }

    /// Takes what decides.
    ///
    /// - Parameter offset: what the machine's own time is ahead of UTC now.
    package init(_ policy: UpdatePolicy, machineID: String, offset: Int64) {
        self.policy = policy
        self.machineID = machineID
        self.offset = offset
    }

    /// How long it is from one look to the next.
    var interval: Int64 { Int64(policy.interval) * 3_600 }

    /// When the channel is asked again after it was asked.
    func next(after last: Int64) -> Int64 {
        guard policy.window != nil else { return slot(after: last) }
        // The turn in a later window is not exactly an interval later.
        return turn(from: last + interval - min(interval / 2, Self.day / 2))
    }

    /// When it is asked again after so many failures in a row.
    func retry(after last: Int64, failures: Int) -> Int64 {
        let doublings = min(max(0, failures - 1), 10)
        let delay = min(Self.firstRetry << Int64(doublings), Self.lastRetry)
        // Who failed together does not come back together.
        return turn(from: last + delay + MachineSpread.place(of: machineID, in: delay / 2))
    }

    /// The first moment from then on in which this machine may do something.
    package func turn(from time: Int64) -> Int64 {
        guard policy.window != nil else { return time }
        for opening in openings(around: time) where time < opening.end { return max(time, opening.turn) }
        return time + Self.week * Self.day
    }

    /// The openings of the window that are not over at a time, the first one first; a week of them.
    package func openings(around time: Int64) -> [Opening] {
        guard let window = policy.window else { return [] }
        let today = (time + offset).flooredQuotient(Self.day)
        let length = 60 * Int64(window.length)
        // Those at the end of it would be cut off by its end.
        let place = MachineSpread.place(of: machineID, in: length * 3 / 4)
        return (today - 1...today + Self.week + 1).compactMap { day in
            let start = day * Self.day + 60 * Int64(window.opening) - offset
            guard policy.days.contains(Self.name(of: day)), start + length > time else { return nil }
            return Opening(start: start, end: start + length, turn: start + place)
        }
    }

    /// The first of January 1970 was a Thursday.
    private static func name(of day: Int64) -> UpdatePolicy.Day {
        let index = Int(day + 3 - (day + 3).flooredQuotient(week) * week)
        return UpdatePolicy.Day.allCases[index]
    }

    /// The first of this machine's places in the intervals that is later.
    private func slot(after time: Int64) -> Int64 {
        let place = MachineSpread.place(of: machineID, in: interval)
        return ((time - place).flooredQuotient(interval) + 1) * interval + place
    }
}

extension Int64 {
    /// The quotient, rounded down also below zero.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

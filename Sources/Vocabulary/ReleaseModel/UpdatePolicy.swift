/// Says when a machine that nobody watches looks for upgrades, and when it restarts for them; the key `update` of the
/// configuration.
package struct UpdatePolicy: Equatable, Sendable {
    /// When it restarts to start what an upgrade made active.
    package enum Reboot: String, CaseIterable, Sendable {
        /// Never by itself.
        case never
        /// Within the window.
        case window
        /// As soon as there is something to start.
        case always
    }

    /// The days of the week, in their order from Monday on.
    package enum Day: String, CaseIterable, Sendable {
        case monday = "mon"
        case tuesday = "tue"
        case wednesday = "wed"
        case thursday = "thu"
        case friday = "fri"
        case saturday = "sat"
        case sunday = "sun"
    }

    /// The hours that `interval` takes: an hour to a month.
    package static let intervals = 1...744

    /// The hours from one look to the next (`interval`).
    package var interval = 24
    /// When it looks and restarts; nil for any time (`window`).
    package var window: UpdateWindow?
    /// The days on which the window opens (`days`).
    package var days = Set(Day.allCases)
    /// When it restarts (`reboot`).
    package var reboot = Reboot.never

    /// The policy of a machine without a configuration.
    package init() {}
}

/// A part of each day in the machine's own time, also over midnight.
package struct UpdateWindow: Equatable, Sendable, CustomStringConvertible {
    /// The shortest one, in minutes: a unit asks every quarter of an hour what there is to do.
    package static let minimum = 30
    /// What every text of a window matches.
    package static let pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
    private static let day = 1_440

    /// The minute of the day at which it opens.
    package let opening: Int
    /// How many minutes it is open.
    package let length: Int

    /// Reads `HH:MM-HH:MM`.
    ///
    /// - Throws: `UpdateWindowError` for another form, and for a window that is too short to be met.
    package init(parsing text: String) throws(UpdateWindowError) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let opening = Self.minute(ends[0]), let closing = Self.minute(ends[1]) else {
            throw UpdateWindowError(description: "'\(text)' is no window; write 02:00-05:00")
        }
        self.opening = opening
        length = (closing - opening + Self.day) % Self.day
        guard length >= Self.minimum else {
            throw UpdateWindowError(description: "the window '\(text)' is shorter than \(Self.minimum) minutes")
        }
    }

    private static func minute(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hour, minute) = (10 * digits[0] + digits[1], 10 * digits[2] + digits[3])
        return hour < 24 && minute < 60 ? 60 * hour + minute : nil
    }

    /// As it is written.
    package var description: String {
        [opening, (opening + length) % Self.day].map { minute in
            let (hours, minutes) = ("\(minute / 60)", "\(minute % 60)")
            return (hours.count < 2 ? "0" : "") + hours + ":" + (minutes.count < 2 ? "0" : "") + minutes
        }.joined(separator: "-")
    }
}

/// Says what is wrong with a window, and what to write.
package struct UpdateWindowError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One line.
    package let description: String
}

/// Spreads machines over a time, so that they do not all ask at once.
///
/// A machine has the same place each time: whoever runs it knows when to look.
package enum MachineSpread {
    /// The seconds after its beginning at which a machine has its place in a time.
    ///
    /// - Parameters:
    ///   - machineID: the machine's id (machine-id(5)).
    ///   - seconds: how long the time is.
    package static func place(of machineID: String, in seconds: Int64) -> Int64 {
        guard seconds > 0 else { return 0 }
        return Int64(MachineShare.hash(Array(machineID.utf8) + [0] + Array("update".utf8)) % UInt64(seconds))
    }
}

/// Holds a moment in whole seconds since 1970 and spells it as RFC 3339 in UTC, `2026-11-23T11:45:29Z`.
package struct UTCTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Moments that have a four-digit year: 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    package static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
    package let seconds: Int64

    /// Takes seconds since 1970; nil outside `range`.
    package init?(seconds: Int64) {
        guard Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// Reads exactly the form of `description`; nil for anything else, such as another zone or 30 February.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 else { return nil }
        let number: (Range<Int>) -> Int64? = { range in
            guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second)
        guard description == text else { return nil }
    }

    /// Orders by time.
    package static func < (left: UTCTime, right: UTCTime) -> Bool { left.seconds < right.seconds }

    /// The moment as `YYYY-MM-DDThh:mm:ssZ`.
    package var description: String {
        let days = (seconds - Self.remainder(seconds, 86_400)) / 86_400
        let second = Self.remainder(seconds, 86_400)
        let (year, month, day) = Self.date(days: days)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { Self.digits($0, 2) }.joined(separator: ":")
        return "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))T\(clock)Z"
    }

    private static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }

    // Days from and to civil dates with 400-year eras that begin on 1 March, after Howard Hinnant,
    // "chrono-Compatible Low-Level Date Algorithms".
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year - remainder(year, 400)) / 400
        let yearOfEra = remainder(year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted - remainder(shifted, 146_097)) / 146_097
        let dayOfEra = remainder(shifted, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

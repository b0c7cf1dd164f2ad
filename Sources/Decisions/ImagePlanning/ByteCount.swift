/// Holds a number of bytes, written as a whole number with an optional K, M, G or T.
package struct ByteCount: Equatable, Sendable {
    /// The number.
    package let bytes: Int64

    /// Takes a number of bytes; nil for anything that is not one or does not fit.
    package init?(argument: String) {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int64(unit == nil ? argument : String(argument.dropLast())), number > 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}

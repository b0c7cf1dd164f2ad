/// One moment at which the power goes, and what of the writes since the last flush had got to the medium.
struct PowerCut: Sendable, Equatable, CustomStringConvertible {
    /// A write that was on its way: some of its sectors are there.
    struct Arrival: Sendable, Equatable, CustomStringConvertible {
        /// The entry of the log.
        let entry: Int
        /// The sectors of the write that are there.
        let sectors: Range<Int>
        /// Whether some are missing.
        let isTorn: Bool

        var description: String { isTorn ? "\(entry)[\(sectors)]" : "\(entry)" }
    }

    /// The number under which it is drawn again from the same log and seed.
    let number: Int
    /// All entries before this one are on the medium.
    let durable: Int
    /// The power went after this entry was completed.
    let end: Int
    /// What arrived of the entries from `durable` on, in the order in which it arrived.
    let arrivals: [Arrival]

    var description: String {
        let list = arrivals.map(\.description).joined(separator: ",")
        let what = arrivals.isEmpty ? "nothing" : list
        return "cut \(number): durable before \(durable), cut before \(end), arrived: \(what)"
    }
}

/// The cuts to try on a log: every prefix that ends at a flush, and a seeded sample of what a disk's cache makes of it.
///
/// A disk keeps what a flush made durable, and each forced write once it is complete. Of the other writes since the last
/// flush any may be there or not, in any order, and torn at any sector.
struct CutPoints: Sendable {
    /// The writes between two flushes.
    struct Epoch: Sendable, Equatable {
        /// The entries; the flush that begins the epoch is the one before.
        let entries: Range<Int>
    }

    let log: BlockLog
    let seed: UInt64
    /// The epochs in which something was written, and at the end one that is empty: everything is durable.
    let epochs: [Epoch]
    /// The entries whose number of sectors makes up a draw by entry.
    private let writes: [Int]

    /// Looks at the entries of `window` only.
    init(of log: BlockLog, in window: Range<Int>, seed: UInt64) {
        self.log = log
        self.seed = seed
        var epochs: [Epoch] = []
        var start = window.lowerBound
        for index in window where log.entries[index].isFlush {
            // A request that flushes and writes flushes first.
            if index > start { epochs.append(Epoch(entries: start..<index)) }
            start = log.entries[index].kind == .none ? index + 1 : index
        }
        if window.upperBound > start { epochs.append(Epoch(entries: start..<window.upperBound)) }
        self.epochs = epochs.filter { $0.entries.contains { log.entries[$0].kind != .none } }
        writes = window.filter { log.entries[$0].kind == .write }
    }

    /// One cut at each flush: what was durable then, nothing else; and one at the end of everything.
    var flushBoundaries: [PowerCut] {
        guard let last = epochs.last else { return [] }
        let places = epochs.map(\.entries.lowerBound) + [last.entries.upperBound]
        return places.enumerated().map { number, place in
            PowerCut(number: -1 - number, durable: place, end: place, arrivals: [])
        }
    }

    /// The first `count` drawn cuts.
    func sample(_ count: Int) -> [PowerCut] {
        epochs.isEmpty ? [] : (0..<count).map(drawn)
    }

    /// The cut of that number: negative ones lie at flushes, others are drawn.
    func cut(_ number: Int) -> PowerCut? {
        if number < 0 { return flushBoundaries.first { $0.number == number } }
        return epochs.isEmpty ? nil : drawn(number)
    }

    private func drawn(_ number: Int) -> PowerCut {
        var numbers = CutNumbers(seed: seed, drawing: number)
        let epoch = drawnEpoch(&numbers)
        let end = Int.random(in: epoch.entries, using: &numbers) + 1
        let pending = (epoch.entries.lowerBound..<end).filter { log.entries[$0].kind == .write }
        let chosen = ArrivalDrawing(entries: log.entries, pending: pending).drawn(&numbers)
        return PowerCut(number: number, durable: epoch.entries.lowerBound, end: end, arrivals: chosen)
    }

    /// Half of the draws take any epoch, so that the short ones in which everything is decided come often; the other
    /// half take any write.
    private func drawnEpoch(_ numbers: inout CutNumbers) -> Epoch {
        let any = epochs.randomElement(using: &numbers) ?? Epoch(entries: 0..<1)
        guard numbers.oneIn(2), let write = writes.randomElement(using: &numbers) else { return any }
        return epochs.first { $0.entries.contains(write) } ?? any
    }
}

/// Draws which of the writes on their way arrived.
private struct ArrivalDrawing {
    let entries: [BlockLog.Entry]
    let pending: [Int]

    func drawn(_ numbers: inout CutNumbers) -> [PowerCut.Arrival] {
        let special = pending.randomElement(using: &numbers)
        let way = Int.random(in: 0..<5, using: &numbers)
        var arrivals = pending.compactMap { index -> PowerCut.Arrival? in
            if entries[index].isForced { return whole(index) }
            return switch way {
            case 0: index == special ? torn(index, &numbers) : whole(index)
            case 1: index == special ? nil : whole(index)
            case 2: index == special ? whole(index) : nil
            case 3: index == special ? torn(index, &numbers) : nil
            default: any(index, &numbers)
            }
        }
        // A forced write is the last word on its sectors, so then the order stays.
        if !pending.contains(where: { entries[$0].isForced }) { arrivals.shuffle(using: &numbers) }
        return arrivals
    }

    private func any(_ index: Int, _ numbers: inout CutNumbers) -> PowerCut.Arrival? {
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: nil
        case 1: torn(index, &numbers)
        default: whole(index)
        }
    }

    private func whole(_ index: Int) -> PowerCut.Arrival {
        PowerCut.Arrival(entry: index, sectors: 0..<entries[index].sectors, isTorn: false)
    }

    /// The beginning or the end of a write; one of a single sector cannot be torn, only lost.
    private func torn(_ index: Int, _ numbers: inout CutNumbers) -> PowerCut.Arrival? {
        let count = entries[index].sectors
        guard count > 1 else { return numbers.oneIn(2) ? whole(index) : nil }
        let place = Int.random(in: 1..<count, using: &numbers)
        let sectors = numbers.oneIn(2) ? 0..<place : place..<count
        return PowerCut.Arrival(entry: index, sectors: sectors, isTorn: true)
    }
}

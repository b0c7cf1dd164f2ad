/// Holds positions in a file as sorted ranges that are not empty and neither touch nor overlap.
package struct ByteRanges: Equatable, Sendable {
    /// The ranges in ascending order.
    package private(set) var ranges: [Range<Int>] = []
    /// Number of bytes in all.
    package private(set) var count = 0

    /// Holds nothing.
    package init() {}

    /// Holds these bytes.
    package init(_ ranges: some Sequence<Range<Int>>) { for range in ranges { insert(range) } }

    /// Whether there is nothing.
    package var isEmpty: Bool { ranges.isEmpty }

    /// From the first byte held to behind the last; nil when there is none.
    package var span: Range<Int>? {
        guard let first = ranges.first, let last = ranges.last else { return nil }
        return first.lowerBound..<last.upperBound
    }

    /// Whether all bytes of a range are held; true for an empty one.
    package func contains(_ range: Range<Int>) -> Bool {
        if range.isEmpty { return true }
        let index = firstIndex(endingAfter: range.lowerBound)
        guard index < ranges.count else { return false }
        return ranges[index].lowerBound <= range.lowerBound && range.upperBound <= ranges[index].upperBound
    }

    /// The parts of a range that are held, ascending.
    package func held(in range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var index = firstIndex(endingAfter: range.lowerBound)
        while index < ranges.count, ranges[index].lowerBound < range.upperBound {
            parts.append(ranges[index].clamped(to: range))
            index += 1
        }
        return parts
    }

    /// Number of bytes of a range that are held.
    package func count(in range: Range<Int>) -> Int { held(in: range).reduce(0) { $0 + $1.count } }

    /// The parts of a range that are not held, ascending.
    package func missing(in range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var position = range.lowerBound
        for part in held(in: range) {
            if position < part.lowerBound { parts.append(position..<part.lowerBound) }
            position = part.upperBound
        }
        if position < range.upperBound { parts.append(position..<range.upperBound) }
        return parts
    }

    /// Adds the bytes of a range; those that are held already stay.
    package mutating func insert(_ range: Range<Int>) {
        if range.isEmpty { return }
        // Touching neighbours are joined, hence the search from one byte before.
        let first = firstIndex(endingAtOrAfter: range.lowerBound)
        var (lower, upper, last) = (range.lowerBound, range.upperBound, first)
        while last < ranges.count, ranges[last].lowerBound <= upper {
            lower = min(lower, ranges[last].lowerBound)
            upper = max(upper, ranges[last].upperBound)
            count -= ranges[last].count
            last += 1
        }
        ranges.replaceSubrange(first..<last, with: CollectionOfOne(lower..<upper))
        count += upper - lower
    }

    /// Takes the bytes of a range away; those that are not held are none.
    package mutating func remove(_ range: Range<Int>) {
        let first = firstIndex(endingAfter: range.lowerBound)
        var (rest, last): ([Range<Int>], Int) = ([], first)
        while last < ranges.count, ranges[last].lowerBound < range.upperBound, !range.isEmpty {
            let held = ranges[last]
            if held.lowerBound < range.lowerBound { rest.append(held.lowerBound..<range.lowerBound) }
            if range.upperBound < held.upperBound { rest.append(range.upperBound..<held.upperBound) }
            count -= held.count
            last += 1
        }
        ranges.replaceSubrange(first..<last, with: rest)
        count += rest.reduce(0) { $0 + $1.count }
    }

    private func firstIndex(endingAfter position: Int) -> Int { partition { $0.upperBound > position } }

    private func firstIndex(endingAtOrAfter position: Int) -> Int { partition { $0.upperBound >= position } }

    /// The index of the first range for which a condition holds that holds for all later ones.
    private func partition(_ isAfter: (Range<Int>) -> Bool) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

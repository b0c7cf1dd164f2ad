import PackageModel

/// Orders the versions of one name once, so that looking up a range compares few of them.
struct VersionOrder: Sendable {
    /// The different versions, lowest first.
    private let sorted: [PackageVersion]
    /// For each version given its place among them.
    private let ranks: [Int]

    init(_ versions: [PackageVersion]) {
        let order = versions.indices.sorted { versions[$0].compared(to: versions[$1]) < 0 }
        var sorted: [PackageVersion] = []
        var ranks = [Int](repeating: 0, count: versions.count)
        for index in order {
            if sorted.last.map({ $0.compared(to: versions[index]) != 0 }) ?? true { sorted.append(versions[index]) }
            ranks[index] = sorted.count - 1
        }
        self.sorted = sorted
        self.ranks = ranks
    }

    /// The places, in the order given, of the versions that are in a range.
    func places(in range: VersionRange) -> [Int] {
        if range.conditions.isEmpty { return Array(ranks.indices) }
        let bounds = range.conditions.map { (condition: $0, bound: bound($0.version)) }
        return ranks.indices.filter { index in
            bounds.allSatisfy { condition, bound in
                let isEqual = bound.isThere && ranks[index] == bound.place
                return condition.holds(isEqual ? 0 : ranks[index] < bound.place ? -1 : 1)
            }
        }
    }

    /// The first place whose version is not lower, and whether that one is equal.
    private func bound(_ version: PackageVersion) -> (place: Int, isThere: Bool) {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = low + (high - low) / 2
            if sorted[middle].compared(to: version) < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, low < sorted.count && sorted[low].compared(to: version) == 0)
    }
}

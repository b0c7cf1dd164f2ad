import PackageModel

/// Orders the versions of one name once, so that a range is found by comparing few of them.
struct VersionOrder: Sendable {
    /// The different versions, lowest first.
    private let sorted: [PackageVersion]
    /// For each of them the places that it was given at.
    private let places: [[Int]]

    init(_ versions: [PackageVersion]) {
        var sorted: [PackageVersion] = []
        var places: [[Int]] = []
        for index in versions.indices.sorted(by: { versions[$0].compared(to: versions[$1]) < 0 }) {
            if let last = sorted.last, last.compared(to: versions[index]) == 0 {
                places[places.count - 1].append(index)
            } else {
                sorted.append(versions[index])
                places.append([index])
            }
        }
        self.sorted = sorted
        self.places = places
    }

    /// The places, in their order, of the versions that are in a range.
    func places(in range: VersionRange) -> [Int] {
        var (low, high) = (0, sorted.count)
        var excluded: [Int] = []
        for condition in range.conditions {
            let (place, next) = bounds(condition.version)
            switch condition.comparison {
            case .atLeast: low = max(low, place)
            case .more: low = max(low, next)
            case .atMost: high = min(high, next)
            case .less: high = min(high, place)
            case .equal: (low, high) = (max(low, place), min(high, next))
            case .different: if next > place { excluded.append(place) }
            }
        }
        guard low < high else { return [] }
        return (low..<high).filter { !excluded.contains($0) }.flatMap { places[$0] }.sorted()
    }

    /// The place of the first version that is not lower, and of the first that is higher.
    private func bounds(_ version: PackageVersion) -> (place: Int, next: Int) {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = low + (high - low) / 2
            if sorted[middle].compared(to: version) < 0 { low = middle + 1 } else { high = middle }
        }
        let isThere = low < sorted.count && sorted[low].compared(to: version) == 0
        return (low, isThere ? low + 1 : low)
    }
}

/// Puts numbers into an order in which each comes behind those that it waits for, else the lowest first.
///
/// A megabyte of steps must not hold a boot up, so no step is looked at again for each of the others.
struct StepSequence {
    /// The numbers so far.
    private(set) var order: [Int] = []
    private let waits: [[Int]]
    private var dependents: [[Int]]
    private var missing: [Int]
    private var isDone: [Bool]
    /// Below this all are done, wait for others, or are among the freed.
    private var position = 0
    /// Those below the position that wait for nothing any more, the lowest last.
    private var freed: [Int] = []
    /// Below this all are done.
    private var settled = 0

    /// Takes for each number those that it waits for.
    init(_ waits: [[Int]]) {
        self.waits = waits
        missing = waits.map(\.count)
        isDone = waits.map { _ in false }
        dependents = waits.map { _ in [] }
        for (index, before) in waits.enumerated() { for place in before { dependents[place].append(index) } }
    }

    /// Goes on to the end, or to a circle, whose members are then done, too; nil at the end.
    ///
    /// A circle begins with the one of its members that is met first, and each waits for the next.
    mutating func goOn() -> [Int]? {
        while let next = next() { finish(next) }
        while settled < isDone.count, isDone[settled] { settled += 1 }
        guard settled < isDone.count, let circle = circle(from: settled) else { return nil }
        for member in circle { isDone[member] = true }
        for member in circle.sorted() { finish(member) }
        return circle
    }

    private mutating func next() -> Int? {
        if let lowest = freed.popLast() { return lowest }
        while position < missing.count {
            defer { position += 1 }
            if missing[position] == 0, !isDone[position] { return position }
        }
        return nil
    }

    private mutating func finish(_ index: Int) {
        isDone[index] = true
        order.append(index)
        for dependent in dependents[index].reversed() {
            missing[dependent] -= 1
            if missing[dependent] == 0, dependent < position, !isDone[dependent] { free(dependent) }
        }
    }

    private mutating func free(_ index: Int) {
        var (low, high) = (0, freed.count)
        while low < high {
            let middle = (low + high) / 2
            if freed[middle] > index { low = middle + 1 } else { high = middle }
        }
        freed.insert(index, at: low)
    }

    private func circle(from start: Int) -> [Int]? {
        var path: [Int] = []
        var places: [Int: Int] = [:]
        var last = start
        while places[last] == nil {
            places[last] = path.count
            path.append(last)
            guard let next = waits[last].first(where: { !isDone[$0] }) else { return nil }
            last = next
        }
        return places[last].map { Array(path[$0...]) }
    }
}

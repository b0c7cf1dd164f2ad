/// Orders the steps of one part of a stage.
enum StepOrder {
    /// A step, and what it must come after.
    struct Entry {
        var step: PlannedStep
        /// The name in its file; nil when it has none.
        var ownName: String?
        /// Names of steps.
        var after: [String]
    }

    /// The steps in the order of the files, but for those that must come after others.
    ///
    /// A stable sort: of those that may come next the first of the files does. A step that names one that is not there
    /// is refused, and so are all in a circle.
    static func sorted(_ entries: [Entry]) -> [PlannedStep] {
        var steps = entries.map(\.step)
        guard entries.contains(where: { !$0.after.isEmpty }) else { return steps }
        var waits: [[Int]] = []
        for (index, entry) in entries.enumerated() {
            var before: [Int] = []
            for name in entry.after {
                if let place = place(of: name, entries) {
                    before.append(place)
                } else {
                    steps[index].fate = .refused(
                        "it must come after '\(name)', and no step of this stage has that name")
                }
            }
            waits.append(before)
        }
        return order(&steps, waits)
    }

    /// By the full name, or by the step's own when only one has it.
    private static func place(of name: String, _ entries: [Entry]) -> Int? {
        if let place = entries.firstIndex(where: { $0.step.name == name }) { return place }
        let own = entries.indices.filter { entries[$0].ownName == name }
        return own.count == 1 ? own[0] : nil
    }

    private static func order(_ steps: inout [PlannedStep], _ waits: [[Int]]) -> [PlannedStep] {
        var done: [Int] = []
        var isDone = [Bool](repeating: false, count: steps.count)
        while done.count < steps.count {
            let next = steps.indices.first { !isDone[$0] && waits[$0].allSatisfy { isDone[$0] } }
            guard let index = next ?? steps.indices.first(where: { !isDone[$0] }) else { break }
            if next == nil { refuseCircle(from: index, &steps, waits, isDone) }
            isDone[index] = true
            done.append(index)
        }
        return done.map { steps[$0] }
    }

    /// Refuses the members of the circle that waiting for each other makes of steps; there is one, since none can go on.
    private static func refuseCircle(
        from start: Int, _ steps: inout [PlannedStep], _ waits: [[Int]], _ isDone: [Bool]
    ) {
        var path = [start]
        while let last = path.last, let next = waits[last].first(where: { !isDone[$0] }) {
            if let first = path.firstIndex(of: next) {
                let members = path[first...]
                let names = (members.map { steps[$0].name } + [steps[next].name]).joined(separator: " after ")
                for member in members { steps[member].fate = .refused("steps wait for each other: \(names)") }
                return
            }
            path.append(next)
        }
    }
}

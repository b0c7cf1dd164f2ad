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
        let places = StepPlaces(entries)
        var waits: [[Int]] = []
        for (index, entry) in entries.enumerated() {
            var before: [Int] = []
            for name in entry.after {
                if let place = places[name] {
                    before.append(place)
                } else {
                    steps[index].fate = .refused(
                        "it must come after '\(name)', and no step of this stage has that name")
                }
            }
            waits.append(before)
        }
        var sequence = StepSequence(waits)
        while let circle = sequence.goOn() {
            let names = (circle + circle.prefix(1)).map { steps[$0].name }.joined(separator: " after ")
            for member in circle { steps[member].fate = .refused("steps wait for each other: \(names)") }
        }
        return sequence.order.map { steps[$0] }
    }
}

/// Finds steps by name.
private struct StepPlaces {
    private var full: [String: Int] = [:]
    private var own: [String: [Int]] = [:]

    init(_ entries: [StepOrder.Entry]) {
        for (index, entry) in entries.enumerated() {
            if full[entry.step.name] == nil { full[entry.step.name] = index }
            if let name = entry.ownName { own[name, default: []].append(index) }
        }
    }

    /// By the full name, or by the step's own when only one has it.
    subscript(name: String) -> Int? { full[name] ?? own[name].flatMap { $0.count == 1 ? $0[0] : nil } }
}

/// Says why requests cannot be had together.
package struct SelectionProblem: Equatable, Sendable, CustomStringConvertible {
    /// The most obstacles that are told.
    static let shown = 3

    /// What stands against it, the most telling first; each rules out some ways, together they rule out all.
    package var obstacles: [SelectionObstacle]
    /// The requests that take part.
    package var requests: [PlacedRequest]

    /// Describes a problem.
    package init(_ obstacles: [SelectionObstacle], requests: [PlacedRequest]) {
        self.obstacles = obstacles
        self.requests = requests
    }

    /// Why it cannot be; no full stop.
    package var cause: String {
        guard !obstacles.isEmpty else {
            return "there is no choice with all of "
                + WordList.of(requests.map { "\($0.request) (\($0.origin))" })
        }
        let more = obstacles.count - Self.shown
        return obstacles.prefix(Self.shown).map(\.cause).joined(separator: "; besides, ")
            + (more > 0 ? "; and \(more) more obstacles" : "")
    }

    /// The way out, a sentence.
    package var remedy: String { obstacles.first?.remedy ?? "Leave out one of them." }

    /// Cause and way out.
    package var description: String { "\(cause). \(remedy)" }
}

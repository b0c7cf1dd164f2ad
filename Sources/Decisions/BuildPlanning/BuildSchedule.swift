package import Faults

/// Says why packages cannot be built in any order.
package typealias BuildGraphError = Fault<BuildGraphFault>

/// Names what is wrong between packages.
package enum BuildGraphFault: FaultKind {
    /// Packages need each other to be built.
    case cycle
    /// A package needs one that is not there.
    case missing
    /// Two have one name.
    case twice
}

/// Says which packages can be built now, while others are; it starts nothing itself.
package struct BuildSchedule: Sendable {
    /// A package and what has to be there before it is built.
    package struct Node: Sendable, Equatable {
        /// Its name; no two have the same.
        package var name: String
        /// The names of those that have to be built before.
        package var needs: [String]
        /// Where its file is, for messages.
        package var place: String

        /// Describes a package.
        package init(_ name: String, needs: [String], place: String) {
            (self.name, self.needs, self.place) = (name, needs, place)
        }
    }

    /// How far a package is.
    package enum State: Equatable, Sendable {
        /// It waits for others, or for its turn.
        case waiting
        /// It is being built.
        case running
        /// Its artefact is there.
        case finished
        /// Its artefact would have to be made, and nothing is.
        case postponed
        /// It could not be built.
        case failed
        /// It was not tried, because this one failed.
        case skipped(because: String)
    }

    private var nodes: [Node]
    private var states: [String: State] = [:]

    /// Takes packages in any order.
    ///
    /// - Throws: `BuildGraphError` for a ring, which it names, for a need that is not among them, and for equal names.
    package init(_ nodes: [Node]) throws(BuildGraphError) {
        self.nodes = try Self.ordered(nodes.sorted { $0.name < $1.name })
        for node in nodes { states[node.name] = .waiting }
    }

    /// The packages, each behind all that it needs, otherwise by name.
    package var order: [String] { nodes.map(\.name) }

    /// How far a package is; nil for one that is not there.
    package func state(of name: String) -> State? { states[name] }

    /// Names what a package still waits for.
    package func waits(for name: String) -> [String] {
        nodes.first { $0.name == name }?.needs.filter { states[$0] != .finished } ?? []
    }

    /// Those that wait, in order.
    package var waiting: [String] { order.filter { states[$0] == .waiting } }

    /// Those that are being built and that others wait for, in order.
    package var awaited: [String] {
        let needed = Set(nodes.filter { states[$0.name] == .waiting }.flatMap(\.needs))
        return order.filter { states[$0] == .running && needed.contains($0) }
    }

    /// Whether nothing runs and nothing can be started any more.
    package var isOver: Bool {
        nodes.allSatisfy { states[$0.name] != .running && states[$0.name] != .waiting }
    }

    /// Marks as running what can be built now, so that at most so many do.
    ///
    /// - Returns: those that are to be started.
    package mutating func start(atMost limit: Int) -> [String] {
        var running = states.values.count { $0 == .running }
        var started: [String] = []
        for node in nodes where running < limit && states[node.name] == .waiting {
            guard node.needs.allSatisfy({ states[$0] == .finished || states[$0] == .postponed }) else { continue }
            states[node.name] = .running
            started.append(node.name)
            running += 1
        }
        return started
    }

    /// Passes over one that would be built; those that need it are started all the same, and still wait for it.
    package mutating func postpone(_ name: String) { states[name] = .postponed }

    /// Takes over how one ended; what needs one that failed is not tried.
    package mutating func end(_ name: String, succeeded: Bool) {
        states[name] = succeeded ? .finished : .failed
        guard !succeeded else { return }
        // In order, so that what needs a skipped one is reached behind it.
        var lost: Set<String> = [name]
        for node in nodes where states[node.name] == .waiting && !lost.isDisjoint(with: node.needs) {
            states[node.name] = .skipped(because: name)
            lost.insert(node.name)
        }
    }
}

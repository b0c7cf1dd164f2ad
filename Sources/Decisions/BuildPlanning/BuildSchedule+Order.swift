import DocumentTree
import Faults

extension BuildSchedule {
    /// The most names of a ring that are shown.
    private static let shownOfRing = 12

    /// Puts each behind all that it needs, without recursion: a file may ask for a chain of any length.
    static func ordered(_ nodes: [Node]) throws(BuildGraphError) -> [Node] {
        let byName = try named(nodes)
        var waiting: [String: Int] = [:]
        var needers: [String: [String]] = [:]
        for node in nodes {
            let needs = Set(node.needs)
            waiting[node.name] = needs.count
            for need in needs { needers[need, default: []].append(node.name) }
        }
        var ready = nodes.filter { $0.needs.isEmpty }.map(\.name)[...]
        var result: [Node] = []
        while let name = ready.popFirst() {
            if let node = byName[name] { result.append(node) }
            for needer in (needers[name] ?? []).sorted() {
                waiting[needer, default: 0] -= 1
                if waiting[needer] == 0 { ready.append(needer) }
            }
        }
        guard result.count == nodes.count else { throw ring(among: nodes, byName, besides: Set(result.map(\.name))) }
        return result
    }

    private static func named(_ nodes: [Node]) throws(BuildGraphError) -> [String: Node] {
        var byName: [String: Node] = [:]
        for node in nodes {
            guard let other = byName.updateValue(node, forKey: node.name) else { continue }
            throw BuildGraphError(
                .twice, "ordering the builds", node.name, cause: "it is in \(other.place) and in \(node.place)",
                remedy: "Rename one of them.")
        }
        for node in nodes {
            guard let missing = node.needs.first(where: { byName[$0] == nil }) else { continue }
            let near = byName.keys.sorted().nearest(to: missing).map { "; did you mean \($0)?" } ?? ""
            throw BuildGraphError(
                .missing, "ordering the builds", node.name,
                cause: "\(node.place): its build needs \(missing), which is not there\(near)",
                remedy: "Correct the name, or add the package or the layer that has it.")
        }
        return byName
    }

    /// Follows needs that are left from the first of those that could not be placed, until one comes again.
    private static func ring(
        among nodes: [Node], _ byName: [String: Node], besides placed: Set<String>
    ) -> BuildGraphError {
        var path: [String] = []
        var places: [String: Int] = [:]
        var next = nodes.first { !placed.contains($0.name) }?.name
        while let name = next, places[name] == nil {
            places[name] = path.count
            path.append(name)
            next = byName[name]?.needs.sorted().first { !placed.contains($0) }
        }
        let ring = Array(path[(next.flatMap { places[$0] } ?? 0)...])
        let start = ring.first.flatMap { byName[$0] }
        let steps = (ring.prefix(shownOfRing) + ring.prefix(1)).joined(separator: " needs ")
        let rest = ring.count > shownOfRing ? " (\(ring.count) in all)" : ""
        return BuildGraphError(
            .cycle, "ordering the builds", start?.name ?? "", cause: "\(start?.place ?? ""): \(steps)\(rest)",
            remedy: "Take one of these needs out of 'build.from'; 'requires' may go in circles, builds may not.")
    }
}

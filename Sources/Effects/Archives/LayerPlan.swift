/// Says which entries of a stack of layers survive, and under which names.
package struct LayerPlan {
    /// Entries that keep the path that they have, by layer and index.
    private var kept: [[Bool]] = []
    /// Entries that have another path, or several.
    private var moved: [LayerMerge.Position: LayerMerge.Emission] = [:]

    /// Keeps an entry as it is.
    mutating func keep(_ position: LayerMerge.Position) {
        while kept.count <= position.layer { kept.append([]) }
        while kept[position.layer].count <= position.ordinal {
            kept[position.layer] += [Bool](repeating: false, count: max(64, kept[position.layer].count))
        }
        kept[position.layer][position.ordinal] = true
    }

    /// Gives entries the names under which they survive.
    mutating func move(_ names: [LayerMerge.Position: [EntryPath]]) {
        moved = names.compactMapValues { paths in
            let sorted = paths.sorted()
            return sorted.first.map { LayerMerge.Emission(path: $0, links: Array(sorted.dropFirst())) }
        }
    }

    /// What is written of an entry; nil when it does not survive.
    package func emission(at position: LayerMerge.Position, path: EntryPath) -> LayerMerge.Emission? {
        if let emission = moved[position] { return emission }
        guard kept.indices.contains(position.layer), kept[position.layer].indices.contains(position.ordinal),
            kept[position.layer][position.ordinal]
        else { return nil }
        return LayerMerge.Emission(path: path, links: [])
    }
}

/// Marks entries of layers by their places, a byte for each.
struct EntryMarks {
    private var layers: [[Bool]] = []
    /// How many are marked.
    private(set) var count = 0

    /// Whether one is marked.
    func contains(_ position: LayerMerge.Position) -> Bool {
        layers.indices.contains(position.layer) && layers[position.layer].indices.contains(position.ordinal)
            && layers[position.layer][position.ordinal]
    }

    /// Marks one.
    mutating func add(_ position: LayerMerge.Position) {
        while layers.count <= position.layer { layers.append([]) }
        while layers[position.layer].count <= position.ordinal {
            layers[position.layer] += repeatElement(false, count: max(64, layers[position.layer].count))
        }
        if !layers[position.layer][position.ordinal] { count += 1 }
        layers[position.layer][position.ordinal] = true
    }

    /// Takes a mark away; false when there is none.
    mutating func remove(_ position: LayerMerge.Position) -> Bool {
        guard contains(position) else { return false }
        layers[position.layer][position.ordinal] = false
        count -= 1
        return true
    }
}

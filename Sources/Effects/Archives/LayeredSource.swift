package import SystemPackage
package import TreeModel

/// Reads the layers of a container image, or one archive whose later entries replace earlier ones, as one tree: twice, first
/// to decide what survives, then to give it out.
package struct LayeredSource: EntrySource, ~Copyable {
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()

    private let layers: [FilePath]
    private let areLayers: Bool
    private let plan: LayerPlan
    private var current: TarSource?
    private var position = LayerMerge.Position(layer: -1, ordinal: -1)
    private var links: [ArchiveEntry] = []
    private let finished: (FilePath) -> Void

    /// Reads the headers of all layers, lowest first.
    ///
    /// - Parameters:
    ///   - whiteouts: whether they are layers of a container image, and not an archive that somebody vouches for.
    ///   - observer: sees the decompressed bytes of each layer, by its index, during this first pass; false ends it.
    ///   - whiteout: sees the names that remove others, as they are in the layers.
    ///   - visit: sees the paths of the merged tree, in no order.
    ///   - finished: is told of each layer after its last use.
    /// - Throws: `ArchiveError` when a layer is damaged or does not fit those below it, or the observer asks to stop.
    package init(
        layers: [FilePath], whiteouts: Bool = true, observer: ((Int, Span<UInt8>) -> Bool)? = nil,
        whiteout: (EntryPath) -> Void = { _ in }, visit: (EntryPath) -> Void = { _ in },
        finished: @escaping (FilePath) -> Void = { _ in }
    ) throws(ArchiveError) {
        var merge = LayerMerge(whiteouts: whiteouts)
        for (index, layer) in layers.enumerated() {
            var source = try Self.source(layer, index, whiteouts, observer)
            var ordinal = 0
            while let entry = try source.next() {
                try merge.add(entry, at: LayerMerge.Position(layer: index, ordinal: ordinal))
                if whiteouts, entry.path.isWhiteout { whiteout(entry.path) }
                ordinal += 1
            }
            notes.add(source.notes)
        }
        plan = merge.plan(visit: visit)
        self.layers = layers
        areLayers = whiteouts
        self.finished = finished
    }

    private static func source(
        _ layer: FilePath, _ index: Int, _ isLayer: Bool, _ observer: ((Int, Span<UInt8>) -> Bool)?
    ) throws(ArchiveError) -> TarSource {
        guard let observer else { return try TarSource(path: layer, isLayer: isLayer) }
        return try TarSource(path: layer, isLayer: isLayer) { observer(index, $0) }
    }

    /// Goes to the next entry of the merged tree; further names of a file follow it as hard links.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        if let link = links.popLast() { return link }
        while true {
            guard var entry = try nextOfLayer() else {
                guard try openNextLayer() else { return nil }
                continue
            }
            position.ordinal += 1
            guard let emission = plan.emission(at: position, path: entry.path) else { continue }
            entry.path = emission.path
            entry.furtherNames = emission.links
            links = emission.links.reversed().map { link in
                var copy = entry
                copy.path = link
                copy.furtherNames = []
                copy.kind = .hardLink(target: emission.path)
                return copy
            }
            return entry
        }
    }

    /// Reads content of the current entry; hard links have none.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        try current?.read(into: &buffer) ?? 0
    }

    private mutating func nextOfLayer() throws(ArchiveError) -> ArchiveEntry? { try current?.next() }

    private mutating func openNextLayer() throws(ArchiveError) -> Bool {
        current = nil
        if position.layer >= 0, position.layer < layers.count,
            !layers[(position.layer + 1)...].contains(layers[position.layer])
        {
            finished(layers[position.layer])
        }
        position = LayerMerge.Position(layer: position.layer + 1, ordinal: -1)
        guard position.layer < layers.count else { return false }
        current = try TarSource(path: layers[position.layer], isLayer: areLayers)
        return true
    }
}

/// Says which entries of a stack of layers survive, and under which names.
package struct LayerPlan {
    /// Entries that keep the path that they have.
    private var kept = EntryMarks()
    /// Entries that have another path, or several.
    private var moved: [LayerMerge.Position: LayerMerge.Emission] = [:]

    /// Keeps an entry as it is.
    mutating func keep(_ position: LayerMerge.Position) { kept.add(position) }

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
        guard kept.contains(position) else { return nil }
        return LayerMerge.Emission(path: path, links: [])
    }
}

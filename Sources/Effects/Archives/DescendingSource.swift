package import SystemPackage
import TreeModel

/// Reads the layers of a container image, or one archive, as one tree, each layer once: the highest comes first.
///
/// Where entries that come later decide about one that was given out, it ends with an error of the kind `unsettled`. All
/// that it gave out counts only when it has come to its end; else `LayeredSource` reads the same layers.
package struct DescendingSource: EntrySource, ~Copyable {
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()

    private let layers: [FilePath]
    private let areLayers: Bool
    private let observer: ((Int, Span<UInt8>) -> Bool)?
    private let finished: (FilePath) -> Void
    private var descent: LayerDescent
    private var current: TarSource?
    private var position: LayerMerge.Position

    /// Prepares to read layers, lowest first.
    ///
    /// - Parameters:
    ///   - whiteouts: whether they are layers of a container image, and not an archive that somebody vouches for.
    ///   - observer: sees the decompressed bytes of each layer, by its index, one layer after the other; false ends the
    ///     reading.
    ///   - finished: is told of each layer after its last use.
    package init(
        layers: [FilePath], whiteouts: Bool = true, observer: ((Int, Span<UInt8>) -> Bool)? = nil,
        finished: @escaping (FilePath) -> Void = { _ in }
    ) {
        self.layers = layers
        areLayers = whiteouts
        self.observer = observer
        self.finished = finished
        descent = LayerDescent(whiteouts: whiteouts)
        position = LayerMerge.Position(layer: layers.count, ordinal: -1)
    }

    /// Goes to the next entry of the merged tree; whether a file has further names is not known.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        while true {
            guard var entry = try nextOfLayer() else {
                guard try openNextLayer() else { return nil }
                continue
            }
            position.ordinal += 1
            guard try descent.take(entry, at: position) else { continue }
            if case .directory = entry.kind { return entry }
            entry.furtherNames = nil
            return entry
        }
    }

    /// Reads content of the current entry; hard links have none.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        try current?.read(into: &buffer) ?? 0
    }

    private mutating func nextOfLayer() throws(ArchiveError) -> ArchiveEntry? { try current?.next() }

    private mutating func openNextLayer() throws(ArchiveError) -> Bool {
        if let source = current.take() {
            notes.add(source.notes)
            if !layers[..<position.layer].contains(layers[position.layer]) { finished(layers[position.layer]) }
        }
        guard position.layer > 0 else {
            try descent.confirm()
            return false
        }
        position = LayerMerge.Position(layer: position.layer - 1, ordinal: -1)
        current = try source(layers[position.layer], position.layer)
        return true
    }

    private func source(_ layer: FilePath, _ index: Int) throws(ArchiveError) -> TarSource {
        guard let observer else { return try TarSource(path: layer, isLayer: areLayers) }
        return try TarSource(path: layer, isLayer: areLayers) { observer(index, $0) }
    }
}

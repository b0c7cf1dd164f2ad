import TreeModel

/// Remembers what decides about the entries of layers: their paths and what kind they are, as little as goes.
///
/// A path is kept as what differs from the one before: some 25 bytes for each entry.
struct EntryLog {
    private enum Kind: UInt8 {
        case other, directory, symbolicLink, hardLink
    }

    /// The entries of layers, in the order in which layers came.
    private var layers: [(number: Int, bytes: [UInt8])] = []
    private var last: [UInt8] = []
    /// How many entries there are.
    private(set) var count = 0
    /// Bytes of their names, without folders, and of the targets of symbolic links.
    private(set) var nameBytes = 0

    /// Adds the next entry of a layer; entries of a layer come one after the other.
    mutating func append(_ entry: ArchiveEntry, layer: Int) {
        if layers.last?.number != layer {
            layers.append((layer, []))
            last = []
        }
        let path = entry.path.bytes
        var shared = 0
        while shared < min(last.count, path.count), last[shared] == path[shared] { shared += 1 }
        last = path
        let (kind, target) = Self.kind(of: entry)
        count += 1
        nameBytes += entry.path.name.count + (kind == .symbolicLink ? target.count : 0)
        let end = layers.count - 1
        layers[end].bytes.append(kind.rawValue)
        layers[end].bytes += Self.number(shared) + Self.number(path.count - shared) + path[shared...]
        if kind == .symbolicLink || kind == .hardLink { layers[end].bytes += Self.number(target.count) + target }
    }

    /// Gives out all entries, the layer of the lowest number first, each with its place; nothing else of them is right.
    func replay<Failure: Error>(
        _ visit: (ArchiveEntry, LayerMerge.Position) throws(Failure) -> Void
    ) throws(Failure) {
        for (layer, bytes) in layers.sorted(by: { $0.number < $1.number }) {
            var (place, ordinal, path): (Int, Int, [UInt8]) = (0, 0, [])
            while place < bytes.count {
                let entry = Self.entry(in: bytes, at: &place, after: &path)
                try visit(entry, LayerMerge.Position(layer: layer, ordinal: ordinal))
                ordinal += 1
            }
        }
    }

    private static func entry(in bytes: [UInt8], at place: inout Int, after path: inout [UInt8]) -> ArchiveEntry {
        let kind = Kind(rawValue: bytes[place]) ?? .other
        place += 1
        let shared = number(in: bytes, at: &place)
        path.removeSubrange(shared...)
        path += piece(of: bytes, at: &place)
        let name = EntryPath(joined: path)
        switch kind {
        case .other: return ArchiveEntry(path: name, kind: .regular(size: 0))
        case .directory: return ArchiveEntry(path: name, kind: .directory)
        case .symbolicLink:
            return ArchiveEntry(path: name, kind: .symbolicLink(target: Array(piece(of: bytes, at: &place))))
        case .hardLink:
            let target = EntryPath(joined: Array(piece(of: bytes, at: &place)))
            return ArchiveEntry(path: name, kind: .hardLink(target: target))
        }
    }

    private static func kind(of entry: ArchiveEntry) -> (Kind, target: [UInt8]) {
        switch entry.kind {
        case .directory: (.directory, [])
        case .symbolicLink(let target): (.symbolicLink, target)
        case .hardLink(let target): (.hardLink, target.bytes)
        case .regular, .characterDevice, .blockDevice, .fifo: (.other, [])
        }
    }

    /// A number of up to 14 bits: no path and no target is longer (`EntryPath.maximumLength`).
    private static func number(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80, UInt8(clamping: value >> 7)]
    }

    private static func number(in bytes: [UInt8], at place: inout Int) -> Int {
        let low = Int(bytes[place])
        place += 1
        guard low >= 0x80 else { return low }
        place += 1
        return low & 0x7F | Int(bytes[place - 1]) << 7
    }

    private static func piece(of bytes: [UInt8], at place: inout Int) -> ArraySlice<UInt8> {
        let count = number(in: bytes, at: &place)
        place += count
        return bytes[(place - count)..<place]
    }
}

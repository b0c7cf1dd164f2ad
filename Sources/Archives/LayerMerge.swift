// Decides which entries of a stack of container layers survive, from their headers alone (OCI image specification,
// layer.md). The first pass over the layers feeds `add`; the second streams what `plan` names.

/// Merges the entries of layers, lowest first, into one tree.
package struct LayerMerge {
    /// What the second pass writes when it meets an entry.
    package struct Emission: Equatable, Sendable {
        /// Where the entry goes: its own path, or another one that outlived it.
        package var path: EntryPath
        /// Further names of the same file, sorted.
        package var links: [EntryPath]
    }

    /// A surviving entry's place in the input.
    package struct Position: Hashable, Sendable {
        /// Index of the layer, lowest 0.
        package var layer: Int
        /// Index of the entry in its layer.
        package var ordinal: Int

        /// Names a place.
        package init(layer: Int, ordinal: Int) {
            self.layer = layer
            self.ordinal = ordinal
        }
    }

    /// A name in the merged tree.
    private struct Node {
        /// The entry that the name leads to; nil for a folder that no entry described.
        var origin: Position?
        /// The layer that put the name there.
        var layer: Int
        /// The target, for a symbolic link.
        var link: [UInt8]?
        var isDirectory: Bool
        var children: [[UInt8]: Int] = [:]
    }

    /// The longest chain of symbolic links followed, as the kernel's.
    private static let maximumLinks = 40

    private let whiteouts: Bool
    private var nodes = [Node(origin: nil, layer: 0, link: nil, isDirectory: true)]

    /// Begins with an empty tree.
    ///
    /// - Parameter whiteouts: names that begin with `.wh.` remove others; false for an archive that is no layer.
    package init(whiteouts: Bool = true) { self.whiteouts = whiteouts }

    /// Adds the next entry.
    ///
    /// - Throws: `ArchiveError` when a file stands where a folder is needed, or a hard link leads nowhere.
    package mutating func add(_ entry: ArchiveEntry, at position: Position) throws(ArchiveError) {
        guard let name = entry.path.components.last else {
            nodes[0].origin = position
            return
        }
        if whiteouts, name.starts(with: Array(".wh.".utf8)) { return try hide(name, entry, position.layer) }
        let parent = try parent(of: entry.path, layer: position.layer)
        var node = Node(origin: position, layer: position.layer, link: nil, isDirectory: entry.kind == .directory)
        switch entry.kind {
        case .symbolicLink(let target): node.link = target
        case .hardLink(let target): node.origin = try origin(of: target, for: entry.path)
        case .directory:
            if let old = nodes[parent].children[name], nodes[old].isDirectory { node.children = nodes[old].children }
        default: break
        }
        nodes.append(node)
        nodes[parent].children[name] = nodes.count - 1
    }

    /// What survives: for each entry that does, the names under which it is written.
    package func plan() -> [Position: Emission] {
        var names: [Position: [EntryPath]] = [:]
        var pending: [(node: Int, path: [[UInt8]])] = [(0, [])]
        while let (index, path) = pending.popLast() {
            if let origin = nodes[index].origin { names[origin, default: []].append(EntryPath(components: path)) }
            for (name, child) in nodes[index].children { pending.append((child, path + [name])) }
        }
        return names.compactMapValues { paths in
            let sorted = paths.sorted()
            return sorted.first.map { Emission(path: $0, links: Array(sorted.dropFirst())) }
        }
    }

    /// Applies a whiteout: removes what lower layers put under a name, or inside a folder when it is opaque.
    private mutating func hide(_ name: [UInt8], _ entry: ArchiveEntry, _ layer: Int) throws(ArchiveError) {
        let folder = try parent(of: entry.path, layer: layer)
        if name == Array(".wh..wh..opq".utf8) {
            for child in nodes[folder].children.keys { remove(child, in: folder, below: layer) }
        } else if !name.starts(with: Array(".wh..wh.".utf8)) {
            remove(Array(name.dropFirst(4)), in: folder, below: layer)
        }
    }

    /// Removes a name with all below it, except what the layer itself put there.
    private mutating func remove(_ name: [UInt8], in folder: Int, below layer: Int) {
        guard let index = nodes[folder].children[name] else { return }
        for child in nodes[index].children.keys { remove(child, in: index, below: layer) }
        if nodes[index].layer < layer {
            if nodes[index].children.isEmpty { nodes[folder].children[name] = nil } else { nodes[index].origin = nil }
        }
    }

    /// The folder that an entry goes to, made where no entry described it.
    private mutating func parent(of path: EntryPath, layer: Int) throws(ArchiveError) -> Int {
        var pending = Array(path.components.dropLast().reversed())
        var trail = [0]
        var links = 0
        while let name = pending.popLast() {
            let folder = trail.last ?? 0
            if name == Array("..".utf8) {
                if trail.count > 1 { trail.removeLast() }
                continue
            }
            let child = nodes[folder].children[name] ?? makeFolder(name, in: folder, layer: layer)
            if let target = nodes[child].link {
                links += 1
                guard links <= Self.maximumLinks else { throw .layer(path, "too many symbolic links on its path") }
                follow(target, trail: &trail, pending: &pending)
            } else {
                guard nodes[child].isDirectory else { throw .layer(path, "a file stands where its folder should be") }
                trail.append(child)
            }
        }
        return trail.last ?? 0
    }

    private func follow(_ target: [UInt8], trail: inout [Int], pending: inout [[UInt8]]) {
        if target.first == UInt8(ascii: "/") { trail = [0] }
        let components = target.split(separator: UInt8(ascii: "/")).map { Array($0) }
        pending += components.filter { $0 != [UInt8(ascii: ".")] }.reversed()
    }

    private mutating func makeFolder(_ name: [UInt8], in folder: Int, layer: Int) -> Int {
        nodes.append(Node(origin: nil, layer: layer, link: nil, isDirectory: true))
        nodes[folder].children[name] = nodes.count - 1
        return nodes.count - 1
    }

    /// The entry that a hard link's target leads to.
    private mutating func origin(of target: EntryPath, for link: EntryPath) throws(ArchiveError) -> Position {
        guard let name = target.components.last,
            let index = nodes[try parent(of: target, layer: 0)].children[name], !nodes[index].isDirectory,
            let origin = nodes[index].origin
        else { throw .layer(link, "it is a hard link to '\(target)', which is no file") }
        return origin
    }
}

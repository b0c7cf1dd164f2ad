// Decides about the entries of a stack of container layers the moment they are met, when layers are read from the highest
// down: then whatever hides an entry came before it, and each layer is read once.
//
// That holds for what programs make that take the difference of two trees. It does not for an entry whose path leads through
// a symbolic link of a layer below, for a hard link to a file of another layer, or for a name that comes twice in a layer.
// Such stacks are not guessed at: `take` or `confirm` calls them unsettled, and they are read twice (LayerMerge).
import TreeModel

/// Says of each entry, highest layer first and in the order of its layer, whether it is part of the merged tree.
struct LayerDescent {
    private let whiteouts: Bool
    private let limits: TreeBudget.Limits
    private var tree = LayerTree()
    private var budget: TreeBudget
    private var log = EntryLog()
    /// How many entries are part of the tree.
    private var count = 0
    /// Where the last folder was that an entry goes to; nil where it is hidden.
    private var last: (path: ArraySlice<UInt8>, layer: Int, folder: Int?)?

    /// Begins with an empty tree.
    ///
    /// - Parameter whiteouts: as of `LayerMerge`.
    init(whiteouts: Bool = true, limits: TreeBudget.Limits = .init()) {
        self.whiteouts = whiteouts
        self.limits = limits
        budget = TreeBudget(limits)
    }

    /// Takes the next entry; true when it is part of the tree, as it is.
    ///
    /// - Throws: `ArchiveError`, unsettled when only later entries tell; and when the tree costs more than a system needs.
    mutating func take(_ entry: ArchiveEntry, at position: LayerMerge.Position) throws(ArchiveError) -> Bool {
        try count(entry)
        log.append(entry, layer: position.layer)
        let name = Array(entry.path.name)
        guard !name.isEmpty else { return try describe(0, entry, position) }
        let folder = try folder(of: entry.path, position.layer)
        if whiteouts, entry.path.isWhiteout {
            if let folder { hide(name, in: folder, position.layer) }
            return false
        }
        guard let folder else { return false }
        guard let index = tree.child(name, of: folder) else {
            let node = LayerTree.Node(layer: Int32(clamping: position.layer), isDirectory: entry.kind == .directory)
            return try describe(tree.append(node, name, to: folder), entry, position)
        }
        return try meet(index, entry, position)
    }

    /// Counts what an entry costs while nobody knows whether it is meant.
    private mutating func count(_ entry: ArchiveEntry) throws(ArchiveError) {
        try budget.take(entry)
        var target = 0
        if case .symbolicLink(let link) = entry.kind { target = link.count }
        guard target <= EntryPath.maximumLength else { throw .layer(entry.path, "its target is too long") }
        try budget.take(entry.path, length: entry.path.bytes.count, target: target)
    }

    /// Takes an entry whose name is known already.
    private mutating func meet(
        _ index: Int, _ entry: ArchiveEntry, _ position: LayerMerge.Position
    ) throws(ArchiveError) -> Bool {
        let node = tree.nodes[index]
        guard Int(node.hiding) <= position.layer else { return false }
        let isDirectory = entry.kind == .directory
        if node.isAbsent {
            tree.nodes[index].isAbsent = false
            tree.nodes[index].isDirectory = isDirectory
            tree.nodes[index].layer = Int32(clamping: position.layer)
            return try describe(index, entry, position)
        }
        guard let origin = node.origin else {
            // A folder that nobody described: had this not been one, what was put into it would be elsewhere.
            guard isDirectory else { throw .unsettled(entry.path) }
            return try describe(index, entry, position)
        }
        guard origin.layer != position.layer else { throw .unsettled(entry.path) }
        return false
    }

    /// Notes which entry a name has.
    private mutating func describe(
        _ index: Int, _ entry: ArchiveEntry, _ position: LayerMerge.Position
    ) throws(ArchiveError) -> Bool {
        if let origin = tree.nodes[index].origin {
            guard origin.layer != position.layer else { throw .unsettled(entry.path) }
            return false
        }
        var origin = position
        if case .hardLink(let target) = entry.kind { origin = try self.origin(of: target, for: entry.path, position) }
        tree.nodes[index].origin = origin
        count += 1
        return true
    }

    /// The entry that a hard link's target is, which came before in the same layer and is part of the tree.
    private func origin(
        of target: EntryPath, for link: EntryPath, _ position: LayerMerge.Position
    ) throws(ArchiveError) -> LayerMerge.Position {
        var index: Int? = 0
        for name in target.components { index = index.flatMap { tree.child(name, of: $0) } }
        guard let index, !tree.nodes[index].isDirectory, let origin = tree.nodes[index].origin,
            origin.layer == position.layer
        else { throw .unsettled(link) }
        return origin
    }

    /// The folder that an entry goes to, made where nothing described it; nil when it is hidden.
    private mutating func folder(of path: EntryPath, _ layer: Int) throws(ArchiveError) -> Int? {
        // What a layer hides is only in those below it.
        if let last, last.layer == layer, last.path == path.folder { return last.folder }
        let found = try walk(to: path, layer)
        last = (path.folder, layer, found)
        return found
    }

    private mutating func walk(to path: EntryPath, _ layer: Int) throws(ArchiveError) -> Int? {
        var (folder, depth) = (0, 0)
        for name in path.folder.split(separator: UInt8(ascii: "/")) {
            depth += 1
            try budget.step(path, depth: depth)
            guard Int(tree.nodes[folder].opacity) <= layer else { return nil }
            guard let next = try enter(Array(name), in: folder, path, layer) else { return nil }
            folder = next
        }
        return Int(tree.nodes[folder].opacity) <= layer ? folder : nil
    }

    /// The folder of that name; nil when it is hidden, or a file hides it.
    private mutating func enter(
        _ name: [UInt8], in folder: Int, _ path: EntryPath, _ layer: Int
    ) throws(ArchiveError) -> Int? {
        guard let child = tree.child(name, of: folder) else {
            return tree.append(LayerTree.Node(layer: Int32(clamping: layer), isDirectory: true), name, to: folder)
        }
        let node = tree.nodes[child]
        guard Int(node.hiding) <= layer else { return nil }
        if node.isAbsent {
            tree.nodes[child].isAbsent = false
            tree.nodes[child].isDirectory = true
            tree.nodes[child].layer = Int32(clamping: layer)
        } else if !node.isDirectory {
            guard Int(node.layer) > layer else { throw .unsettled(path) }
            return nil
        }
        return child
    }

    /// Notes a whiteout: what it hides has yet to come, for it is in layers below.
    private mutating func hide(_ name: [UInt8], in folder: Int, _ layer: Int) {
        if name == Array(".wh..wh..opq".utf8) {
            tree.nodes[folder].opacity = max(tree.nodes[folder].opacity, Int32(clamping: layer))
        } else if !name.starts(with: Array(".wh..wh.".utf8)), name.count > EntryPath.whiteoutPrefix.count {
            let name = Array(name.dropFirst(EntryPath.whiteoutPrefix.count))
            let child = tree.child(name, of: folder) ?? append(absent: name, to: folder, layer)
            tree.nodes[child].hiding = max(tree.nodes[child].hiding, Int32(clamping: layer))
        }
    }

    private mutating func append(absent name: [UInt8], to folder: Int, _ layer: Int) -> Int {
        var node = LayerTree.Node(layer: Int32(clamping: layer), isDirectory: false)
        node.isAbsent = true
        return tree.append(node, name, to: folder)
    }

    /// Compares what was taken with the merge of all entries, lowest layer first, which has the last word.
    ///
    /// - Throws: `ArchiveError` as `LayerMerge.add`; unsettled when they differ.
    func confirm() throws(ArchiveError) {
        var merge = LayerMerge(whiteouts: whiteouts, limits: limits)
        try log.replay { entry, position throws(ArchiveError) in try merge.add(entry, at: position) }
        var (found, different): (Int, EntryPath?) = (0, nil)
        merge.survivors { path, origin, _ in
            found += 1
            if self.origin(at: path) != origin { different = path }
        }
        if let different { throw .unsettled(different) }
        guard found == count else { throw .unsettled(.root) }
    }

    /// The entry that was taken for a path.
    private func origin(at path: EntryPath) -> LayerMerge.Position? {
        var index: Int? = 0
        for name in path.components { index = index.flatMap { tree.child(name, of: $0) } }
        return index.flatMap { tree.nodes[$0].origin }
    }
}

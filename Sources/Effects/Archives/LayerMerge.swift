// Decides which entries of a stack of container layers survive, from their headers alone (OCI image specification,
// layer.md). The first pass over the layers feeds `add`; the second streams what `plan` names.
package import TreeModel

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

    /// The longest chain of symbolic links followed, as the kernel's.
    private static let maximumLinks = 40

    private let whiteouts: Bool
    private var tree = LayerTree()
    private var budget: TreeBudget
    /// Entries that have further names.
    private var linked: Set<Position> = []
    /// Folders from which this layer has removed what lower ones have: a second whiteout finds nothing more.
    private var cleared: (layer: Int, folders: Set<Int>) = (-1, [])
    /// Where the last folder was that an entry goes to; most have many, and they come one after the other.
    private var last: (path: ArraySlice<UInt8>, removals: Int, folder: Int, isPlain: Bool)?

    /// Begins with an empty tree.
    ///
    /// - Parameter whiteouts: names that begin with `.wh.` remove others; false for an archive that is no layer.
    package init(whiteouts: Bool = true) { self.init(whiteouts: whiteouts, limits: TreeBudget.Limits()) }

    init(whiteouts: Bool = true, limits: TreeBudget.Limits) {
        self.whiteouts = whiteouts
        budget = TreeBudget(limits)
    }

    /// Prepares for all that a log has, before the first entry.
    mutating func reserve(_ log: EntryLog) { tree.reserve(log.count, bytes: log.nameBytes) }

    /// Adds the next entry.
    ///
    /// - Throws: `ArchiveError` when a file stands where a folder is needed, a hard link leads nowhere, or the tree costs more
    ///   than a system needs.
    package mutating func add(_ entry: ArchiveEntry, at position: Position) throws(ArchiveError) {
        try budget.take(entry)
        let name = Array(entry.path.name)
        guard !name.isEmpty else {
            tree.nodes[0].origin = position
            return
        }
        if whiteouts, entry.path.isWhiteout { return try hide(name, entry, position.layer) }
        let (parent, isPlain) = try parent(of: entry.path, layer: position.layer)
        try count(entry, in: parent)
        var node = LayerTree.Node(layer: Int32(clamping: position.layer), isDirectory: entry.kind == .directory)
        node.origin = position
        node.isPlain = isPlain
        var target: [UInt8]?
        switch entry.kind {
        case .symbolicLink(let link):
            guard link.count <= EntryPath.maximumLength else { throw .layer(entry.path, "its target is too long") }
            target = link
        case .hardLink(let target):
            let origin = try origin(of: target, for: entry.path)
            linked.insert(origin)
            node.origin = origin
        case .directory:
            if let old = tree.child(name, of: parent), tree.nodes[old].isDirectory { return update(old, node) }
        default: break
        }
        tree.append(node, name, to: parent, target: target)
    }

    /// Counts the name of an entry where it goes, which symbolic links make longer than the entry says.
    private mutating func count(_ entry: ArchiveEntry, in parent: Int) throws(ArchiveError) {
        var target = 0
        if case .symbolicLink(let link) = entry.kind { target = link.count }
        try budget.take(entry.path, length: tree.pathLength(of: parent) + entry.path.name.count, target: target)
    }

    /// Gives a folder the attributes of a later entry; its children stay.
    private mutating func update(_ index: Int, _ node: LayerTree.Node) {
        tree.nodes[index].origin = node.origin
        tree.nodes[index].layer = node.layer
        tree.nodes[index].isPlain = node.isPlain
    }

    /// What survives.
    ///
    /// - Parameter visit: sees the path of each entry that does.
    package func plan(visit: (EntryPath) -> Void = { _ in }) -> LayerPlan {
        var plan = LayerPlan()
        var names: [Position: [EntryPath]] = [:]
        survivors { path, origin, isPlain in
            visit(path)
            if isPlain, !linked.contains(origin) {
                plan.keep(origin)
            } else {
                names[origin, default: []].append(path)
            }
        }
        plan.move(names)
        return plan
    }

    /// Shows each path that survives, with the place of its entry, and whether the entry has that path.
    func survivors(_ visit: (EntryPath, Position, Bool) -> Void) {
        // One path for all: what waits knows only how much of it is its folder's.
        var path: [UInt8] = []
        var pending: [(node: Int, folder: Int)] = [(0, 0)]
        while let (node, folder) = pending.popLast() {
            path.removeSubrange(folder...)
            if folder > 0 { path.append(UInt8(ascii: "/")) }
            path += tree.name(node)
            if let origin = tree.nodes[node].origin {
                visit(EntryPath(joined: path), origin, tree.nodes[node].isPlain)
            }
            guard tree.nodes[node].isDirectory else { continue }
            for child in tree.children(node) { pending.append((child, path.count)) }
        }
    }

    /// Applies a whiteout: removes what lower layers put under a name, or inside a folder when it is opaque.
    private mutating func hide(_ name: [UInt8], _ entry: ArchiveEntry, _ layer: Int) throws(ArchiveError) {
        let (folder, _) = try parent(of: entry.path, layer: layer)
        if name == Array(".wh..wh..opq".utf8) {
            clear(folder, below: layer)
        } else if !name.starts(with: Array(".wh..wh.".utf8)),
            let child = tree.child(Array(name.dropFirst(4)), of: folder)
        {
            remove(child, below: layer)
        }
    }

    /// Removes a name with all below it, except what the layer itself put there.
    private mutating func remove(_ index: Int, below layer: Int) {
        clear(index, below: layer)
        guard Int(tree.nodes[index].layer) < layer else { return }
        if tree.nodes[index].liveChildren == 0 { tree.remove(index) } else { tree.nodes[index].origin = nil }
    }

    /// Removes what is in a folder, except what the layer itself put there; once, however often the layer says so.
    private mutating func clear(_ folder: Int, below layer: Int) {
        if cleared.layer != layer { cleared = (layer, []) }
        guard tree.nodes[folder].isDirectory, cleared.folders.insert(folder).inserted else { return }
        for child in tree.children(folder) { remove(child, below: layer) }
        tree.forgetRemoved(in: folder)
    }

    /// The folder that an entry goes to, made where no entry described it, and whether no symbolic link is on its path.
    private mutating func parent(
        of path: EntryPath, layer: Int
    ) throws(ArchiveError) -> (folder: Int, isPlain: Bool) {
        // Only what is removed or replaced changes where a path leads.
        if let last, last.removals == tree.removals, last.path == path.folder { return (last.folder, last.isPlain) }
        let found = try walk(to: path, layer: layer)
        last = (path.folder, tree.removals, found.folder, found.isPlain)
        return found
    }

    private mutating func walk(
        to path: EntryPath, layer: Int
    ) throws(ArchiveError) -> (folder: Int, isPlain: Bool) {
        var pending = Array(path.components.dropLast().reversed())
        var trail = [0]
        var links = 0
        while let name = pending.popLast() {
            let folder = trail.last ?? 0
            try budget.step(path, depth: trail.count)
            if name == Array("..".utf8) {
                if trail.count > 1 { trail.removeLast() }
                continue
            }
            let child = tree.child(name, of: folder) ?? makeFolder(name, in: folder, layer: layer)
            if let target = tree.target(child) {
                links += 1
                guard links <= Self.maximumLinks else { throw .layer(path, "too many symbolic links on its path") }
                follow(target, trail: &trail, pending: &pending)
            } else {
                guard tree.nodes[child].isDirectory else {
                    throw .layer(path, "a file stands where its folder should be")
                }
                trail.append(child)
            }
        }
        return (trail.last ?? 0, links == 0)
    }

    private func follow(_ target: ArraySlice<UInt8>, trail: inout [Int], pending: inout [[UInt8]]) {
        if target.first == UInt8(ascii: "/") { trail = [0] }
        let components = target.split(separator: UInt8(ascii: "/")).map { Array($0) }
        pending += components.filter { $0 != [UInt8(ascii: ".")] }.reversed()
    }

    private mutating func makeFolder(_ name: [UInt8], in folder: Int, layer: Int) -> Int {
        tree.append(LayerTree.Node(layer: Int32(clamping: layer), isDirectory: true), name, to: folder)
    }

    /// The entry that a hard link's target leads to.
    private mutating func origin(of target: EntryPath, for link: EntryPath) throws(ArchiveError) -> Position {
        guard let name = target.components.last,
            let index = tree.child(name, of: try parent(of: target, layer: 0).folder), !tree.nodes[index].isDirectory,
            let origin = tree.nodes[index].origin
        else { throw .layer(link, "it is a hard link to '\(target)', which is no file") }
        return origin
    }
}

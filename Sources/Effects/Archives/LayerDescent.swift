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
    /// Entries that are part of the tree, by layer and index.
    private var taken = EntryMarks()
    /// What hard links that are part of the tree are other names of.
    private var links: [EntryPath: EntryPath] = [:]
    /// Names of which entries are hidden, those of layers below a number.
    private var hidden: [Int: Int] = [:]
    /// Folders in which entries are hidden, those of layers below a number.
    private var opaque: [Int: Int] = [:]
    /// Names that only a whiteout has told so far.
    private var absent: Set<Int> = []
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
        guard position.layer > 0 else { return try takeLowest(entry, at: position) }
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
        guard hidden[index, default: 0] <= position.layer else { return false }
        let isDirectory = entry.kind == .directory
        if absent.contains(index) {
            appear(index, isDirectory: isDirectory, position.layer)
        } else if tree.nodes[index].origin == nil, !isDirectory {
            // A folder that nobody described: had this not been one, what was put into it would be elsewhere.
            throw .unsettled(entry.path)
        }
        return try describe(index, entry, position)
    }

    /// Gives a name that only a whiteout has told what it has now.
    private mutating func appear(_ index: Int, isDirectory: Bool, _ layer: Int) {
        absent.remove(index)
        tree.nodes[index].isDirectory = isDirectory
        tree.nodes[index].layer = Int32(clamping: layer)
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
        note(entry, position)
        return true
    }

    /// Notes that an entry is part of the tree.
    private mutating func note(_ entry: ArchiveEntry, _ position: LayerMerge.Position) {
        if case .hardLink(let target) = entry.kind { links[entry.path] = target } else { taken.add(position) }
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
            guard opaque[folder, default: 0] <= layer else { return nil }
            guard let next = try enter(Array(name), in: folder, path, layer) else { return nil }
            folder = next
        }
        return opaque[folder, default: 0] <= layer ? folder : nil
    }

    /// The folder of that name; nil when it is hidden, or a file hides it.
    private mutating func enter(
        _ name: [UInt8], in folder: Int, _ path: EntryPath, _ layer: Int
    ) throws(ArchiveError) -> Int? {
        guard let child = tree.child(name, of: folder) else {
            return tree.append(LayerTree.Node(layer: Int32(clamping: layer), isDirectory: true), name, to: folder)
        }
        guard hidden[child, default: 0] <= layer else { return nil }
        if absent.contains(child) {
            appear(child, isDirectory: true, layer)
        } else if !tree.nodes[child].isDirectory {
            guard Int(tree.nodes[child].layer) > layer else { throw .unsettled(path) }
            return nil
        }
        return child
    }

    /// Notes a whiteout: what it hides has yet to come, for it is in layers below.
    private mutating func hide(_ name: [UInt8], in folder: Int, _ layer: Int) {
        if name == Array(".wh..wh..opq".utf8) {
            opaque[folder] = max(opaque[folder, default: 0], layer)
        } else {
            // Other names with the prefix twice are marks of engines, and hide nothing that could be there.
            let name = Array(name.dropFirst(EntryPath.whiteoutPrefix.count))
            let child = tree.child(name, of: folder) ?? append(absent: name, to: folder, layer)
            hidden[child] = max(hidden[child, default: 0], layer)
        }
    }

    private mutating func append(absent name: [UInt8], to folder: Int, _ layer: Int) -> Int {
        let node = LayerTree.Node(layer: Int32(clamping: layer), isDirectory: false)
        let index = tree.append(node, name, to: folder)
        absent.insert(index)
        return index
    }

    /// Compares what was taken with the merge of all entries, lowest layer first, which has the last word.
    ///
    /// Nothing can be taken afterwards.
    ///
    /// - Throws: `ArchiveError` as `LayerMerge.add`; unsettled when they differ.
    mutating func confirm() throws(ArchiveError) {
        // The merge needs as much memory.
        tree = LayerTree()
        var merge = LayerMerge(whiteouts: whiteouts, limits: limits)
        merge.reserve(log)
        try log.replay { entry, position throws(ArchiveError) in try merge.add(entry, at: position) }
        log = EntryLog()
        let targets = Set(links.values)
        var origins: [EntryPath: LayerMerge.Position] = [:]
        var different: EntryPath?
        merge.survivors { path, origin, isPlain in
            let isLink = links[path] != nil
            if isLink || targets.contains(path) { origins[path] = origin }
            if !isLink, !isPlain || !taken.remove(origin) { different = path }
        }
        for (path, target) in links where origins[path] != origins[target] { different = path }
        guard let different = different ?? (taken.count > 0 ? .root : nil) else { return }
        throw .unsettled(different)
    }
}

// MARK: The lowest layer

extension LayerDescent {
    /// Takes an entry of the lowest layer, usually the largest: no layer is below, so that nothing is remembered of its names
    /// but what `confirm` needs.
    private mutating func takeLowest(
        _ entry: ArchiveEntry, at position: LayerMerge.Position
    ) throws(ArchiveError) -> Bool {
        if whiteouts, entry.path.isWhiteout { return false }
        if try isHidden(entry.path, isDirectory: entry.kind == .directory) { return false }
        if case .hardLink(let target) = entry.kind, try isHidden(target, isDirectory: false) {
            throw .unsettled(entry.path)
        }
        note(entry, position)
        return true
    }

    /// Whether a layer above hides something at a path.
    private mutating func isHidden(_ path: EntryPath, isDirectory: Bool) throws(ArchiveError) -> Bool {
        guard !path.bytes.isEmpty else { return tree.nodes[0].origin != nil }
        let names = path.components
        var folder: Int? = 0
        for (depth, name) in names.enumerated() {
            if depth > 0 { try budget.step(path, depth: depth) }
            guard let parent = folder else { continue }
            if opaque[parent] != nil { return true }
            folder = tree.child(name, of: parent)
            guard let child = folder else { continue }
            if hidden[child] != nil { return true }
            if depth == names.count - 1 { return try isTaken(child, path, isDirectory) }
            if !tree.nodes[child].isDirectory { return true }
        }
        return false
    }

    /// Whether a layer above describes what has a name; a folder that none describes gets its entry yet.
    private func isTaken(_ index: Int, _ path: EntryPath, _ isDirectory: Bool) throws(ArchiveError) -> Bool {
        if tree.nodes[index].origin != nil { return true }
        guard isDirectory else { throw .unsettled(path) }
        return false
    }
}

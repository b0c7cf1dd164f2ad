import SeededNumbers
import TreeFixtures
import TreeModel

@testable import Archives

/// A stack of layers as an engine makes them, out of the differences of trees that were drawn, and the last of those trees.
///
/// Each version of a file or folder has a number of its own, which its entries carry as the time of change.
struct LayerStack {
    /// What lies at a path.
    private struct Node: Equatable {
        enum Kind: Equatable { case file, folder, link(String) }

        var kind: Kind
        var version: Int64
    }

    /// The entries of layers, lowest first.
    private(set) var layers: [[ArchiveEntry]] = []
    private var tree: [EntryPath: Node] = [:]
    private var random: SeededGenerator
    private var version: Int64 = 0

    /// Draws a stack.
    init(seed: UInt64, layers count: Int = 4, changes: Int = 12) {
        random = SeededGenerator(seed: seed)
        for _ in 0..<count {
            let before = tree
            // What was removed and made anew hides all that was there.
            var renewed: Set<EntryPath> = []
            for _ in 0..<changes { change(&renewed) }
            layers.append(difference(from: before, renewed))
        }
    }

    /// The versions in the tree that all layers come to, by path.
    var versions: [EntryPath: Int64] { tree.mapValues(\.version) }

    private mutating func change(_ renewed: inout Set<EntryPath>) {
        let folders = [EntryPath.root] + tree.filter { $0.value.kind == .folder }.map(\.key).sorted()
        guard let folder = folders.randomElement(using: &random) else { return }
        let name = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
        let path = folder.appending(name.utf8)
        guard path.bytes.count < 9 else { return }
        let number = Int.random(in: 0..<10, using: &random)
        if number < 2 { return remove(path) }
        if number == 9 { return link(path) }
        let kind: Node.Kind = number < 5 ? .folder : number < 8 ? .file : .link("b")
        if kind != .folder || tree[path]?.kind != .folder {
            if kind == .folder, tree[path] != nil { renewed.insert(path) }
            remove(path)
        } else if Bool.random(using: &random) {
            remove(path)
            renewed.insert(path)
        }
        version += 1
        tree[path] = Node(kind: kind, version: version)
    }

    /// Removes a path, with all names of a file: an engine copies all of those up that it changes.
    private mutating func remove(_ path: EntryPath) {
        let gone = Set(
            tree.filter { ($0.key == path || $0.key.isBelow(path)) && $0.value.kind != .folder }.map(\.value.version))
        for (other, node) in tree where other == path || other.isBelow(path) || gone.contains(node.version) {
            tree[other] = nil
        }
    }

    /// Gives some file another name, and its names a version of their own.
    private mutating func link(_ path: EntryPath) {
        let files = tree.filter { $0.value.kind == .file && $0.key != path && !path.isBelow($0.key) }.map(\.key)
            .sorted()
        guard tree[path] == nil, let target = files.randomElement(using: &random), let old = tree[target] else {
            return
        }
        version += 1
        for (other, node) in tree where node.version == old.version { tree[other]?.version = version }
        tree[path] = Node(kind: .file, version: version)
    }

    /// The layer that leads from one tree to this one.
    private mutating func difference(from before: [EntryPath: Node], _ renewed: Set<EntryPath>) -> [ArchiveEntry] {
        var paths = Set(tree.filter { before[$0.key] != $0.value }.keys)
        var marks: [EntryPath] = []
        for folder in renewed where tree[folder]?.kind == .folder && before[folder] != nil {
            paths.formUnion(tree.keys.filter { $0 == folder || $0.isBelow(folder) })
            marks.append(folder.appending(".wh..wh..opq".utf8))
        }
        for path in before.keys where tree[path] == nil {
            let parent = path.parent ?? .root
            guard parent == .root || tree[parent]?.kind == .folder && before[parent]?.kind == .folder else { continue }
            marks.append(parent.appending(".wh.".utf8 + path.name))
        }
        paths.formUnion((paths.union(marks)).flatMap(\.folders))
        var first: [Int64: EntryPath] = [:]
        var entries = paths.sorted().compactMap { path in tree[path].map { entry(path, $0, &first) } }
        for mark in marks.sorted() {
            let folder = entries.firstIndex { $0.path == mark.parent }
            let place = Int.random(in: (folder.map { $0 + 1 } ?? 0)...entries.count, using: &random)
            entries.insert(ArchiveEntry(path: mark, kind: .regular(size: 0)), at: place)
        }
        return entries
    }

    private func entry(_ path: EntryPath, _ node: Node, _ first: inout [Int64: EntryPath]) -> ArchiveEntry {
        var entry = ArchiveEntry(path: path, kind: .directory, permissions: 0o755, modified: node.version)
        switch node.kind {
        case .folder: break
        case .link(let target): entry.kind = .symbolicLink(target: Array(target.utf8))
        case .file:
            let target = first[node.version]
            entry.kind = target.map { .hardLink(target: $0) } ?? .regular(size: 0)
            if target == nil { first[node.version] = path }
        }
        return entry
    }
}

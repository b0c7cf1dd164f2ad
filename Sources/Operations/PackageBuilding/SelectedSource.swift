import Archives
import PackageTrees
import TreeModel

/// Gives of a tree what is selected, below one of its folders, with the folders above it.
struct SelectedSource: EntrySource, ~Copyable {
    private var source: LayeredSource
    private let section: ArtefactSection
    private let root: EntryPath
    /// Folders that are given out with the first thing in them.
    private var folders: [EntryPath: ArchiveEntry] = [:]
    private var queue: [ArchiveEntry] = []
    /// Under which name files with several were given out, by the first of these.
    private var names: [EntryPath: EntryPath] = [:]
    /// How many entries were given out.
    private(set) var count = 0

    var notes: ArchiveNotes { source.notes }

    /// Selects of a source.
    ///
    /// - Parameter root: the folder that becomes the root; globs mean paths below it.
    init(_ source: consuming LayeredSource, _ section: ArtefactSection, below root: EntryPath) {
        self.source = source
        self.section = section
        self.root = root
    }

    mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        while queue.isEmpty {
            guard let entry = try source.next() else { return nil }
            guard let selected = select(entry) else { continue }
            queue = parents(of: selected.path) + [selected]
        }
        count += 1
        return queue.removeFirst()
    }

    mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int { try source.read(into: &buffer) }

    private mutating func select(_ entry: ArchiveEntry) -> ArchiveEntry? {
        var selected = entry
        switch entry.kind {
        case .hardLink(let target):
            guard let path = place(of: entry.path), let first = names[target], first != path else { return nil }
            (selected.path, selected.kind) = (path, .hardLink(target: first))
            return selected
        case .directory:
            if let path = relative(entry.path), path != .root, !section.selects(path) {
                selected.path = path
                folders[path] = selected
            }
            guard let path = place(of: entry.path) else { return nil }
            selected.path = path
            return selected
        default:
            let known = [entry.path] + (entry.furtherNames ?? [])
            guard let path = known.compactMap({ place(of: $0) }).first else { return nil }
            names[entry.path] = path
            (selected.path, selected.furtherNames) = (path, [])
            return selected
        }
    }

    private mutating func parents(of path: EntryPath) -> [ArchiveEntry] {
        path.folders.compactMap { folders.removeValue(forKey: $0) }
    }

    /// The path below the new root; nil when it is not below it, or not selected.
    private func place(of path: EntryPath) -> EntryPath? { relative(path).flatMap { section.selects($0) ? $0 : nil } }

    private func relative(_ path: EntryPath) -> EntryPath? {
        if root == .root { return path }
        if path == root { return .root }
        return path.isBelow(root) ? EntryPath(joined: Array(path.bytes.dropFirst(root.bytes.count + 1))) : nil
    }
}

package import PackageModel
package import TreeModel

/// What a package carries: files, with the folders above them, and what it takes away from what lies below.
package struct Artefact: Equatable, Sendable {
    /// The files.
    package var listing: TreeListing
    /// Paths that it takes away, sorted; a folder with all that is in it.
    package var removed: [EntryPath]

    /// Puts both together.
    package init(_ listing: TreeListing, removed: [EntryPath] = []) {
        self.listing = listing
        self.removed = removed.sorted()
    }

    /// Takes what a build did to a tree.
    ///
    /// Shared state, which is merged when packages are joined, needs no `overrides`.
    ///
    /// - Parameters:
    ///   - difference: what it did, found by the rules of the section.
    ///   - target: the tree afterwards, for folders above what is carried.
    /// - Throws: `PackageTreesError` for changes and deletions that are not declared, for secrets, and for names that
    ///   cannot be carried.
    package init(
        of difference: TreeDifference, in target: TreeListing, _ section: ArtefactSection
    ) throws(PackageTreesError) {
        let changed = difference.changed.map(\.target).filter { section.selects($0.path) }
        let removed = difference.removed.map(\.path)
        let selected = removed.filter(section.selects)
        let undeclared = changed.map(\.path).filter { !section.overrides.cover($0) && !SharedState.isShared($0) }
        let unremoved = selected.filter { !section.removes.cover($0) && !SharedState.isShared($0) }
        guard undeclared.isEmpty, unremoved.isEmpty else { throw .undeclared(undeclared, unremoved) }
        let whiteouts = Self.whiteouts(selected, besides: removed.filter { !section.selects($0) }, target)
        let content = difference.added.filter { section.selects($0.path) } + changed
        try self.init(content, whiteouts, in: target)
    }

    /// Takes a tree as a whole, without what no package carries.
    ///
    /// - Throws: `PackageTreesError` for secrets, and for names that cannot be carried.
    package init(wholeOf tree: TreeListing, _ section: ArtefactSection) throws(PackageTreesError) {
        let rules = section.rules
        try self.init(
            tree.entries.filter { section.selects($0.path) && rules.exclusion(of: $0) == nil }, [], in: tree)
    }

    /// Takes a folder that somebody filled for this purpose, with all that is in it.
    ///
    /// - Throws: `PackageTreesError` for secrets, and for names that cannot be carried.
    package init(folder: TreeListing, _ section: ArtefactSection) throws(PackageTreesError) {
        try self.init(folder.entries.filter { section.selects($0.path) }, [], in: folder)
    }

    private init(
        _ content: [TreeEntry], _ removed: [EntryPath], in tree: TreeListing
    ) throws(PackageTreesError) {
        let parents = Self.folders(above: content.map(\.path) + removed).compactMap { tree[$0] }
        self.init(TreeListing(parents + content), removed: removed)
        let refused = listing.entries.compactMap { entry in
            TreeRules.refusal(of: entry).map { (entry.path, $0.reason) }
        }
        guard refused.isEmpty else { throw .refused(refused) }
        try Self.checkNames(listing.entries.map(\.path) + removed)
        let unreadable = listing.entries.filter { entry in
            guard case .symbolicLink(let target) = entry.kind else { return false }
            return String(validating: target, as: UTF8.self) == nil
        }
        guard unreadable.isEmpty else { throw .names(unreadable.map(\.path), "links lead to names that are not UTF-8") }
    }

    private static func checkNames(_ paths: [EntryPath]) throws(PackageTreesError) {
        let unreadable = paths.filter { !$0.isText }
        guard unreadable.isEmpty else {
            throw .names(unreadable, "names are not UTF-8, or have control characters")
        }
        let whiteouts = paths.filter(\.isWhiteout)
        guard whiteouts.isEmpty else {
            throw .names(whiteouts, "a name that begins with .wh. means in a layer that a file is gone")
        }
    }

    /// The folders above some paths, each once.
    static func folders(above paths: [EntryPath]) -> Set<EntryPath> {
        var folders: Set<EntryPath> = []
        for path in paths {
            var next = path.parent
            while let folder = next, folder != .root, folders.insert(folder).inserted { next = folder.parent }
        }
        return folders
    }

    /// The topmost of removed paths; none below what the target has a file for, which takes all away by itself.
    ///
    /// - Parameter besides: what is gone, too, and not to be taken away: no folder above it may be.
    private static func whiteouts(
        _ removed: [EntryPath], besides: [EntryPath], _ target: TreeListing
    ) -> [EntryPath] {
        let whole = Set(removed).subtracting(folders(above: besides))
        return removed.filter { path in
            whole.contains(path) && !path.folders.contains { whole.contains($0) || target[$0]?.isDirectory == false }
        }
    }
}

extension Artefact {
    /// Divides it: each file goes to the first of the splits that includes it, with the folders above it.
    ///
    /// What none includes is the rest. A folder does not stay in the rest for what has left it.
    package func divided(
        by splits: [ArtefactSection.Split]
    ) -> (rest: Artefact, parts: [(name: PackageName, artefact: Artefact)]) {
        let entries = Dictionary(grouping: listing.entries) { Self.place(of: $0.path, splits) }
        let removals = Dictionary(grouping: removed) { Self.place(of: $0, splits) }
        func part(_ place: Int, _ content: [TreeEntry]) -> Artefact {
            let removed = removals[place] ?? []
            let parents = Self.folders(above: content.map(\.path) + removed).compactMap { listing[$0] }
            return Artefact(TreeListing(parents + content), removed: removed)
        }
        let left = Self.folders(above: listing.entries.map(\.path))
        let rest = (entries[-1] ?? []).filter { !$0.isDirectory || !left.contains($0.path) }
        let parts = splits.indices.map { (splits[$0].name, part($0, entries[$0] ?? [])) }
        return (part(-1, rest), parts)
    }

    private static func place(of path: EntryPath, _ splits: [ArtefactSection.Split]) -> Int {
        splits.firstIndex { $0.include.cover(path) } ?? -1
    }

    /// What a tree becomes when the artefact is laid on it.
    package func applied(to base: TreeListing) -> TreeListing {
        let removed = Set(removed)
        let replaced = Set(listing.entries.lazy.filter { !$0.isDirectory }.map(\.path))
        let kept = base.entries.filter { entry in
            !removed.contains(entry.path)
                && !entry.path.folders.contains { removed.contains($0) || replaced.contains($0) }
        }
        return TreeListing(kept + listing.entries)
    }
}

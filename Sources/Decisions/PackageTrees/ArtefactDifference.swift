package import TreeModel

/// In what two artefacts differ: in files, and in what they take away.
package struct ArtefactDifference: Equatable, Sendable {
    /// The files; no rule leaves any of them out.
    package let tree: TreeDifference
    /// What only the new one takes away, sorted.
    package let hidden: [EntryPath]
    /// What only the old one takes away, sorted.
    package let shown: [EntryPath]

    /// Compares two artefacts.
    package init(from old: Artefact, to new: Artefact) {
        let all = (try? PathGlob(parsing: "/**")).map { [$0] } ?? []
        tree = TreeDifference(from: old.listing, to: new.listing, rules: TreeRules(keeping: all))
        let (before, after) = (Set(old.removed), Set(new.removed))
        hidden = after.subtracting(before).sorted()
        shown = before.subtracting(after).sorted()
    }

    /// Whether they are the same.
    package var isEmpty: Bool {
        tree.added.isEmpty && tree.changed.isEmpty && tree.removed.isEmpty && hidden.isEmpty && shown.isEmpty
    }

    /// All paths that are not the same in two builds of one thing, sorted, each with in what.
    package var pathsOfTwoBuilds: [(path: EntryPath, words: [String])] {
        let changed = tree.changed.map { ($0.target.path, $0.words) }
        let others =
            tree.removed.map { ($0.path, ["only in the first build"]) }
            + tree.added.map { ($0.path, ["only in the second build"]) }
            + shown.map { ($0, ["taken away in the first build only"]) }
            + hidden.map { ($0, ["taken away in the second build only"]) }
        // A folder that only one has comes along with what is in it.
        let folders = Set(others.flatMap { $0.0.folders })
        return (changed + others.filter { !folders.contains($0.0) }).sorted { $0.0 < $1.0 }
            .map { (path: $0.0, words: $0.1) }
    }
}

extension TreeDifference.Change {
    /// In what the file is not the same.
    package var words: [String] {
        var words: [String] = []
        let (old, new) = (base.kindName, target.kindName)
        if old != new { words.append("\(old) → \(new)") }
        if base.mode != target.mode { words.append("mode \(base.mode) → \(target.mode)") }
        if base.owner != target.owner || base.group != target.group {
            words.append("owner \(base.owner):\(base.group) → \(target.owner):\(target.group)")
        }
        if old == new, base.kind != target.kind {
            words.append(
                base.size == target.size ? "content" : "content, \(base.size) → \(target.size) bytes")
        }
        if base.attributes != target.attributes { words.append("attributes") }
        return words.isEmpty ? ["names"] : words
    }
}

extension TreeEntry {
    /// The word for its kind.
    package var kindName: String {
        switch kind {
        case .regular: "file"
        case .directory: "folder"
        case .symbolicLink: "link"
        case .characterDevice: "character device"
        case .blockDevice: "block device"
        case .fifo: "pipe"
        }
    }

    /// Its permissions, four octal digits.
    package var mode: String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

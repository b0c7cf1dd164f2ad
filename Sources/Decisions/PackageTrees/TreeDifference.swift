package import TreeModel

/// What a build did to a tree: times do not count, and what no package carries is not looked at.
package struct TreeDifference: Equatable, Sendable {
    /// A file that is in both trees, and not the same.
    package struct Change: Equatable, Sendable {
        /// What it was.
        package var base: TreeEntry
        /// What it is.
        package var target: TreeEntry
    }

    /// A file that a rule left out.
    package struct Exclusion: Equatable, Sendable {
        /// Where it is.
        package var path: EntryPath
        /// The rule.
        package var rule: TreeRule
    }

    /// Files that the base does not have.
    package private(set) var added: [TreeEntry] = []
    /// Files that are not the same as in the base.
    package private(set) var changed: [Change] = []
    /// Files of the base that are gone.
    package private(set) var removed: [TreeEntry] = []
    /// What was added or changed, and left out by a rule.
    package private(set) var excluded: [Exclusion] = []

    /// Compares a tree with what it was before.
    package init(from base: TreeListing, to target: TreeListing, rules: TreeRules = TreeRules()) {
        var (old, new) = (base.entries[...], target.entries[...])
        while let path = [old.first?.path, new.first?.path].compactMap(\.self).min() {
            let before = old.first.flatMap { $0.path == path ? $0 : nil }
            let after = new.first.flatMap { $0.path == path ? $0 : nil }
            if before != nil { old.removeFirst() }
            if after != nil { new.removeFirst() }
            take(before, after, rules)
        }
    }

    private mutating func take(_ before: TreeEntry?, _ after: TreeEntry?, _ rules: TreeRules) {
        if let before, let after, before.isSame(as: after) { return }
        guard let after else {
            if let before, rules.exclusion(of: before) == nil { removed.append(before) }
            return
        }
        if let rule = rules.exclusion(of: after, isAdded: before == nil) {
            excluded.append(Exclusion(path: after.path, rule: rule))
        } else if let before {
            changed.append(Change(base: before, target: after))
        } else {
            added.append(after)
        }
    }
}

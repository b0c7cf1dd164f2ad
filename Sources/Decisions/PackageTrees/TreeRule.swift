import ImageModel
package import TreeModel

/// Says what becomes of files that no package carries, and why.
package struct TreeRule: Hashable, Sendable {
    /// What becomes of them.
    package enum Action: Hashable, Sendable {
        /// They are left out.
        case drop
        /// They are left out, and made again in the image by `finalize`, of what all packages brought.
        case remake
        /// They are an error, whatever `keep` says.
        case refuse
    }

    /// Which kinds of files are meant.
    package enum Scope: Hashable, Sendable {
        /// Files of all kinds.
        case everything
        /// All but folders: programs do not start when the folder of their log is missing.
        case allButFolders
        /// Regular files: what else is there was no engine's work.
        case regularFiles
        /// Folders that the base does not have; a tree that is taken as a whole keeps them.
        case addedFolders
        /// Regular files that hold the id of one machine, and not the words that ask for a new one (machine-id(5)).
        case machineIDs
    }

    /// The globs of the paths that are meant.
    package let globs: [PathGlob]
    /// Which kinds of files are meant.
    package let scope: Scope
    /// What becomes of them.
    package let action: Action
    /// Why, without a full stop.
    package let reason: String

    init(_ action: Action, _ reason: String, _ scope: Scope = .everything, _ globs: [String]) {
        self.globs = globs.compactMap { try? PathGlob(parsing: $0) }
        self.scope = scope
        self.action = action
        self.reason = reason
    }

    /// Says whether a file is meant.
    ///
    /// - Parameter isAdded: whether a base is compared with that does not have it.
    package func applies(to entry: TreeEntry, isAdded: Bool = false) -> Bool {
        isInScope(entry, isAdded) && globs.cover(entry.path)
    }

    private func isInScope(_ entry: TreeEntry, _ isAdded: Bool) -> Bool {
        switch scope {
        case .everything: true
        case .allButFolders: !entry.isDirectory
        case .regularFiles: entry.isRegular
        case .addedFolders: entry.isDirectory && isAdded
        case .machineIDs: Self.isMachineID(entry)
        }
    }

    /// Not so of an empty file, and of one with the word `uninitialized`, of whose line this is the digest.
    private static func isMachineID(_ entry: TreeEntry) -> Bool {
        guard case .regular(let size, let digest) = entry.kind, size > 0 else { return false }
        return digest.hex != "b1f1319607d3ec9e0bf8c817dffcb1cd9a9b81f588760bada66755561a65d697"
    }
}

/// Finds the rules that hold for files.
package struct TreeRules: Sendable {
    /// Files for which no rule but those that refuse holds.
    package let keeping: [PathGlob]

    /// Takes the globs of `artefact.keep`.
    package init(keeping: [PathGlob] = []) { self.keeping = keeping }

    /// The rule by which a file is left out; nil when it is carried.
    ///
    /// - Parameter isAdded: whether a base is compared with that does not have it.
    package func exclusion(of entry: TreeEntry, isAdded: Bool = false) -> TreeRule? {
        guard let rule = TreeRule.exclusions.first(where: { $0.applies(to: entry, isAdded: isAdded) }),
            !keeping.cover(entry.path)
        else { return nil }
        return rule
    }

    /// The rule by which a file is an error; nil when it is none.
    package static func refusal(of entry: TreeEntry) -> TreeRule? {
        TreeRule.refusals.first { $0.applies(to: entry) }
    }
}

// Packages lie on each other in the order of the solver. Which file of which package is in the result follows from the
// lists of files alone, before anything is fetched.
import Faults
package import TreeModel

/// One package to be joined with others.
package struct JoinedPackage: Sendable {
    /// Who it is: the package's name, for messages.
    package var who: String
    /// What it carries.
    package var artefact: Artefact
    /// Files of packages before it that it may replace.
    package var overrides: [PathGlob]
    /// The packages before it that it was built on, all the way down: what it has instead of their shared state is a
    /// change of theirs, and no contradiction.
    package var builtOn: Set<String>

    /// Puts a package together.
    package init(_ who: String, _ artefact: Artefact, overrides: [PathGlob] = [], builtOn: Set<String> = []) {
        (self.who, self.artefact, self.overrides, self.builtOn) = (who, artefact, overrides, builtOn)
    }
}

/// A file whose content is merged of those of several packages.
package struct MergedFile: Equatable, Sendable {
    /// Where it is.
    package var path: EntryPath
    /// How it is merged.
    package var rule: SharedState.Rule
    /// What the base has; nil when it has none.
    package var base: TreeEntry?
    /// What the packages have that changed it, in their order.
    package var versions: [Version]

    /// What one package has.
    package struct Version: Equatable, Sendable {
        /// Index of the package.
        package var package: Int
        /// The file.
        package var entry: TreeEntry
        /// Whether it counts where packages before it want something else.
        package var overrides: Bool
    }
}

/// Several packages as one tree.
package struct PackageJoin: Sendable {
    /// Who a file is of.
    package enum Origin: Hashable, Sendable {
        /// The base has it.
        case base
        /// The package of that index.
        case package(Int)
    }

    private struct Place {
        var entry: TreeEntry
        var origin: Origin
    }

    /// All files, of each that is merged one version of it; what the merge makes of it takes its place.
    package let listing: TreeListing
    /// Who each file is of.
    package let origins: [EntryPath: Origin]
    /// The files to merge, by path.
    package let merges: [MergedFile]

    /// Joins packages.
    ///
    /// - Parameter base: what they all were built on, against which shared state is merged: the tree of an image, or of
    ///   the package that all others have below them.
    /// - Throws: `PackageTreesError` when a package has another file than what lies below it, and no word in
    ///   `overrides`.
    package init(on base: TreeListing = .empty, _ packages: [JoinedPackage]) throws(PackageTreesError) {
        var work = JoinWork(base, packages)
        for index in packages.indices { work.add(index) }
        guard work.conflicts.isEmpty else { throw .conflicts(work.conflicts) }
        merges = try work.merges()
        listing = TreeListing(work.places.values.map(\.entry))
        origins = work.places.mapValues(\.origin)
    }

    private struct JoinWork {
        let base: TreeListing
        let packages: [JoinedPackage]
        var places: [EntryPath: Place] = [:]
        var versions: [EntryPath: [MergedFile.Version]] = [:]
        var conflicts: [String] = []

        init(_ base: TreeListing, _ packages: [JoinedPackage]) {
            self.base = base
            self.packages = packages
            for entry in base.entries { places[entry.path] = Place(entry: entry, origin: .base) }
        }

        mutating func add(_ index: Int) {
            let artefact = packages[index].artefact
            remove(Set(artefact.removed), with: true)
            var replaced: Set<EntryPath> = []
            for entry in artefact.listing.entries {
                let isFolder = places[entry.path]?.entry.isDirectory ?? false
                put(entry, index)
                if isFolder, !entry.isDirectory { replaced.insert(entry.path) }
            }
            remove(replaced, with: false)
        }

        /// Removes what is below some paths.
        private mutating func remove(_ paths: Set<EntryPath>, with themselves: Bool) {
            guard !paths.isEmpty else { return }
            for path in places.keys
            where themselves && paths.contains(path) || path.folders.contains(where: paths.contains) {
                places[path] = nil
                versions[path] = nil
            }
        }

        private mutating func put(_ entry: TreeEntry, _ index: Int) {
            let path = entry.path
            let rule = SharedState.rule(for: path)
            let isDeclared = packages[index].overrides.cover(path)
            if rule != nil {
                versions[path, default: []].append(
                    MergedFile.Version(package: index, entry: entry, overrides: isDeclared))
            }
            guard let old = places[path] else {
                places[path] = Place(entry: entry, origin: .package(index))
                return
            }
            if old.entry.isSame(as: entry) { return }
            if !isDeclared, rule == nil {
                guard old.entry.isDirectory, entry.isDirectory, old.entry.isPlain || entry.isPlain else {
                    return conflicts.append("\(path.absolute) of \(who(old.origin)) and \(packages[index].who)")
                }
                // A folder that only holds others does not change one that says whose it is.
                if entry.isPlain { return }
            }
            places[path] = Place(entry: entry, origin: .package(index))
        }

        private func who(_ origin: Origin) -> String {
            switch origin {
            case .base: "the base"
            case .package(let index): packages[index].who
            }
        }

        /// What is to be merged; what one package alone has changed of the base is taken as it is.
        mutating func merges() throws(PackageTreesError) -> [MergedFile] {
            var merges: [MergedFile] = []
            for path in versions.keys.sorted() {
                guard var all = versions[path], let rule = SharedState.rule(for: path) else { continue }
                let old = base[path]
                let names = Set(all.map { packages[$0.package].who })
                all.removeAll { version in
                    // Who was built on another one, and has what the base has, took a change back.
                    old?.isSame(as: version.entry) ?? false
                        && packages[version.package].builtOn.isDisjoint(with: names)
                }
                // A database is the last one's that was built on all others, or says that it overrides them, as a
                // whole.
                if rule == .one, let last = all.indices.last(where: { isOnTop(all, $0) }) { all.removeFirst(last) }
                guard let first = all.first else { continue }
                places[path] = Place(entry: first.entry, origin: .package(first.package))
                if all.allSatisfy({ $0.entry.isSame(as: first.entry) }) { continue }
                let merge = MergedFile(path: path, rule: rule, base: old, versions: all)
                try check(merge)
                merges.append(merge)
            }
            return merges
        }

        private func isOnTop(_ versions: [MergedFile.Version], _ index: Int) -> Bool {
            versions[index].overrides
                || versions[..<index].allSatisfy { version in
                    packages[versions[index].package].builtOn.contains(packages[version.package].who)
                }
        }

        /// Refuses what no merge of contents can do.
        private mutating func check(_ merge: MergedFile) throws(PackageTreesError) {
            let names = merge.versions.map { packages[$0.package].who }
            if merge.rule == .one { throw .state(merge.path, names, "only one package may change it") }
            let isLink = merge.rule == .alternativeLink
            guard merge.versions.allSatisfy({ isLink ? $0.entry.isLink : $0.entry.isRegular }) else {
                throw .state(merge.path, names, "it is not a \(isLink ? "link" : "regular file") in all of them")
            }
            if isLink { return }
            let owner = try ownership(merge, names)
            places[merge.path]?.entry.ownership = owner
        }

        /// Owner and mode, merged as contents are.
        private func ownership(
            _ merge: MergedFile, _ names: [String]
        ) throws(PackageTreesError) -> TreeEntry.Ownership {
            var winner: (who: String, value: TreeEntry.Ownership)?
            for version in merge.versions {
                let (package, own) = (packages[version.package], version.entry.ownership)
                if own == winner?.value ?? merge.base?.ownership { continue }
                if let first = winner, !version.overrides, !package.builtOn.contains(first.who) {
                    if own == merge.base?.ownership { continue }
                    throw .state(merge.path, names, "owner or mode are different")
                }
                winner = (package.who, own)
            }
            return winner?.value ?? merge.base?.ownership ?? merge.versions[0].entry.ownership
        }
    }
}

extension TreeEntry {
    /// Whether it is a folder as `mkdir` makes it, which says nothing but that it is one.
    fileprivate var isPlain: Bool {
        isDirectory && permissions == 0o755 && owner == 0 && group == 0 && attributes.isEmpty
    }

    fileprivate var isLink: Bool { if case .symbolicLink = kind { true } else { false } }

    fileprivate struct Ownership: Hashable {
        var permissions: UInt16
        var owner: UInt32
        var group: UInt32
        var attributes: [FileAttribute]
    }

    fileprivate var ownership: Ownership {
        get { Ownership(permissions: permissions, owner: owner, group: group, attributes: attributes) }
        set {
            (permissions, owner, group, attributes) =
                (newValue.permissions, newValue.owner, newValue.group, newValue.attributes)
        }
    }
}

extension PackageTreesError {
    fileprivate static func conflicts(_ lines: [String]) -> PackageTreesError {
        PackageTreesError(
            .conflict, "joining", "packages", cause: "they have different files of one path: \(list(lines))",
            remedy:
                "Name the path in 'artefact.overrides' of the package that is to win, which is the later one, or leave "
                + "it out of the other by 'artefact.exclude'.")
    }

    static func state(_ path: EntryPath, _ names: [String], _ cause: String) -> PackageTreesError {
        PackageTreesError(
            .state, "joining", path.absolute, cause: "\(list(names)) change it, and \(cause)",
            remedy: "Let one of them require the others, build on them, and name the path in its 'artefact.overrides'.")
    }
}

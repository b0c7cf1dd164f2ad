package import TreeModel

/// What the shared state of joined packages becomes.
package struct MergedState: Equatable, Sendable {
    /// The most bytes of one file that is merged; dpkg's list of a desktop has some 5 MB.
    package static let fileLimit = 64 << 20

    /// The content of regular files, by path.
    package internal(set) var files: [EntryPath: [UInt8]] = [:]
    /// The targets of symbolic links, by path.
    package internal(set) var links: [EntryPath: [UInt8]] = [:]
    /// Links that lead nowhere any more.
    package internal(set) var removed: [EntryPath] = []
    /// Accounts that the base does not have; each deserves a number in `accounts` of `boatyard.yaml`.
    package private(set) var newAccounts: [AccountMerge.NewAccount] = []

    /// Merges the files that several packages have changed.
    ///
    /// - Parameter read: gives the content of a regular file of the base or of a package, at most `fileLimit` bytes.
    /// - Throws: `PackageTreesError` where they contradict each other; what `read` throws.
    package init(
        of join: PackageJoin, on base: TreeListing, _ packages: [JoinedPackage],
        read: (EntryPath, PackageJoin.Origin) throws -> [UInt8]
    ) throws {
        try mergeAccounts(join, base, packages, read)
        for merge in join.merges {
            guard let merged = try Self.content(merge, packages, read) else { continue }
            files[merge.path] = merged
            if merge.rule == .alternative { takeLinks(of: merge.path, merged) }
        }
        removed.removeAll { join.listing[$0] == nil }
        for merge in join.merges where merge.rule == .alternativeLink {
            guard links[merge.path] == nil, !removed.contains(merge.path) else { continue }
            let names = merge.versions.map { packages[$0.package].who }
            throw PackageTreesError.state(merge.path, names, "no alternative of them all says where it leads")
        }
    }

    private static func content(
        _ merge: MergedFile, _ packages: [JoinedPackage], _ read: (EntryPath, PackageJoin.Origin) throws -> [UInt8]
    ) throws -> [UInt8]? {
        if case .accounts = merge.rule { return nil }
        if merge.rule == .alternativeLink || merge.rule == .one { return nil }
        let base = try merge.base.map { _ in try read(merge.path, .base) } ?? []
        let versions = try merge.versions.map {
            StateVersion(
                packages[$0.package].who, try read(merge.path, .package($0.package)), overrides: $0.overrides,
                builtOn: packages[$0.package].builtOn)
        }
        return try merge.rule.merge(merge.path, base, versions)
    }

    private mutating func mergeAccounts(
        _ join: PackageJoin, _ base: TreeListing, _ packages: [JoinedPackage],
        _ read: (EntryPath, PackageJoin.Origin) throws -> [UInt8]
    ) throws {
        let paths = Set(join.merges.map(\.path)).intersection(AccountText.allCases.map(\.path))
        guard !paths.isEmpty else { return }
        func texts(_ listing: TreeListing, _ origin: PackageJoin.Origin) throws -> AccountTexts {
            var texts: AccountTexts = [:]
            for file in AccountText.allCases where listing[file.path]?.isRegular ?? false {
                texts[file] = try read(file.path, origin)
            }
            return texts
        }
        let versions = try packages.enumerated().map { index, package in
            AccountMerge.Version(
                package.who, try texts(package.artefact.listing, .package(index)),
                overrides: Set(AccountText.allCases.filter { package.overrides.cover($0.path) }),
                builtOn: package.builtOn)
        }
        let merged = try AccountMerge(base: try texts(base, .base), versions)
        for file in AccountText.allCases where paths.contains(file.path) { files[file.path] = merged.texts[file] }
        newAccounts = merged.newAccounts
    }

    /// Takes the links to the choice that an alternative comes to.
    private mutating func takeLinks(of path: EntryPath, _ content: [UInt8]) {
        let name = String(decoding: path.name, as: UTF8.self)
        guard let file = AlternativeFile(parsing: content), let targets = file.links(named: name) else { return }
        for link in file.slaves.keys.sorted() + [name] {
            let place = EntryPath(joined: Array("etc/alternatives/\(link)".utf8))
            if let target = targets[link] { links[place] = Array(target.utf8) } else { removed.append(place) }
        }
    }
}

extension SharedState.Rule {
    /// The merged content of one file; accounts, links and databases are not merged by themselves.
    func merge(
        _ path: EntryPath, _ base: [UInt8], _ versions: [StateVersion]
    ) throws(PackageTreesError) -> [UInt8]? {
        switch self {
        case .accounts, .alternativeLink, .one: nil
        case .packages(let form): try StanzaMerge.merge(form, base: base, versions)
        case .lines: try merge(path, base, versions) { bytes in RecordList.lines(bytes) { Array($0) } }
        case .keyedLines(let word): try merge(path, base, versions) { RecordList.lines($0, word: word) }
        case .diversions: try merge(path, base, versions, reading: RecordList.diversions)
        case .alternative:
            try AlternativeFile.merge(String(decoding: path.name, as: UTF8.self), base: base, versions)
        }
    }

    private func merge(
        _ path: EntryPath, _ base: [UInt8], _ versions: [StateVersion], reading: ([UInt8]) -> RecordList
    ) throws(PackageTreesError) -> [UInt8] {
        try RecordList.merge(base: reading(base), versions, versions.map { reading($0.bytes) }) {
            (conflict) throws(PackageTreesError) -> [UInt8]? in
            throw .state(path, [conflict.one.who, conflict.other.who], "their lines contradict each other")
        }.bytes
    }
}

// Layers that are laid on each other as they are do not quite become the joined tree: the last one wins every file,
// also one that is merged, and every folder. One further layer says the rest.
package import ImageModel
package import TreeModel

/// What a last layer says so that the layers of packages, each on the one before, become the joined tree.
package struct JoinCorrection: Equatable, Sendable {
    /// What the layer carries and takes away.
    package var artefact: Artefact
    /// The content of files that were merged.
    package var contents: [EntryPath: [UInt8]]
    /// Who has the content of its other regular files.
    package var origins: [EntryPath: PackageJoin.Origin]

    /// Compares what layers come to with what packages were joined to.
    ///
    /// - Parameters:
    ///   - base: what the packages lie on.
    ///   - packages: those that were joined, in their order.
    ///   - state: what their shared state was merged to.
    ///   - digest: computes the SHA-256 of merged content.
    /// - Throws: what `digest` throws.
    package init<Failure: Error>(
        of join: PackageJoin, on base: TreeListing, _ packages: [JoinedPackage], _ state: MergedState,
        digest: ([UInt8]) throws(Failure) -> Digest
    ) throws(Failure) {
        let stacked = packages.reduce(base) { $1.artefact.applied(to: $0) }
        let wanted = try state.applied(to: join.listing, digest: digest)
        let content = wanted.entries.filter { entry in !(stacked[entry.path]?.isSame(as: entry) ?? false) }
        let gone = Set(stacked.entries.lazy.map(\.path).filter { wanted[$0] == nil })
        let removed = gone.filter { path in
            !path.folders.contains { gone.contains($0) || wanted[$0]?.isDirectory == false }
        }
        let parents = Artefact.folders(above: content.map(\.path) + removed).compactMap { wanted[$0] }
        let artefact = Artefact(TreeListing(parents + content), removed: Array(removed))
        self.artefact = artefact
        contents = state.files.filter { path, _ in artefact.listing[path] != nil }
        origins = [:]
        for entry in artefact.listing.entries where entry.isRegular && state.files[entry.path] == nil {
            origins[entry.path] = join.origins[entry.path]
        }
    }
}

extension MergedState {
    /// A tree with merged files and links in the place of what packages have.
    ///
    /// - Parameter digest: computes the SHA-256 of merged content.
    /// - Throws: what `digest` throws.
    package func applied<Failure: Error>(
        to listing: TreeListing, digest: ([UInt8]) throws(Failure) -> Digest
    ) throws(Failure) -> TreeListing {
        let gone = Set(removed)
        var entries: [TreeEntry] = []
        for entry in listing.entries where !gone.contains(entry.path) {
            var entry = entry
            if let bytes = files[entry.path] {
                entry.kind = .regular(size: Int64(bytes.count), digest: try digest(bytes))
                entry.firstName = nil
            } else if let target = links[entry.path] {
                entry.kind = .symbolicLink(target: target)
            }
            entries.append(entry)
        }
        let present = Set(entries.map(\.path))
        for (path, target) in links where !present.contains(path) {
            entries.append(TreeEntry(path: path, kind: .symbolicLink(target: target), permissions: 0o777))
        }
        return TreeListing(entries)
    }
}

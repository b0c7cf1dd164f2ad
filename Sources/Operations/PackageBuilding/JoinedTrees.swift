import BuildPlanning
import ImageModel
import LinuxSystem
import PackageTrees
import RegistryModel
import SystemPackage
import TreeFolders
import TreeModel

/// The trees of an image and of packages on it, with the contents of what is merged.
struct JoinedTrees {
    /// What shared state is merged against.
    let base: TreeListing
    /// What is joined on it, lowest first.
    let packages: [JoinedPackage]
    private let baseLayers: [FilePath]
    /// The layers of each of them.
    private let layers: [[FilePath]]
    private let spool: FilePath

    /// Reads them all.
    ///
    /// Without an image the lowest package is the base when all others were built on it. On the twin of another image the
    /// base is what the packages were built on, which is a part of it: only so can be told what of their shared state is
    /// their own. The twin as a whole then is one of those that are joined.
    ///
    /// - Throws: `PackageTreesError` for a package whose share nobody can tell; `ArchiveError`, `TreeFoldersError` and
    ///   `SystemError` for layers that cannot be read.
    init(_ image: BaseImage?, _ parts: [BasePart], _ cache: BuildCache, spool: FilePath) throws {
        let reader = TreeReader(cache: cache, spool: spool)
        if let image, !image.packages.packages.isEmpty {
            self = try reader.trees(onTwin: image, parts)
        } else {
            self = try reader.trees(on: image, parts)
        }
    }

    fileprivate init(
        base: TreeListing, _ baseLayers: [FilePath], _ packages: [(JoinedPackage, [FilePath])], spool: FilePath
    ) {
        (self.base, self.baseLayers, self.spool) = (base, baseLayers, spool)
        self.packages = packages.map(\.0)
        layers = packages.map(\.1)
    }

    /// The content of a file that is merged.
    func content(_ path: EntryPath, _ origin: PackageJoin.Origin) throws -> [UInt8] {
        let listing =
            switch origin {
            case .base: base
            case .package(let index): packages[index].artefact.listing
            }
        guard case .regular(_, let digest)? = listing[path]?.kind else { return [] }
        return try FileBytes.read(spool.appending(digest.hex), limit: MergedState.fileLimit)
    }

    /// Brings the contents of further files into the spool.
    func fetch(_ origins: [EntryPath: PackageJoin.Origin]) throws {
        for (origin, paths) in Dictionary(grouping: origins.keys, by: { origins[$0] }) {
            let layers: [FilePath]
            switch origin {
            case .base: layers = baseLayers
            case .package(let index): layers = self.layers[index]
            case nil: continue
            }
            _ = try TreeReading.layers(layers, into: spool, selecting: Set(paths).contains)
        }
    }
}

/// Reads trees out of the cache.
private struct TreeReader {
    let cache: BuildCache
    let spool: FilePath

    func trees(on image: BaseImage?, _ parts: [BasePart]) throws -> JoinedTrees {
        let lowest = parts.first.map { "\($0.output.name)" } ?? ""
        let isOnLowest = image == nil && parts.dropFirst().allSatisfy { $0.builtOn.contains(lowest) }
        let joined = isOnLowest ? parts.dropFirst() : parts[...]
        let below = isOnLowest ? parts.prefix(1).flatMap(layers) : image.map(layers) ?? []
        return JoinedTrees(
            base: below.isEmpty ? .empty : try whole(below), below, try joined.map(package), spool: spool)
    }

    func trees(onTwin image: BaseImage, _ parts: [BasePart]) throws -> JoinedTrees {
        let twin = TwinParts(image, below: parts)
        let whole = try whole(layers(image))
        let new = try parts.map { part in
            let package = try package(part)
            try twin.check(part, package.0)
            return (twin.placed(package.0), package.1)
        }
        let ancestors = try twin.ancestors.map { ($0, try shared([cache.blob($0.layer)])) }
        let base = ancestors.first?.1 ?? .empty
        let removed = base.entries.map(\.path).filter { whole[$0] == nil }
        let all = JoinedPackage(
            TwinParts.name, Artefact(whole, removed: removed), overrides: [try PathGlob(parsing: "/**")],
            builtOn: twin.names)
        let below = ancestors.dropFirst().map { ancestor, listing in
            (JoinedPackage(ancestor.name, Artefact(listing), builtOn: ancestor.builtOn), [cache.blob(ancestor.layer)])
        }
        return JoinedTrees(
            base: base, ancestors.prefix(1).map { cache.blob($0.0.layer) }, below + [(all, layers(image))] + new,
            spool: spool)
    }

    private func layers(_ image: BaseImage) -> [FilePath] { image.layers.map { cache.blob($0.digest) } }

    private func layers(_ part: BasePart) -> [FilePath] { part.output.layer.map { [cache.blob($0)] } ?? [] }

    private func whole(_ layers: [FilePath]) throws -> TreeListing {
        try TreeReading.layers(layers, into: spool, selecting: SharedState.isShared).reading.listing
    }

    /// What is merged, and nothing else: the other files of what lies in a twin are the twin's.
    private func shared(_ layers: [FilePath]) throws -> TreeListing {
        TreeListing(try whole(layers).entries.filter { SharedState.isShared($0.path) })
    }

    private func package(_ part: BasePart) throws -> (JoinedPackage, [FilePath]) {
        let layers = layers(part)
        guard let layer = layers.first else { return (JoinedPackage("\(part.output.name)", Artefact(.empty)), []) }
        let artefact = try TreeReading.artefact(inLayer: layer, into: spool, selecting: SharedState.isShared).artefact
        let overrides = try part.overrides.map { try PathGlob(parsing: $0) }
        return (
            JoinedPackage("\(part.output.name)", artefact, overrides: overrides, builtOn: part.builtOn), layers
        )
    }
}

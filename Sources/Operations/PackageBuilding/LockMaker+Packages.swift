import BuildPlanning
import ImageAssembly
import ImageModel
import PackageModel
import PackageRepositories
import PackageSelection
import PackageSolving
import PackageSpecs
import RepositoryPlanning

// What a layer takes from the layers below: chosen once, and then only checked.
extension LockMaker {
    /// Notes the indexes of the layers below, and the packages of them that the layer's files need.
    ///
    /// What is noted and fits stays, and then nobody is asked.
    ///
    /// - Returns: what changed, a line each.
    func lockPackages(_ specs: LayerSpecs, from old: LockFile, in lock: inout LockFile) throws -> [String] {
        (lock.repositories, lock.packages) = ([:], [])
        let layers = specs.layer.layers
        if layers.isEmpty { return [] }
        let kept = layers.map { isKept("\($0.repository)") && isKept($0.name) ? old.repository(of: $0) : nil }
        for (layer, index) in zip(layers, kept) { lock.repositories["\(layer.repository)"] = index }
        var before = lock
        before.packages = old.packages
        if lock.base?.packages == old.base?.packages, let packages = before.packages(fitting: specs),
            kept.allSatisfy({ $0 != nil }), packages.allSatisfy({ lock.repositories[$0.repository] != nil })
        {
            lock.packages = packages
            return []
        }
        let opened = try zip(layers, kept).map { try repositories.open($0, locked: $1) }
        for (layer, opened) in zip(layers, opened) {
            lock.repositories["\(layer.repository)"] = LockedRepository(
                revision: opened.known.index.revision, manifest: opened.known.digest)
        }
        let result = try Self.choose(specs, opened, having: lock.basePackages(of: specs))
        lock.packages = result.packages.compactMap { LockedPackage($0, layers) }
        // What the base has is not needed besides, unless something is built on it.
        lock.packages = lock.packages(fitting: specs) ?? lock.packages
        try checkBuilds(specs, lock)
        return Self.changes(lock, old) + opened.flatMap(\.notes) + result.warnings.map(\.description)
    }

    /// Refuses a base with packages on which something is to be built, in versions that no layer below has.
    private func checkBuilds(_ specs: LayerSpecs, _ lock: LockFile) throws(TwinError) {
        let base = lock.basePackages(of: specs)
        let missing = lock.differences(from: specs).first { difference in
            difference.subject == .package && difference.isStale
        }
        guard let missing,
            let own = base.first(where: { package in missing.name.prefix { $0 != " " } == "\(package.name)" })
        else { return }
        throw .unbuilt(missing, own)
    }

    /// What the layer has itself comes first, and then the layers below in their order.
    private static func choose(
        _ specs: LayerSpecs, _ opened: [RepositoryReader.Opened], having base: [PackageMetadata]
    ) throws -> SolverResult {
        for request in specs.outsideRequests(having: base) {
            guard let own = base.first(where: { $0.name == request.value.name }) else { continue }
            guard request.value.versions.contains(own.version) else {
                throw ClosureError.replacing(own, "\(request.place) asks for \(request.value)")
            }
        }
        let offers = [specs.offer] + PackageOffer.below(opened, having: base)
        let catalogue = PackageCatalogue(offers, architecture: ImageArchitecture.host)
        return try PackageSolver.result(of: specs.placedRequests(having: base), in: catalogue)
    }

    private static func changes(_ lock: LockFile, _ old: LockFile) -> [String] {
        let indexes = lock.repositories.sorted { $0.key < $1.key }.filter { old.repositories[$0.key] != $0.value }
        let packages = lock.packages.filter { !old.packages.contains($0) }
        return indexes.map { "\($0.key) is revision \($0.value.revision), \($0.value.manifest.registryText)" }
            + packages.map { "\($0.name) is \($0.version), \($0.manifest.registryText)" }
    }
}

extension LockFile {
    /// The packages that the files of a layer need; nil when some are missing or do not fit.
    fileprivate func packages(fitting specs: LayerSpecs) -> [LockedPackage]? {
        let found = differences(from: specs).filter { $0.subject == .package }
        guard !found.contains(where: \.isStale) else { return nil }
        let unused = Set(found.map(\.name))
        return packages.filter { !unused.contains("\($0.name) \($0.version)") }
    }
}

extension LockedPackage {
    /// Notes a package that was chosen; nil for one of the layer itself, whose files are there.
    fileprivate init?(_ solved: SolvedPackage, _ layers: [LowerLayer]) {
        guard let published = solved.package.published, layers.indices.contains(solved.layer - 1) else { return nil }
        let metadata = published.metadata
        self.init(
            metadata.name, metadata.version, architecture: metadata.architecture,
            repository: "\(layers[solved.layer - 1].repository)", manifest: published.manifest)
        (requires, conflicts, provides) = (metadata.requires, metadata.conflicts, metadata.provides)
    }
}

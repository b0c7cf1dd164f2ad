package import BuildPlanning
package import ContainerBuilds
import ImageModel
import LinuxSystem
import PackageModel
package import PackageSpecs
import PackageTrees
import RegistryModel
package import SystemPackage
import TreeFolders
import TreeModel

/// Makes the artefacts of packages: in containers, from folders, or without any files.
package struct ContainerMaker: PackageMaking {
    /// The layer's folder.
    package var layer: FilePath
    /// Where artefacts, bases and what steps print go.
    package var cache: BuildCache
    /// Where base images come from.
    package var images: BaseImages
    /// Where containers are kept.
    package var store: BuildStore
    /// How long one step may take.
    package var stepLimit = Duration.seconds(3600)
    /// Whether the container of a step that fails stays until the next build.
    package var keepsFailed = false

    /// Prepares to build.
    package init(layer: FilePath, cache: BuildCache, images: BaseImages, store: BuildStore) {
        self.layer = layer
        self.cache = cache
        self.images = images
        self.store = store
    }

    /// What of a package's folder counts.
    ///
    /// - Throws: `ArchiveError`, `TreeFoldersError` for what cannot be listed; `SystemError`.
    package func files(of package: PackageSpec) throws -> [BuildSurroundings.File] {
        guard package.artefact != nil else { return [] }
        return try folder(layer.pushing(package.folder)).files
    }

    /// What counts of a folder of the layer; files that have not changed since the last time are not read again.
    ///
    /// - Throws: as `files`.
    func folder(_ path: FilePath) throws -> PackageFolder {
        var digests = try DigestCache(in: cache.folder.appending("digests"), of: path)
        let listing = try TreeReading.folder(path, cache: &digests).listing
        try digests.save()
        return PackageFolder(listing)
    }

    /// What builds keep in the store.
    var kept: KeptImages { KeptImages(store) }

    /// Whether the container of a build is in the store.
    ///
    /// - Throws: `SystemError` when that cannot be found out.
    package func hasContainer(_ key: String) throws -> Bool { try kept.has(key) }

    /// Builds a package; only inside an `Enclosure`, unless it needs no container.
    ///
    /// - Throws: `PackageBuildError`, `PackageTreesError`, `ProcessError`, `BaseImageError`, the errors of sources.
    package func make(_ order: BuildOrder) throws -> [BuildOutput] {
        let package = order.package
        guard let artefact = package.artefact else { return package.outputs.map { BuildOutput($0.name) } }
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "build")
        let section = try ArtefactSection(package)
        guard case .files(let tree) = artefact.source else {
            return try makeInContainer(order, section, in: work.path)
        }
        let root = layer.pushing(package.folder).pushing(tree)
        guard try FileStatus.of(root)?.kind == .directory else {
            throw PackageBuildError.noFolder(root, package.place)
        }
        let content = try folder(root).entries
        return try store(Artefact(folder: content, section), of: order, from: root, in: work.path)
    }

    private func makeInContainer(
        _ order: BuildOrder, _ section: ArtefactSection, in work: FilePath
    ) throws -> [BuildOutput] {
        let run = try ContainerRun(order, self, in: work)
        return try run.perform { result in
            try store(try Self.artefact(result, section), of: order, from: result.root, in: work)
        }
    }

    static func artefact(_ result: ContainerRun.Result, _ section: ArtefactSection) throws -> Artefact {
        switch result.source {
        case .difference(let before):
            let difference = TreeDifference(from: before, to: result.listing, rules: section.rules)
            return try Artefact(of: difference, in: result.listing, section)
        case .tree: return try Artefact(wholeOf: result.listing, section)
        case .folder: return try Artefact(folder: result.listing, section)
        }
    }

    /// Writes the layers of a package and of what is split off, and takes them into the cache.
    private func store(
        _ artefact: Artefact, of order: BuildOrder, from root: FilePath, in work: FilePath
    ) throws -> [BuildOutput] {
        let divided = artefact.divided(by: try order.package.splitSections)
        let parts = [(order.package.name, divided.rest)] + divided.parts.map { ($0.name, $0.artefact) }
        var outputs: [BuildOutput] = []
        for (name, part) in parts {
            let file = work.appending("layer-\(outputs.count)")
            let layer = try LayerWriter.write(part, from: .folder(root), to: file, epoch: order.surroundings.epoch)
            try cache.take(file, as: layer.digest)
            outputs.append(
                BuildOutput(
                    name, layer: layer.digest, content: layer.diffID, size: layer.size,
                    installedSize: layer.installedSize))
        }
        return outputs
    }
}

extension ArtefactSection {
    /// Reads the globs of a package's file.
    ///
    /// - Throws: `GlobError`.
    init(_ package: PackageSpec) throws {
        self.init(
            include: try package.artefact?.include.map { try PathGlob(parsing: $0) } ?? [],
            exclude: try package.artefact?.exclude.map { try PathGlob(parsing: $0) } ?? [],
            overrides: try package.artefact?.overrides.map { try PathGlob(parsing: $0.value) } ?? [],
            removes: try package.artefact?.removes.map { try PathGlob(parsing: $0.value) } ?? [],
            keep: package.artefact?.carriesRemade == true ? TreeRule.remadeGlobs : [])
    }
}

extension PackageSpec {
    fileprivate var splitSections: [ArtefactSection.Split] {
        get throws {
            try splits.map { split in
                ArtefactSection.Split(split.name, include: try split.include.map { try PathGlob(parsing: $0) })
            }
        }
    }
}

package import BuildPlanning
package import ContainerBuilds
import DocumentTree
import Faults
import ImageAssembly
import ImageModel
import ImagePlanning
import LayerFolders
import LinuxSystem
import PackageModel
package import PackageRepositories
package import PackageSpecs
package import RegistryModel
package import SystemPackage

/// Says which layer is worked on, and with what.
package struct LayerChoice: Sendable {
    /// The layer's folder.
    package var folder: FilePath
    /// The cache's folder.
    package var cache: FilePath
    /// Names of flavours, the strongest last.
    package var flavours: [String] = []
    /// Values as `NAME=VALUE`.
    package var settings: [String] = []
    /// How registries are reached.
    package var access: RegistryConfiguration
    /// Whether nobody may be asked over a network.
    package var isOffline = false
    /// What remembers which indexes of repositories were seen; nil for nothing.
    package var memory: RepositoryMemoryFile?
    /// The time that steps see as now, in seconds since 1970.
    package var epoch: Int64 = Self.standardEpoch

    /// The first second of the year 2000: old enough to be recognised, young enough for archives that know no 1970.
    package static let standardEpoch: Int64 = 946_684_800

    /// Chooses a layer; what has a default can be set afterwards.
    package init(_ folder: FilePath, cache: FilePath, access: RegistryConfiguration) {
        self.folder = folder
        self.cache = cache
        self.access = access
    }
}

extension LayerChoice {
    /// How repositories that the layer's file names are reached.
    package var repositories: LayerRepositories {
        LayerRepositories(of: folder, access, isOffline: isOffline, memory: memory)
    }
}

/// A layer that has been read, with its lock and the cache.
package struct LayerSession: Sendable {
    /// What was chosen.
    package let choice: LayerChoice
    /// What its files say.
    package let specs: LayerSpecs
    /// What is odd in them, a sentence each.
    package let notes: [String]
    /// The lock; an empty one where there is none.
    package private(set) var lock: LockFile
    /// Whether there is a lock on the disk.
    package let hasLock: Bool
    /// The cache.
    package let cache: BuildCache
    /// Which builds need which; of packages from below only what the lock says of them is known.
    package var graph: LayerGraph { LayerGraph(specs.packages, provided: lock.packages.map(\.metadata)) }

    private let folder: LayerFolder
    let images: BaseImages
    static let architecture = ImageArchitecture.host

    /// Reads a layer.
    ///
    /// - Throws: `SpecError` for what is wrong in its files; `SystemError` when the cache cannot be made.
    package init(_ choice: LayerChoice, environment: [String: String]) throws {
        self.choice = choice
        folder = LayerFolder(choice.folder)
        let reading = try folder.read(choice.request(environment))
        specs = try reading.specs()
        notes = reading.notes
        let found = try folder.lock()
        hasLock = found != nil
        lock = found ?? LockFile()
        cache = try BuildCache(choice.cache)
        images = BaseImages(cache, choice.access, isOffline: choice.isOffline)
    }

    /// Takes a folder with a Containerfile for a layer of one package, which is locked to what its images are now.
    ///
    /// - Throws: `LayerImageError` when there is none; `SpecError` for one that cannot be read; the errors of sources.
    package init(containerfileIn choice: LayerChoice) throws {
        self.choice = choice
        folder = LayerFolder(choice.folder)
        specs = try LayerSpecs(LayerFile(), of: LayerImage.containerfile(in: choice.folder, Self.architecture))
        (notes, hasLock) = ([], true)
        cache = try BuildCache(choice.cache)
        images = BaseImages(cache, choice.access, isOffline: choice.isOffline)
        lock = try LockMaker(cache, images, choice.repositories).lock(specs, from: LockFile()).lock
    }

    /// What the lock lacks for a build.
    package var missing: [LockDifference] { lock.differences(from: specs).filter(\.isStale) }

    /// Notes in the lock what it lacks, and leaves out what nothing uses; the file is written when that changes it.
    ///
    /// - Parameters:
    ///   - updated: names that are looked at again: references of images and repositories, addresses; nil for all.
    /// - Returns: what changed, a line each.
    /// - Throws: the errors of sources; `SpecError` when the file cannot be written.
    package mutating func completeLock(updating updated: Set<String>? = []) throws -> [String] {
        var maker = LockMaker(cache, images, choice.repositories)
        maker.updatesAll = updated == nil
        maker.updated = updated ?? []
        let (lock, changes) = try maker.lock(specs, from: self.lock)
        if lock != self.lock || !hasLock { try folder.write(lock) }
        self.lock = lock
        return changes
    }

    /// Packages by their names, or by `NAME VERSION`; all versions of a name.
    ///
    /// - Throws: `ClosureError` for one that the layer does not have.
    package func packages(named names: [String]) throws(ClosureError) -> [PackageSpec] {
        var chosen: [PackageSpec] = []
        for name in names {
            let found = specs.packages.filter { "\($0.name)" == name || $0.identity == name }
            guard !found.isEmpty else { throw .unknown(name, specs.packages.map { "\($0.name)" }) }
            chosen += found
        }
        return chosen
    }

    /// Prepares to build with the lock as it is.
    ///
    /// - Parameters:
    ///   - driver: how layers of containers lie over each other; nil for as they did in the last build.
    ///   - packages: what is built besides those of the layer.
    ///   - keepsFailed: whether the container of a step that fails stays until the next build.
    ///   image that is not in the cache.
    package func builder(
        _ driver: BuildStore.Driver? = nil, keepsFailed: Bool = false, adding packages: [PackageSpec] = []
    ) throws -> PackageBuilder<ContainerMaker> {
        let store = BuildStore(in: cache.folder, driver ?? cache.lastDriver ?? .overlay)
        var maker = ContainerMaker(layer: choice.folder, cache: cache, images: images, store: store)
        maker.keepsFailed = keepsFailed
        let published = try published()
        var known: [String: [PackageMetadata]] = [:]
        if let base = try base { known["\(base.value)"] = lock.basePackages(of: specs) }
        let graph = LayerGraph(specs.packages + packages, provided: published.map(\.metadata), images: known)
        let provided = Dictionary(published.map { ($0.metadata.identity, $0) }) { first, _ in first }
        return PackageBuilder(graph, provided: provided, pins: try pins(), cache: cache, maker: maker)
    }

    /// The packages of layers below that the lock takes.
    func published() throws -> [PublishedPackage] {
        let layers = Dictionary(specs.layer.layers.map { ("\($0.repository)", $0.repository) }) { first, _ in first }
        return try lock.packages.compactMap { locked in
            try layers[locked.repository].map {
                try PublishedPackage(locked, in: choice.repositories.reference(locked.manifest, in: $0), images)
            }
        }
    }

    private func pins() throws -> BuildPins {
        var pins = BuildPins(architecture: Self.architecture, epoch: choice.epoch)
        for image in Set(specs.packages.flatMap(\.images) + (try base.map { [$0.value] } ?? [])) {
            guard let locked = image.digest ?? lock.images["\(image)"] else { continue }
            pins.images["\(image)"] = try images.manifest(image, locked, architecture: Self.architecture)
        }
        pins.fetches = lock.fetches.mapValues(\.digest)
        pins.accounts = specs.layer.accounts
        return pins
    }
}

extension ClosureError {
    fileprivate static func unknown(_ name: String, _ known: [String]) -> ClosureError {
        let near = known.nearest(to: name).map { "; did you mean \($0)?" } ?? ""
        return ClosureError(
            .missing, "looking for the package", name, cause: "the layer has none of this name\(near)",
            remedy: "Choose one of those that 'boatyard package show' lists.")
    }
}

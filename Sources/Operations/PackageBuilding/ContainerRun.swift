import BuildPlanning
import ContainerBuilds
import ImageModel
import LinuxSystem
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import TreeFolders
import TreeModel

/// Runs the steps of one package in a container of its own.
struct ContainerRun: Sendable {
    /// What the steps have left.
    struct Result {
        /// What the artefact is taken from.
        enum Source {
            /// What differs from this tree.
            case difference(TreeListing)
            /// All of it.
            case tree
            /// A folder that the steps have filled.
            case folder
        }

        var source: Source
        /// Where it is to be seen.
        var root: FilePath
        var listing: TreeListing
        /// When each step began, in nanoseconds since 1970 by the clock of files' changes.
        var begins: [Int64]
    }

    let order: BuildOrder
    let maker: ContainerMaker
    private let work: FilePath
    let build: BuildSpec
    let buildah: Buildah
    private let log: FilePath

    /// Prepares a run with a folder for its own files.
    init(_ order: BuildOrder, _ maker: ContainerMaker, in work: FilePath) throws {
        self.order = order
        self.maker = maker
        self.work = work
        build = order.package.build ?? BuildSpec()
        buildah = Buildah(maker.store)
        log = maker.cache.log(of: order.package.name)
    }

    /// Runs everything, and gives the result away while the container is there.
    ///
    /// - Throws: as `ContainerMaker.make`, and what the body throws.
    func perform<Value>(_ body: (Result) throws -> Value) throws -> Value {
        let output = try LogFile(log)
        let stage = work.appending("stage")
        try stageFolder(stage)
        let folder = "\(stage):/build:ro"
        let secrets = try Self.secrets(build, layer: maker.layer, in: work)
        let prepared = try prepared((build.preparesInFolder ? [folder] : []) + secrets, output) { try base() }
        let start = try prepared.map { (image: $0, before: nil) } ?? start(stage, output)
        var container = try container(from: start.image, [folder] + secrets)
        let root = try container.mount()
        // What the steps leave alone is not read again.
        var (before, digests) = start.before ?? (.empty, DigestCache())
        if isDifference, start.before == nil { (before, digests) = try Self.list(root) }
        try bringIn(to: container)
        let begins = try run(build.steps, in: &container, output)
        if order.keepsContainer { try maker.kept.keep(container, as: order.buildKey) }
        let value = try body(try result(root, before, &digests, begins))
        container.end()
        return value
    }

    private var isDifference: Bool { order.package.artefact?.source == .difference }

    func container(from image: String, _ volumes: [String]) throws -> BuildContainer {
        let environment = BuildContainer.environment(epoch: order.surroundings.epoch, build.environment)
        return try BuildContainer(buildah, from: image, environment: environment, volumes: volumes)
    }

    private func result(
        _ root: FilePath, _ before: TreeListing, _ digests: inout DigestCache, _ begins: [Int64]
    ) throws -> Result {
        guard case .directory(let path)? = order.package.artefact?.source else {
            let listing = try TreeReading.folder(root, cache: &digests).listing
            return Result(
                source: isDifference ? .difference(before) : .tree, root: root, listing: listing, begins: begins)
        }
        // A link on the way leads to what it means in the container.
        let folder = try? DirectoryHandle(root: root).directory(FilePath(path.removingRoot().string)).realPath
        guard let folder else { throw PackageBuildError.noFolder(path, order.package.place) }
        let listing = try TreeReading.folder(folder).listing
        return Result(source: .folder, root: folder, listing: listing, begins: begins)
    }

    /// Copies what counts of the package's folder, and downloads that steps find in it.
    private func stageFolder(_ stage: FilePath) throws {
        try Folders.makeNew(stage)
        let source = maker.layer.pushing(order.package.folder)
        let folder = try maker.folder(source)
        guard folder.files == order.surroundings.files else {
            throw PackageBuildError.changedMeanwhile(source, "a file")
        }
        try StagedFolder.copy(folder.entries, of: source, to: stage, time: order.surroundings.epoch)
        for fetch in build.fetches where !fetch.target.isAbsolute {
            try StagedFolder.add(try download(fetch), to: stage, as: fetch.target, time: order.surroundings.epoch)
        }
    }

    /// Where a download is in the cache, which may be another one than that in which the lock was made.
    private func download(_ fetch: BuildFetch) throws -> FilePath {
        guard let digest = fetch.digest ?? order.surroundings.fetches[fetch.url] else {
            throw PackageBuildError.notLocked("the download", fetch.url, fetch.place)
        }
        let downloads = Downloads(maker.cache, isOffline: maker.images.isOffline)
        return maker.cache.blob(try downloads.get(fetch, expecting: digest))
    }

    /// What the container starts from, and what its tree is compared with; nil where that is the tree it starts with.
    private func start(
        _ stage: FilePath, _ output: borrowing LogFile
    ) throws -> (image: String, before: (TreeListing, DigestCache)?) {
        guard let file = build.containerfile else { return (try base(), nil) }
        let text = try ContainerfileText(build.containerText ?? "", first: build.base == nil ? nil : base()) { image in
            try base(maker.image(image, file.place, order.surroundings))
        }
        let path = work.appending("Containerfile")
        try AtomicFile.write(Array(text.text.utf8), to: path)
        let name = "localhost/boatyard-file:\(order.buildKey)"
        // Beside the build, which knows nothing of it.
        var before = BackgroundWork { [self] in isDifference ? try list(image: text.base) : (.empty, DigestCache()) }
        let outcome = try buildah.build(
            path, context: stage, as: name,
            environment: BuildContainer.environment(epoch: order.surroundings.epoch, build.environment),
            epoch: order.surroundings.epoch, hasNetwork: build.hasNetwork, output: output.descriptor,
            timeout: maker.stepLimit)
        guard outcome.succeeded else { throw PackageBuildError.containerfile(file, outcome, log: log) }
        return (name, try before.value())
    }

    /// How buildah names what the file says under `from`.
    private func base() throws -> String {
        switch build.base {
        case .buildContainer?: return KeptImages.name(order.surroundings.buildContainer ?? "")
        case .layers?: return try name(maker.composition(order))
        case .nothing?, nil: return "scratch"
        }
    }

    /// How buildah names what steps start from: an image with packages on it, and with the accounts of the layer.
    private func base(_ image: BaseImage) throws -> String {
        try name(maker.composition(image, [], order.surroundings))
    }

    /// How buildah names an image, or a package, that files are copied from.
    private func composed(_ image: BaseImage?, _ packages: [BasePart] = []) throws -> String {
        var composition = BaseComposition(image)
        for part in packages {
            try maker.images.fetch(part)
            composition.add(part.output)
        }
        return try name(composition)
    }

    private func name(_ composition: BaseComposition) throws -> String {
        // Without overlays each layer would be a copy of the whole tree.
        let limit = maker.store.driver == .vfs ? 1 : BaseComposition.layerLimit
        return try composition.make(
            in: maker.cache, architecture: order.surroundings.architecture, layersAtMost: limit)
    }

    /// Brings in what counts as content: files of packages and images, and downloads with a place of their own.
    private func bringIn(to container: borrowing BuildContainer) throws {
        var packages = order.copies[...]
        for copy in build.copies {
            let source: String
            switch copy.origin.value {
            case .image(let reference):
                source = try composed(maker.image(reference, copy.origin.place, order.surroundings))
            case .package: source = try composed(nil, Array(packages.popFirst().map { [$0] } ?? []))
            }
            try container.copy(copy.source.string, from: source, to: copy.destination.string)
        }
        for fetch in build.fetches where fetch.target.isAbsolute {
            try container.copy(try download(fetch).string, to: fetch.target.string)
        }
    }

    /// Runs steps, and says when each began.
    @discardableResult
    func run(
        _ steps: [Located<String>], in container: inout BuildContainer, _ output: borrowing LogFile
    ) throws -> [Int64] {
        var begins: [Int64] = []
        for step in steps {
            try output.write("+ \(step.value)\n")
            begins.append(try FileStamp.of(output.descriptor).changed)
            let outcome = try container.run(
                step.value, hasNetwork: build.hasNetwork, output: output.descriptor, timeout: maker.stepLimit)
            guard !outcome.succeeded else { continue }
            throw PackageBuildError.step(step, outcome, log: log, entry: maker.keepsFailed ? container.keep() : [])
        }
        return begins
    }
}

package import BuildPlanning
package import ContainerBuilds
import Cryptography
import Faults
import ImageModel
import LinuxSystem
import PackageModel
package import PackageSpecs
package import RegistryModel
import SystemPackage

/// The image of a layer as a container image: its packages, its files, and what is done to them.
package struct LayerImage {
    /// What came out.
    package struct Result {
        /// How all builds ended.
        package var summary: BuildSummary
        /// The container image, in a layout of the cache; nil when something is still to be built, or failed.
        package var image: SourceReference?
    }

    /// What the layer says of it; nil for a Containerfile.
    package let derivative: DerivativeSpec?
    let session: LayerSession
    private let driver: BuildStore.Driver?

    /// How many packages are built at a time.
    package var jobs = 1
    /// Whether nothing is built.
    package var isDry = false
    /// Whether the container of a step that fails stays until the next build.
    package var keepsFailed = false

    /// Takes the image of a layer.
    ///
    /// - Parameter driver: how layers of containers lie over each other; nil for as they did in the last build.
    /// - Throws: `LayerImageError` for a layer that has none.
    package init(of session: LayerSession, _ driver: BuildStore.Driver? = nil) throws(LayerImageError) {
        derivative = session.specs.derivative
        guard derivative != nil || session.isContainerfile else { throw .absent(session.choice.folder) }
        self.session = session
        self.driver = driver
    }

    /// Builds its packages and then itself, or looks what would be built.
    ///
    /// - Parameter tell: is called in this thread.
    /// - Throws: as `PackageBuilder.run`; `PackageTreesError` for packages that cannot be in one image.
    package func make(tell: (BuildEvent) -> Void) throws -> Result {
        guard let derivative else { return try makeContainerfile(tell) }
        let (packages, summary) = try self.packages(of: derivative, tell)
        guard summary.isComplete else { return Result(summary: summary) }
        guard let list = try wholeList(packages, summary) else { return Result(summary: summary) }
        return try planned(derivative, packages, list) { plan, builder in
            var whole = try builder.run(plan.builds) { if !$0.isKnown(after: summary) { tell($0) } }
            let image = try whole.isComplete ? builder.composition(of: plan.finalize, whole) : nil
            let reference = try image?.reference(
                in: session.cache, architecture: LayerSession.architecture, packages: list)
            whole.add(summary)
            return Result(summary: whole, image: reference)
        }
    }

    /// Does what is done last once more, and says what is not the same then; nothing of it is kept.
    ///
    /// - Returns: nothing also for a Containerfile, and when something is still to be built.
    /// - Throws: as `make`.
    package func unequal(tell: (BuildEvent) -> Void) throws -> [UnequalFile] {
        guard let derivative else { return [] }
        let (packages, summary) = try self.packages(of: derivative) { _ in }
        guard summary.isComplete, let list = try wholeList(packages, summary) else { return [] }
        return try planned(derivative, packages, list) { plan, builder in
            let whole = try builder.run(plan.builds) { _ in }
            return try plan.repeated.flatMap { part -> [UnequalFile] in
                guard let order = try builder.order(part, whole), let output = whole.outputs[part.identity] else {
                    return []
                }
                tell(.started(part.identity, .repeated))
                return try builder.maker.unequal(order, to: output) { plan.name(ofStep: $0, of: part) }
            }
        }
    }

    /// What the image has of packages, its base's included; nil while one is still to be built.
    private func wholeList(_ packages: [PackageMetadata], _ summary: BuildSummary) throws -> PackageList? {
        try list(packages, summary)?.laid(on: session.baseList)
    }

    /// Plans the image, and gives the plan away while nobody else does the same.
    private func planned<Value>(
        _ derivative: DerivativeSpec, _ packages: [PackageMetadata], _ list: PackageList,
        _ body: (ImageBuildPlan, PackageBuilder<ContainerMaker>) throws -> Value
    ) throws -> Value {
        let folder = session.cache.folder.appending("images/\(try key)")
        try Folders.make(folder)
        let lock = try FileLock(FilePath("\(folder).lock"))
        return try withExtendedLifetime(lock) {
            let plan = try plan(derivative, packages, list, in: folder)
            return try body(plan, builder(adding: plan.builds))
        }
    }

    /// Says why two builds of the image may not be equal, as far as the files tell.
    ///
    /// - Parameter hasTime: whether somebody said which time the image is to name.
    package func reproduction(of result: Result, hasTime: Bool) -> ReproductionNotes {
        let packages = session.specs.packages.filter { result.summary.outputs[$0.identity] != nil }
        return ReproductionNotes(derivative, packages: packages, hasTime: hasTime)
    }

    private func makeContainerfile(_ tell: (BuildEvent) -> Void) throws -> Result {
        let summary = try builder().run(tell: tell)
        guard summary.isComplete, let package = session.specs.packages.first else { return Result(summary: summary) }
        var tree = BaseComposition(nil)
        if let output = summary.outputs[package.identity] { tree.add(output) }
        return Result(
            summary: summary, image: try tree.reference(in: session.cache, architecture: LayerSession.architecture))
    }

    /// The package that a folder's Containerfile makes.
    ///
    /// - Throws: `LayerImageError` when there is none; `SpecError`, `SystemError` for one that cannot be read.
    static func containerfile(in folder: FilePath, _ architecture: String) throws -> PackageSpec {
        for name in ContainerfileSpec.fileNames {
            guard let bytes = try FileBytes.readIfPresent(folder.appending(name), limit: ContainerfileSpec.sizeLimit)
            else { continue }
            let word = (folder.lastComponent?.string ?? "").lowercased().filter { $0.isASCII && $0.isLetter }
            return try ContainerfileSpec.package(
                PackageName(parsing: "image/\(word.isEmpty ? "tree" : word)"), PackageVersion(parsing: "0"),
                text: String(decoding: bytes, as: UTF8.self), file: name, architecture: architecture)
        }
        throw LayerImageError.containerless(folder)
    }

    private func builder(adding packages: [PackageSpec] = []) throws -> PackageBuilder<ContainerMaker> {
        var builder = try session.builder(driver, keepsFailed: keepsFailed, adding: packages)
        (builder.jobs, builder.isDry) = (jobs, isDry)
        return builder
    }

    /// The packages of the image, each behind what it requires, and how their builds ended.
    private func packages(
        of derivative: DerivativeSpec, _ tell: (BuildEvent) -> Void
    ) throws -> ([PackageMetadata], BuildSummary) {
        let builder = try builder()
        let packages = try builder.graph.packages(for: derivative.packages, on: session.base?.value)
            .map(builder.described)
        return (packages, try builder.run(packages.compactMap(builder.graph.build), tell: tell))
    }

    /// Stages the layer's files and plans what is done with them.
    private func plan(
        _ derivative: DerivativeSpec, _ packages: [PackageMetadata], _ list: PackageList, in folder: FilePath
    ) throws -> ImageBuildPlan {
        let staging = folder.appending("files")
        try ImageStage.fill(staging, with: derivative, of: session.choice.folder, listing: list)
        var build = session.choice.folder.appending(DerivativeSpec.stepsFolder.components)
        if try FileStatus.of(build) == nil {
            build = folder.appending("nothing")
            try Folders.make(build)
        }
        return try ImageBuildPlan(
            derivative, on: session.base, packages: packages,
            in: .init(staging: staging, build: build), architecture: LayerSession.architecture)
    }

    /// What tells this layer's image from others with the same cache.
    private var key: String {
        get throws { String(try SHA256Hasher.digest(of: Array("\(session.choice.folder)".utf8)).hex.prefix(16)) }
    }
}

extension BuildEvent {
    /// Whether it says nothing new once packages were built, and builds of the image follow that nobody can share.
    func isKnown(after packages: BuildSummary) -> Bool {
        switch self {
        case .cached(let name, _, _): packages.outputs[name] != nil
        case .idle: true
        default: false
        }
    }
}

extension BuildSummary {
    /// Whether all is there.
    fileprivate var isComplete: Bool { failures.isEmpty && due.isEmpty && unknown.isEmpty && skipped.isEmpty }

    /// Counts what was built before.
    fileprivate mutating func add(_ other: BuildSummary) {
        built = other.built + built
        let own = Set(cached)
        cached = other.cached.filter { !own.contains($0) && !built.contains($0) } + cached
    }
}

extension LayerSession {
    /// Whether nobody described a layer, and a Containerfile is all there is.
    fileprivate var isContainerfile: Bool { specs.layer.name.isEmpty && specs.packages.count == 1 }
}

package import BuildPlanning
import Cryptography
import ImageModel
import LinuxSystem
package import PackageModel
package import PackageSpecs

/// Builds packages in an order in which each finds what it is built on, several beside each other, and only those whose
/// inputs have changed.
///
/// What counts of a package for those above it is its content: a build that gives the same bytes as before is the last one.
package struct PackageBuilder<Maker: PackageMaking>: Sendable {
    /// Which builds need which.
    package let graph: LayerGraph
    private let packages: [String: PackageSpec]
    private let provided: [String: PublishedPackage]
    private let pins: BuildPins
    private let cache: BuildCache
    private let maker: Maker

    /// How many packages are built at a time.
    package var jobs = 1
    /// Packages that are built although nothing has changed.
    package var rebuilt: Set<PackageName> = []
    /// Whether nothing is built.
    package var isDry = false

    /// Prepares to build.
    ///
    /// - Parameters:
    ///   - provided: artefacts of packages that are not of this layer, by identity.
    package init(
        _ graph: LayerGraph, provided: [String: PublishedPackage] = [:], pins: BuildPins, cache: BuildCache,
        maker: Maker
    ) {
        self.graph = graph
        packages = Dictionary(graph.packages.map { ($0.identity, $0) }) { first, _ in first }
        self.provided = provided
        self.pins = pins
        self.cache = cache
        self.maker = maker
    }

    /// Builds some packages and all that these need.
    ///
    /// A build that fails ends those that need it, and no other.
    ///
    /// - Parameters:
    ///   - wanted: nil for all of the layer.
    ///   - tell: is called in this thread.
    /// - Throws: `ClosureError`, `BuildGraphError` before anything is built; `SystemError` when the cache cannot be read.
    package func run(_ wanted: [PackageSpec]? = nil, tell: (BuildEvent) -> Void) throws -> BuildSummary {
        var run = BuildRun(try graph.schedule(for: wanted))
        run.summary.outputs = provided.mapValues(\.output)
        let workers = try Workers()
        while !run.schedule.isOver {
            for name in run.schedule.start(atMost: max(1, jobs)) {
                guard let package = packages[name] else { continue }
                do { try begin(package, &run, workers, tell) } catch { run.fail(name, error, tell) }
            }
            guard !run.pending.isEmpty else { continue }
            run.tellIdle(of: max(1, jobs), tell)
            let done = try workers.next()
            guard let pending = run.pending.removeValue(forKey: done.name) else { continue }
            note(run)
            do { try end(pending, try done.result.get(), &run, tell) } catch { run.fail(done.name, error, tell) }
        }
        return run.summary
    }

    /// Takes a package's artefact from the cache, or has it made.
    private func begin(
        _ package: PackageSpec, _ run: inout BuildRun, _ workers: Workers, _ tell: (BuildEvent) -> Void
    ) throws {
        let name = package.identity
        guard let order = try order(package, run.summary) else { return run.leave(name, tell) }
        let pending = try PendingBuild(order)
        let isWanted = rebuilt.contains(package.name)
        if !isWanted, let record = try cache.record(pending.key), try isUsable(order) {
            run.take(record.outputs, of: pending)
            run.summary.cached.append(name)
            return run.end(name, .cached(name, key: pending.key), tell)
        }
        let cause = isWanted ? .demanded : cause(pending)
        if isDry { return run.postpone(name, cause, tell) }
        tell(.started(name, cause))
        run.pending[name] = pending
        note(run)
        let maker = maker
        workers.start { (name, Result { try maker.make(order) }) }
    }

    /// Notes what is under way.
    private func note(_ run: BuildRun) { BuildNotice(in: cache.folder).write(run.pending.keys.sorted()) }

    private typealias Workers = BuildWorkers<(name: String, result: Result<[BuildOutput], any Error>)>

    /// A build whose container others need has to have it.
    private func isUsable(_ order: BuildOrder) throws -> Bool {
        try !order.keepsContainer || maker.hasContainer(order.buildKey)
    }

    /// Why a package is built, by its last build.
    private func cause(_ pending: PendingBuild) -> BuildEvent.Cause {
        guard let last = cache.lastRecord(of: pending.order.package.name) else { return .new }
        return pending.record([]).firstDifference(from: last).map { .changed($0) } ?? .lost
    }

    /// All that a build needs; nil when something below it is not there, because nothing is built.
    private func order(_ package: PackageSpec, _ summary: BuildSummary) throws -> BuildOrder? {
        let (base, copies) = (try graph.base(of: package), try graph.copies(of: package))
        let container = try graph.buildContainer(of: package)
        guard (base + copies).allSatisfy({ summary.outputs[$0.identity] != nil }),
            container.map({ summary.buildKeys[$0.identity] != nil }) ?? true
        else { return nil }
        var surroundings = BuildSurroundings(architecture: pins.architecture, epoch: pins.epoch)
        let images = Set(package.images.map { "\($0)" })
        surroundings.images = pins.images.filter { images.contains($0.key) }
        surroundings.fetches = pins.fetches
        surroundings.accounts = pins.accounts
        surroundings.base = base.compactMap { summary.part($0) }
        surroundings.copies = copies.compactMap { summary.part($0) }
        surroundings.buildContainer = container.flatMap { summary.buildKeys[$0.identity] }
        surroundings.files = try maker.files(of: package)
        let inputs = BuildInputs(building: package, in: surroundings)
        return BuildOrder(
            package: package, surroundings: surroundings, base: try parts(base, summary),
            copies: try parts(copies, summary),
            inputs: inputs, buildKey: try SHA256Hasher.digest(of: inputs.canonical).hex,
            keepsContainer: graph.isBuiltIn(package))
    }

    private func parts(_ base: [PackageMetadata], _ summary: BuildSummary) throws -> [BasePart] {
        try base.compactMap { package in
            try summary.outputs[package.identity].map {
                BasePart(
                    $0, overrides: graph.overrides(of: package),
                    builtOn: try graph.builtOn(package, images: pins.images),
                    origin: provided[package.identity])
            }
        }
    }

    /// What a package of the layer says of itself where others take it from: with what it was built on.
    ///
    /// - Throws: `ClosureError`.
    package func described(_ package: PackageMetadata) throws(ClosureError) -> PackageMetadata {
        var package = package
        package.overrides = graph.overrides(of: package)
        package.builtOn = try graph.builtOn(package, images: pins.images).sorted()
        return package
    }

    /// What a package comes to, together with all that it was built on.
    ///
    /// - Throws: as `ContainerMaker.make`, for what has to be fetched or joined.
    package func composition(
        of package: PackageSpec, _ summary: BuildSummary
    ) throws -> BaseComposition? where Maker == ContainerMaker {
        guard let order = try order(package, summary), let output = summary.outputs[package.identity] else { return nil }
        var composition = try maker.composition(order)
        composition.add(output)
        return composition
    }

    /// Keeps what a build has made.
    private func end(
        _ pending: PendingBuild, _ outputs: [BuildOutput], _ run: inout BuildRun, _ tell: (BuildEvent) -> Void
    ) throws {
        let name = pending.order.package.identity
        let before = cache.lastRecord(of: pending.order.package.name)?.outputs.map(\.content)
        try cache.keep(pending.record(outputs), key: pending.key)
        run.take(outputs, of: pending)
        run.summary.built.append(name)
        let yield = BuildYield(
            isSame: before == outputs.map(\.content), duration: MonotonicClock.now() - pending.start,
            size: outputs.reduce(0) { $0 + $1.size })
        run.end(name, .finished(name, yield), tell)
    }
}

extension BuildSummary {
    /// What counts of a package for those that are built on it.
    fileprivate func part(_ package: PackageMetadata) -> BuildSurroundings.Part? {
        outputs[package.identity].map { BuildSurroundings.Part(package.name, content: $0.content) }
    }
}

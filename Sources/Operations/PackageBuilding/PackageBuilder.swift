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
    let provided: [String: PublishedPackage]
    let pins: BuildPins
    private let cache: BuildCache
    let maker: Maker

    /// How many packages are built at a time.
    package var jobs = 1
    /// Packages that are built although nothing has changed.
    package var rebuilt: Set<PackageName> = []
    /// Whether nothing is built.
    package var isDry = false
    /// Caches elsewhere, which are asked before something is built; nil for none.
    package var remote: RemoteCaches?
    /// What is asked of them in a run that builds nothing.
    package var looking = RemoteCaches.Looking.everywhere

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
            if !isDry { run.tellIdle(of: max(1, jobs), tell) }
            let done = try workers.next()
            guard let pending = run.pending.removeValue(forKey: done.name) else { continue }
            if !isDry { note(run) }
            do { try go(on: pending, done.step, &run, workers, tell) } catch { run.fail(done.name, error, tell) }
        }
        return run.summary
    }

    /// What a worker has done for a package.
    private enum Step: Sendable {
        /// Asked the caches elsewhere.
        case asked(RemoteCaches.Findings)
        /// Built it.
        case made(Result<[BuildOutput], any Error>)
    }

    private typealias Workers = BuildWorkers<(name: String, step: Step)>

    /// Takes a package's artefact from the cache, or has it looked for elsewhere or made.
    private func begin(
        _ package: PackageSpec, _ run: inout BuildRun, _ workers: Workers, _ tell: (BuildEvent) -> Void
    ) throws {
        let name = package.identity
        guard let order = try order(package, run.summary) else { return run.leave(name, tell) }
        let pending = try PendingBuild(order)
        guard !rebuilt.contains(package.name), let inside = try builds(inContainerOf: order, run) else {
            return make(pending, &run, workers, tell)
        }
        let record = try cache.record(pending.key)
        let missing = try (record == nil ? [pending] : []) + inside.filter { try cache.record($0.key) == nil }
        if missing.isEmpty, let record { return run.cache(record.outputs, of: pending, from: record.origin, tell) }
        guard let remote, !remote.isEmpty, isAsking(run) else { return make(pending, &run, workers, tell) }
        run.pending[name] = pending
        let target = isDry && looking == .everywhere ? nil : cache
        workers.start { (name, .asked(remote.take(missing, into: target))) }
    }

    private func isAsking(_ run: BuildRun) -> Bool {
        !isDry || looking == .everywhere || run.summary.due.isEmpty
    }

    /// Goes on with a package when a worker is done.
    private func go(
        on pending: PendingBuild, _ step: Step, _ run: inout BuildRun, _ workers: Workers,
        _ tell: (BuildEvent) -> Void
    ) throws {
        switch step {
        case .made(let result): try end(pending, try result.get(), &run, tell)
        case .asked(let findings):
            for note in findings.notes { tell(.note(note)) }
            guard findings.isWhole else { return make(pending, &run, workers, tell) }
            if !isDry || looking == .untilDue { for found in findings.found { try keep(found) } }
            if let found = findings.found.first(where: { $0.build.key == pending.key }) {
                return run.cache(found.outputs, of: pending, from: found.place, tell)
            }
            // Its own was here, and those that would be built in its container were not.
            guard let record = try cache.record(pending.key) else { return make(pending, &run, workers, tell) }
            run.cache(record.outputs, of: pending, from: record.origin, tell)
        }
    }

    private func keep(_ found: RemoteCaches.Found) throws {
        try cache.keep(found.build.record(found.outputs, from: found.place), key: found.build.key)
    }

    /// Has a package built.
    private func make(
        _ pending: PendingBuild, _ run: inout BuildRun, _ workers: Workers, _ tell: (BuildEvent) -> Void
    ) {
        let package = pending.order.package
        let name = package.identity
        let cause = rebuilt.contains(package.name) ? .demanded : cause(pending)
        if isDry { return run.postpone(name, cause, tell) }
        tell(.started(name, cause))
        run.pending[name] = pending
        note(run)
        let maker = maker
        workers.start { (name, .made(Result { try maker.make(pending.order) })) }
    }

    /// Notes what is under way.
    private func note(_ run: BuildRun) {
        BuildNotice(in: cache.folder).write(run.pending.keys.sorted())
    }

    /// Why a package is built, by its last build.
    private func cause(_ pending: PendingBuild) -> BuildEvent.Cause {
        guard let last = cache.lastRecord(of: pending.order.package.name) else { return .new }
        return pending.record([]).firstDifference(from: last).map { .changed($0) } ?? .lost
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

import BuildPlanning
import Cryptography
import ImageModel
import LinuxSystem

/// A build that is under way, with all that its record will say.
struct PendingBuild: Sendable {
    let order: BuildOrder
    private let artefact: BuildInputs
    /// The key of the artefact, hexadecimal digits.
    let key: String
    /// When it began, by the clock that never jumps.
    let start = MonotonicClock.now()

    /// Makes the keys.
    ///
    /// - Throws: `CryptographyError`.
    init(_ order: BuildOrder) throws {
        self.order = order
        artefact = BuildInputs(artefactOf: order.package, buildKey: order.buildKey)
        key = try SHA256Hasher.digest(of: artefact.canonical).hex
    }

    /// What is kept of it.
    ///
    /// - Parameter origin: the cache elsewhere that it was taken from; nil for what was built here.
    func record(_ outputs: [BuildOutput], from origin: String? = nil) -> BuildRecord {
        var record = BuildRecord(order.package.identity, build: order.inputs, artefact: artefact, outputs: outputs)
        record.origin = origin
        return record
    }
}

/// How far the builds are.
struct BuildRun {
    var schedule: BuildSchedule
    var summary = BuildSummary()
    /// Builds that are under way, by the identities of their packages.
    var pending: [String: PendingBuild] = [:]
    /// What idle workers were said to wait for.
    private var awaited: [String] = []

    init(_ schedule: BuildSchedule) { self.schedule = schedule }

    /// Takes the artefacts of a build over for those that are built on it.
    mutating func take(_ outputs: [BuildOutput], of build: PendingBuild) {
        for (package, output) in zip(build.order.package.outputs, outputs) {
            summary.outputs[package.identity] = output
        }
        summary.buildKeys[build.order.package.identity] = build.order.buildKey
        summary.artefactKeys[build.order.package.identity] = build.key
    }

    /// What a package carries was there.
    mutating func cache(
        _ outputs: [BuildOutput], of build: PendingBuild, from origin: String?, _ tell: (BuildEvent) -> Void
    ) {
        let name = build.order.package.identity
        take(outputs, of: build)
        summary.cached.append(name)
        end(name, .cached(name, key: build.key, origin: origin), tell)
    }

    /// A build is over, and well.
    mutating func end(_ name: String, _ event: BuildEvent, _ tell: (BuildEvent) -> Void) {
        schedule.end(name, succeeded: true)
        tell(event)
    }

    /// A build would be made; those above it are looked at as far as that is possible.
    mutating func postpone(_ name: String, _ cause: BuildEvent.Cause, _ tell: (BuildEvent) -> Void) {
        summary.due.append(name)
        schedule.postpone(name)
        tell(.due(name, cause))
    }

    /// A build depends on one that would be made: whether it would be is not known.
    mutating func leave(_ name: String, _ tell: (BuildEvent) -> Void) {
        summary.unknown.append(name)
        tell(.waiting(name, for: schedule.waits(for: name)))
        schedule.postpone(name)
    }

    /// Says what workers without work wait for, each time that this is something else.
    mutating func tellIdle(of workers: Int, _ tell: (BuildEvent) -> Void) {
        let (idle, waiting) = (workers - pending.count, schedule.waiting)
        let awaited = idle > 0 ? schedule.awaited : []
        defer { self.awaited = awaited }
        guard !awaited.isEmpty, awaited != self.awaited else { return }
        tell(.idle(workers: idle, until: awaited, waiting: waiting.count))
    }

    /// A build failed; what needs it is told to be left out.
    mutating func fail(_ name: String, _ error: any Error, _ tell: (BuildEvent) -> Void) {
        let before = Set(schedule.order.filter { schedule.isSkipped($0) })
        schedule.end(name, succeeded: false)
        summary.failures[name] = error
        tell(.failed(name, error))
        for other in schedule.order where schedule.isSkipped(other) && !before.contains(other) {
            summary.skipped[other] = name
            tell(.skipped(other, because: name))
        }
    }
}

extension BuildSchedule {
    fileprivate func isSkipped(_ name: String) -> Bool {
        if case .skipped = state(of: name) { true } else { false }
    }
}

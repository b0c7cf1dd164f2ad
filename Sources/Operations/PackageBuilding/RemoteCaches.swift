import BuildPlanning
package import Cryptography
import Faults
import PackageModel
package import PackageRepositories
import PackageSpecs
import RegistryAccess
package import RegistryModel
import Synchronization

/// The caches of a layer, asked in their order before something is built.
///
/// Nothing that goes wrong with one is more than a note: what is not taken is built.
package final class RemoteCaches: Sendable {
    /// What one of them has of a build.
    struct Found: Sendable {
        let build: PendingBuild
        let outputs: [BuildOutput]
        /// Where it was.
        let place: String
    }

    /// What they have of some builds.
    struct Findings: Sendable {
        var found: [Found] = []
        /// Whether all of the builds were found.
        var isWhole = true
        /// What is worth knowing, a sentence each.
        var notes: [String] = []
    }

    /// How much they are asked in a run that builds nothing.
    package enum Looking: Sendable {
        /// For everything, and nothing is fetched.
        case everywhere
        /// As long as everything was there, which is fetched: another run follows when something has to be built.
        case untilDue
    }

    private struct State {
        /// Those that are asked no more, by their numbers.
        var silent: Set<Int> = []
        /// What was said: once is enough.
        var said: Set<String> = []
    }

    /// Where they are, in their order.
    package let places: [RepositoryPlace]
    /// The same, ready to be asked.
    let caches: [RemoteCache]
    /// Whether nobody may be asked over a network.
    let isOffline: Bool
    private let hasKeys: Bool
    private let state = Mutex(State())

    /// Prepares to ask; asks nobody yet.
    ///
    /// - Parameters:
    ///   - keys: whose signature counts.
    ///   - patience: how long one may take to answer; nil for as long as usual.
    package init(
        _ places: [RepositoryPlace], _ access: RegistryConfiguration, keys: [TrustedKey], isOffline: Bool,
        patience: Duration? = nil
    ) {
        self.places = places
        self.isOffline = isOffline
        hasKeys = !keys.isEmpty
        caches = places.map { place in
            var cache = RemoteCache(place: place, access: access, keys: keys)
            if let patience { cache.patience = patience }
            return cache
        }
    }

    /// Whether there is anybody to ask.
    package var isEmpty: Bool { caches.allSatisfy { isOffline && !$0.place.isLocal } }

    /// Looks for what builds have made, until one of them is not found; called from several threads.
    ///
    /// - Parameter cache: where the layers go; nil only looks.
    func take(_ builds: [PendingBuild], into cache: BuildCache?) -> Findings {
        var findings = Findings()
        guard hasKeys else { return Findings(isWhole: false, notes: new([keyNote])) }
        for build in builds where findings.isWhole {
            let (found, notes) = take(build, into: cache)
            findings.notes += new(notes)
            if let found { findings.found.append(found) } else { findings.isWhole = false }
        }
        return findings
    }

    private func take(_ build: PendingBuild, into cache: BuildCache?) -> (Found?, notes: [String]) {
        let package = build.order.package
        var notes: [String] = []
        var absent: [String] = []
        for (number, remote) in caches.enumerated() where isAsked(number, remote) {
            do {
                if let outputs = try remote.take(build.key, named: package.outputs.map(\.name), into: cache) {
                    return (Found(build: build, outputs: outputs, place: "\(remote.place)"), notes)
                }
                absent.append("\(remote.place)")
            } catch {
                if let note = note(error, number, remote, package.identity) { notes.append(note) }
            }
        }
        // Who reads why one was not used knows that it is built.
        if notes.isEmpty, !absent.isEmpty {
            notes.append("\(package.identity) is not in the cache \(absent.joined(separator: ", "))")
        }
        return (nil, notes)
    }

    private var keyNote: String {
        let places = places.map { "\($0)" }.joined(separator: ", ")
        return "the cache \(places) is not asked, because no key is trusted: name one with --trust"
    }

    /// What of some notes was not said before.
    private func new(_ notes: [String]) -> [String] {
        state.withLock { state in notes.filter { state.said.insert($0).inserted } }
    }

    private func isAsked(_ number: Int, _ remote: RemoteCache) -> Bool {
        (!isOffline || remote.place.isLocal) && !state.withLock { $0.silent.contains(number) }
    }

    /// What is said of an error; nil when it was said before.
    private func note(_ error: any Error, _ number: Int, _ remote: RemoteCache, _ package: String) -> String? {
        guard Self.isOfPlace(error) else { return "\(package) in the cache \(remote.place) is not used: \(error)" }
        let isNew = state.withLock { $0.silent.insert(number).inserted }
        return isNew ? "the cache \(remote.place) is not asked any more: \(error)" : nil
    }

    /// Whether an error is about the whole cache, and not about what it has of one package.
    static func isOfPlace(_ error: any Error) -> Bool {
        switch error {
        case let error as RegistryError: error.kind != .notFound && error.kind != .corrupted
        case let error as RemoteCacheError: error.kind == .late
        default: false
        }
    }
}

extension LayerSession {
    /// The caches elsewhere that are asked: those that were chosen, then those that `boatyard.yaml` names.
    ///
    /// - Parameters:
    ///   - chosen: in their order.
    ///   - keys: whose signature counts, besides those of the layers below.
    /// - Throws: `PackageRepositoryError` for a place that no cache can be; `CryptographyError`, `SystemError` for the key of
    ///   a layer that cannot be read.
    package func caches(_ chosen: [RepositoryPlace], trusting keys: [TrustedKey]) throws -> RemoteCaches {
        let named = try specs.layer.caches.map { try choice.repositories.place(of: $0.value) }
        let places = chosen + named.filter { !chosen.contains($0) }
        let own = try specs.layer.lowerKeys.map { try choice.repositories.key($0) }
        return RemoteCaches(places, choice.access, keys: keys + own, isOffline: choice.isOffline)
    }
}

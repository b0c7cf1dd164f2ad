package import BuildPlanning

/// What happens while packages are built, for whoever watches.
package enum BuildEvent: Sendable {
    /// Why a package is built.
    package enum Cause: Equatable, Sendable {
        /// Nobody has built it here, or nothing is known of that.
        case new
        /// The first thing that differs from the last build.
        case changed(BuildDifference)
        /// Its artefact is not there any more.
        case lost
        /// Somebody wants it.
        case demanded
        /// It is built, and both results are compared.
        case repeated
    }

    /// Its artefact is there already, with this key; `origin` is the cache elsewhere that it came from, now or earlier.
    case cached(String, key: String, origin: String? = nil)
    /// Something that is worth knowing, a sentence.
    case note(String)
    /// It would be built; what is built on it is not known before.
    case due(String, Cause)
    /// Whether it would be built is not known before these are there.
    case waiting(String, for: [String])
    /// It is being built.
    case started(String, Cause)
    /// It was built.
    case finished(String, BuildYield)
    /// It could not be built.
    case failed(String, any Error)
    /// It was not tried because of another.
    case skipped(String, because: String)
    /// So many of the workers have nothing to do until one of these is there; so many packages wait.
    case idle(workers: Int, until: [String], waiting: Int)
}

/// What a build came to.
package struct BuildYield: Equatable, Sendable {
    /// Whether the artefact is what it was before, so that nothing above it is built again.
    package var isSame: Bool
    /// How long it took.
    package var duration: Duration
    /// Bytes of its layers as they are stored, with those of what was split off.
    package var size: Int64

    /// Describes a build that is over.
    package init(isSame: Bool, duration: Duration, size: Int64) {
        (self.isSame, self.duration, self.size) = (isSame, duration, size)
    }
}

/// How all builds ended.
package struct BuildSummary: Sendable {
    /// What is there now, by the identities of packages; split-off ones, too.
    package var outputs: [String: BuildOutput] = [:]
    /// The key of each build, by the identity of its package: what names its container.
    package var buildKeys: [String: String] = [:]
    /// The key of each artefact, by the identity of its package: what names it in caches.
    package var artefactKeys: [String: String] = [:]
    /// Packages that were built.
    package var built: [String] = []
    /// Packages whose artefacts were there.
    package var cached: [String] = []
    /// Packages that would be built, when nothing was to be done.
    package var due: [String] = []
    /// Packages above these, of which nothing is known before.
    package var unknown: [String] = []
    /// Packages that were not tried, each with the one that failed.
    package var skipped: [String: String] = [:]
    /// The errors of builds that failed, by the identities of packages.
    package var failures: [String: any Error] = [:]

    /// Nothing so far.
    package init() {}
}

extension BuildEvent.Cause: CustomStringConvertible {
    /// Words for people.
    package var description: String {
        switch self {
        case .new: "not built before"
        case .changed(let difference): "\(difference)"
        case .lost: "its artefact is not in the cache any more"
        case .demanded: "you asked for it"
        case .repeated: "once more, to compare both results"
        }
    }
}

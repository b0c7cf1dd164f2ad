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
    }

    /// Its artefact is there already, with this key.
    case cached(String, key: String)
    /// It would be built; what is built on it is not known before.
    case due(String, Cause)
    /// It is being built.
    case started(String, Cause)
    /// It was built; `isSame` says that the artefact is what it was before, so that nothing above it is built again.
    case finished(String, isSame: Bool)
    /// It could not be built.
    case failed(String, any Error)
    /// It was not tried because of another.
    case skipped(String, because: String)
}

/// How all builds ended.
package struct BuildSummary: Sendable {
    /// What is there now, by the identities of packages; split-off ones, too.
    package var outputs: [String: BuildOutput] = [:]
    /// The key of each build, by the identity of its package: what names its container.
    package var buildKeys: [String: String] = [:]
    /// Packages that were built.
    package var built: [String] = []
    /// Packages whose artefacts were there.
    package var cached: [String] = []
    /// Packages that would be built, when nothing was to be done.
    package var due: [String] = []
    /// Packages above these, of which nothing is known before.
    package var unknown: [String] = []
    /// Packages that were not tried.
    package var skipped: [String] = []
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
        }
    }
}

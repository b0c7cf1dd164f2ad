/// What one release of a channel is to one machine.
package enum ReleaseVerdict: Equatable, Sendable {
    /// The machine takes it; `isStep` when a newer one needs this one first.
    case taken(isStep: Bool)
    /// It is what is installed.
    case installed
    /// It was withdrawn, for this reason.
    case withdrawn(String)
    /// It is not rolled out to the machine, whose share of this release is given.
    case held(share: Int)
    /// It is older than what is installed, or than what the machine gets and has.
    case older
    /// What is installed is older than it can be installed over.
    case needs(minimum: Int64)
    /// The machine takes a newer one.
    case overtaken
}

/// What a channel has for a machine, and what each release is to it: the one decision of the agent, which
/// `boatyard channel explain` shows.
///
/// Releases that were withdrawn or are not rolled out to the machine's share do not exist for it. Of the others the
/// newest counts whose `minimum` the installed sequence reaches.
package struct ChannelDecision: Equatable, Sendable {
    /// A release with what it is to the machine.
    package struct Part: Equatable, Sendable {
        /// The release.
        package var release: ChannelRelease
        /// What it is to the machine.
        package var verdict: ReleaseVerdict
    }

    /// All releases, newest first.
    package let parts: [Part]
    /// What the machine gets.
    package let choice: ChannelChoice

    /// Decides; see `ChannelDocument.choice` for the parameters.
    package init(_ channel: ChannelDocument, installed: Int64?, machineID: String, allowingDowngrade: Bool = false) {
        let newestFirst = channel.releases.sorted { $0.sequence > $1.sequence }
        let mine = newestFirst.first { Self.obstacle($0, machineID) == nil }
        // Who has the newest that it gets stays there.
        let staysHere = allowingDowngrade && mine != nil && mine?.sequence == installed
        let goesBack = allowingDowngrade && !staysHere
        var parts: [Part] = []
        var newer = (isTaken: false, isOutOfReach: false)
        for release in newestFirst {
            let part = Part(
                release: release, verdict: Self.verdict(release, installed, machineID, goesBack: goesBack, after: newer)
            )
            newer = (newer.isTaken || part.isTaken, newer.isOutOfReach || part.isOutOfReach)
            parts.append(part)
        }
        self.parts = parts
        choice = staysHere ? .upToDate : Self.choice(parts, installed)
    }

    private static func verdict(
        _ release: ChannelRelease, _ installed: Int64?, _ machineID: String, goesBack: Bool,
        after newer: (isTaken: Bool, isOutOfReach: Bool)
    ) -> ReleaseVerdict {
        if release.sequence == installed { return .installed }
        if let obstacle = obstacle(release, machineID) { return obstacle }
        if let installed, release.sequence < installed, !goesBack { return .older }
        if newer.isTaken { return .overtaken }
        if let installed, let minimum = release.minimumSequence, installed < minimum { return .needs(minimum: minimum) }
        return .taken(isStep: newer.isOutOfReach)
    }

    /// Why a release does not exist for a machine, whatever is installed there; nil when it does.
    private static func obstacle(_ release: ChannelRelease, _ machineID: String) -> ReleaseVerdict? {
        if let reason = release.withdrawn { return .withdrawn(reason) }
        guard release.rollout < 100 else { return nil }
        let share = MachineShare.share(machineID: machineID, release: release.digest)
        return share < release.rollout ? nil : .held(share: share)
    }

    private static func choice(_ parts: [Part], _ installed: Int64?) -> ChannelChoice {
        for part in parts {
            if case .taken(let isStep) = part.verdict { return .release(part.release, isStep: isStep) }
        }
        if let part = parts.first(where: \.isOutOfReach) { return .unreachable(part.release) }
        guard let newest = parts.first(where: { $0.release.withdrawn == nil })?.release else { return .upToDate }
        if let installed, newest.sequence <= installed { return .upToDate }
        return .held(newest)
    }
}

extension ChannelDecision.Part {
    /// Whether the machine takes it.
    fileprivate var isTaken: Bool { if case .taken = verdict { true } else { false } }
    /// Whether another release has to be installed first.
    fileprivate var isOutOfReach: Bool { if case .needs = verdict { true } else { false } }
}

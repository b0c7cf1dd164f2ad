package import Faults

extension ChannelDocument {
    /// Changes to how many of the machines a release goes.
    ///
    /// - Parameters:
    ///   - text: the release's version or sequence.
    ///   - percent: percent of the machines, from 0 to 100.
    /// - Throws: `Refusal` when there is no such release, or it was withdrawn.
    package mutating func rollOut(_ text: String, to percent: Int) throws(Refusal) -> ChannelChange {
        var release = try release(named: text, for: "rolling out")
        if let reason = release.withdrawn {
            throw refusal(
                .impossible, "rolling out", text, "it was withdrawn: \(reason)",
                "Add a release that mends it, or add this one again with `boatyard channel add`.")
        }
        let before = release.rollout
        release.rollout = percent
        replace(release)
        return ChannelChange(release: release, remarks: narrowed(release, from: before))
    }

    /// Keeps machines from taking a release from now on; those that have it keep it.
    ///
    /// It is never refused: a release that breaks machines has to go, whatever else is there.
    ///
    /// - Parameters:
    ///   - text: the release's version or sequence.
    ///   - reason: why, for people.
    /// - Throws: `Refusal` when there is no such release.
    package mutating func withdraw(_ text: String, because reason: String) throws(Refusal) -> ChannelChange {
        var release = try release(named: text, for: "withdrawing")
        let before = self
        (release.withdrawn, release.rollout) = (reason, 0)
        replace(release)
        return ChannelChange(release: release, remarks: kept(release) + stranding(since: before))
    }

    /// Says what becomes of machines that have a release that was withdrawn.
    private func kept(_ release: ChannelRelease) -> [String] {
        guard let newest = newestOffered else {
            return ["\(name) offers no release any more: machines that have \(release.version) keep it"]
        }
        guard newest.sequence < release.sequence else { return [] }
        return [
            "machines that have \(release.version) keep it until a release with a higher sequence than "
                + "\(release.sequence) is there; only where the policy allows a downgrade do they go back to "
                + "\(newest.version)"
        ]
    }

    /// Forgets a release that no machine needs any more.
    ///
    /// - Parameters:
    ///   - text: the release's version or sequence.
    ///   - force: whether it is forgotten although machines need it.
    /// - Throws: `Refusal` when there is no such release, or, without force, when it is the newest, or others are reached
    ///   by way of it.
    package mutating func remove(_ text: String, force: Bool) throws(Refusal) -> ChannelChange {
        let release = try release(named: text, for: "removing")
        if !force, release == newestOffered {
            throw refusal(
                .impossible, "removing", text, "it is the newest that the channel offers, and nobody would be told why",
                "Withdraw it, which says why, or add --force.")
        }
        let before = self
        releases.removeAll { $0.sequence == release.sequence }
        let stranded = stranding(since: before)
        if !force, let first = stranded.first {
            self = before
            throw refusal(.impossible, "removing", text, first, "Keep it for those machines, or add --force.")
        }
        let empty = newestOffered == nil ? ["\(name) offers no release any more"] : []
        return ChannelChange(release: release, remarks: stranded + empty)
    }

    private mutating func replace(_ release: ChannelRelease) {
        releases = releases.map { $0.sequence == release.sequence ? release : $0 }
    }

    /// Says that a rollout that becomes narrower takes nothing back.
    func narrowed(_ release: ChannelRelease, from before: Int?) -> [String] {
        guard let before, release.rollout < before else { return [] }
        return [
            "\(release.version) went to \(before) % of the machines: those that have it keep it, and the others wait"
        ]
    }

    /// Says from which releases there is no way to the newest any more that there was before.
    ///
    /// Rollouts do not count: they change. Where there was nothing to get, nobody loses a way to it.
    func stranding(since before: ChannelDocument) -> [String] {
        guard before.newestOffered != nil else { return [] }
        let (old, new) = (before.rolledOutToAll, rolledOutToAll)
        let lowest = (before.releases + releases).compactMap { $0.minimumSequence.map { $0 - 1 } }
        let starts = Set(before.releases.map(\.sequence) + lowest.filter { $0 >= 0 } + [0])
        let stranded = starts.sorted().filter { !old.isDeadEnd($0) && new.isDeadEnd($0) }
        guard let highest = stranded.last else { return [] }
        let start = before.releases.first { $0.sequence == highest }.map { "\($0.version) (sequence \(highest))" }
        return [
            "machines that have \(start ?? "sequence \(highest)") would have no way to a newer release: "
                + "each needs another one first"
        ]
    }

    private var rolledOutToAll: ChannelDocument {
        var channel = self
        channel.releases = releases.map {
            var release = $0
            release.rollout = 100
            return release
        }
        return channel
    }

    private func isDeadEnd(_ installed: Int64) -> Bool {
        if case .unreachable = choice(installed: installed, machineID: "") { true } else { false }
    }
}

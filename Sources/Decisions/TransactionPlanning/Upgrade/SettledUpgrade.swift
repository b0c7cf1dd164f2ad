import GrubEnvironment
package import ImageModel
package import ReleaseModel

/// Whether a channel's release is settled: its image is active already, which was found out when it was asked for or installed.
///
/// A machine that follows a channel asks many times for one release that it has. What its image is never changes, for a
/// release names it by digest.
package enum SettledUpgrade {
    /// The release as an image that is installed; nil when it has to be asked for.
    ///
    /// - Parameters:
    ///   - reference: where its image is.
    ///   - known: what was found out before, by asking or by installing.
    package static func candidate(
        _ release: ChannelRelease, at reference: String, known: [ChannelCopy.Installed], active: ImageID?,
        state: StoreFacts, on machine: MachineTraits
    ) -> ImageCandidate? {
        guard let image = state.image(active), image.isWhole,
            known.contains(.init(release: release.digest, image: image.id))
        else { return nil }
        return ImageCandidate(installed: image, as: reference, digest: release.digest, on: machine)
    }

    /// What there is to know of such an image; nil when anything is to be done or refused, for which it has to be asked for.
    package static func plan(_ facts: UpgradeFacts) -> UpgradePlan? {
        guard let plan = try? UpgradePlan(facts), plan.isEmpty, plan.leftovers.isEmpty else { return nil }
        return plan
    }

    /// What is found out by asking for a release: that it is active; nil when it is not.
    package static func finding(_ release: ChannelRelease, _ facts: UpgradeFacts) -> ChannelCopy.Installed? {
        guard let image = facts.state.image(facts.environment.active), image.isWhole,
            facts.candidate.isSame(as: image)
        else { return nil }
        return ChannelCopy.Installed(release: release.digest, image: image.id)
    }
}

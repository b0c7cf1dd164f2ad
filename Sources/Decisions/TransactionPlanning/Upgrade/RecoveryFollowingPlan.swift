package import Faults
import GrubEnvironment
package import ImageModel
package import Plans

/// What is done when active has been healthy and recovery is older: the rest of an upgrade.
package struct RecoveryFollowingPlan: Equatable, Sendable {
    /// The operation; nil when nothing is due.
    package var plan: Plan<UpgradeAction>?
    /// The image that recovery gets; nil when nothing is due.
    package var image: ImageID?
    /// Why nothing is done, a sentence for people; empty when something is.
    package var reason = ""

    /// Plans the copy that is due.
    ///
    /// - Parameter facts: its candidate is the image of active, as it lies on the state partition.
    /// - Throws: `Refusal` when there is no room.
    package init(_ facts: UpgradeFacts) throws(Refusal) {
        image = facts.candidate.id
        plan = try RecoveryUpgrade(facts, .afterHealthyBoot).plan()
    }

    /// Plans nothing, for what was found.
    ///
    /// - Throws: `Refusal` when nobody knows whether something is due.
    package init(nothing finding: RecoveryFollowing) throws(Refusal) {
        switch finding {
        case .settled, .due: reason = "Recovery is as new as active."
        case .waiting: reason = "Recovery gets the image of active once that has been healthy."
        case .kept:
            reason = "Recovery stays what it is: `upgrade --only active` or the policy recovery-upgrade says so."
        case .unknown(let why):
            throw Refusal(
                .impossible, "upgrading", "recovery", cause: why,
                remedy: "Give it an image with `lifeboot upgrade --only recovery SOURCE`.")
        }
    }
}

extension RecoveryFollowingPlan {
    /// The plan for people and for golden tests.
    package var lines: [String] { plan?.lines ?? [reason] }
}

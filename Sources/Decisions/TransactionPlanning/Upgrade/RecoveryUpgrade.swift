import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import Plans

/// Plans the upgrade of the recovery image: two images side by side, one commit.
struct RecoveryUpgrade {
    private let facts: UpgradeFacts
    private let room: StoreRoom
    /// Whether the upgrade of active comes first, so that its image can be copied.
    private let follows: Bool
    private let existing: StoreFacts.Image?
    /// The image on the state partition, when it was there before.
    private let local: StoreFacts.Image?

    init(_ facts: UpgradeFacts, follows: Bool) {
        self.facts = facts
        self.follows = follows
        existing = facts.recovery.images.first { $0.isWhole && facts.candidate.isSame(as: $0) }
        local = facts.state.images.first { $0.isWhole && facts.candidate.isSame(as: $0) }
        room = StoreRoom(facts, .recovery, keeping: existing?.id, copies: follows || local != nil)
    }

    func plan() throws(Refusal) -> Plan<UpgradeAction> {
        if existing == nil { try room.check() }
        var steps: [Step<UpgradeAction>] =
            follows ? [] : [.init(.prepare, .runHooks(HookEvent(.before, of: "upgrade")))]
        steps.append(.init(.prepare, .openStore(.recovery)))
        // The key that signs images made here lies on the state partition.
        let needsState = facts.candidate.kind == .container || !facts.candidate.bootsSigned
        if needsState { steps.append(.init(.prepare, .openStore(.state))) }
        steps += room.leftovers.isEmpty ? [] : [.init(.prepare, .removeLeftovers(.recovery, room.leftovers))]
        steps += deployment
        if !follows {
            steps += [
                .init(.prepare, .runHooks(HookEvent(.afterChroot, of: "upgrade"))),
                .init(.prepare, .runHooks(HookEvent(.after, of: "upgrade"))),
            ]
        }
        steps += [.init(.commit, .commit(.upgradeRecovery)), .init(.finish, .removeUnused(.recovery))]
        if needsState { steps.append(.init(.finish, .closeStore(.state))) }
        steps.append(.init(.finish, .closeStore(.recovery)))
        if !follows { steps.append(.init(.finish, .runHooks(HookEvent(.post, of: "upgrade")))) }
        return Plan("upgrade", subject, steps)
    }

    private var deployment: [Step<UpgradeAction>] {
        // Its name does not say that GRUB sees it: the cut may have come before the freeze.
        if let existing {
            return [
                .init(.prepare, .verifyImage(.recovery, existing.id)),
                .init(.prepare, .publishImage(.recovery, existing.id)),
            ]
        }
        let write: UpgradeAction =
            if follows {
                .copyImage(facts.candidate.id, from: .state, to: .recovery, staging: room.stagingName)
            } else if let local {
                .copyImage(local.id, from: .state, to: .recovery, staging: room.stagingName)
            } else {
                .writeImage(facts.candidate, .recovery, staging: room.stagingName)
            }
        return [.init(.prepare, write)]
    }

    private var subject: String {
        let old = facts.recovery.image(facts.environment.recovery)
        let from = old.map { "\($0.version ?? "?") (\($0.id))" } ?? "nothing"
        return "recovery: \(from) -> \(facts.candidate.version) (\(facts.candidate.id?.description ?? "made here"))"
    }
}

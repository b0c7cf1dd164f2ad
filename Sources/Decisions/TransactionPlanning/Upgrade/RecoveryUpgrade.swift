import BootModel
import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import Plans

/// Plans the upgrade of the recovery image: two images side by side, one commit.
struct RecoveryUpgrade {
    /// When it is done.
    enum Occasion {
        /// By itself, as an upgrade of its own.
        case alone
        /// Right after active's, whose image is copied.
        case afterActive
        /// Once active has been healthy: the rest of an upgrade whose hooks ran already.
        case afterHealthyBoot
    }

    private let facts: UpgradeFacts
    private let room: StoreRoom
    private let occasion: Occasion
    private let existing: StoreFacts.Image?
    /// The image on the state partition, when it was there before.
    private let local: StoreFacts.Image?

    init(_ facts: UpgradeFacts, _ occasion: Occasion) {
        self.facts = facts
        self.occasion = occasion
        existing = facts.recovery.images.first { $0.isWhole && facts.candidate.isSame(as: $0) }
        local = facts.state.images.first { $0.isWhole && facts.candidate.isSame(as: $0) }
        room = StoreRoom(facts, .recovery, keeping: existing?.id, copies: occasion == .afterActive || local != nil)
    }

    func plan() throws(Refusal) -> Plan<UpgradeAction> {
        if existing == nil { try room.check() }
        var steps = hooks(.prepare, .before) + [.init(.prepare, .openStore(.recovery))]
        if needsState { steps.append(.init(.prepare, .openStore(.state))) }
        steps += room.leftovers.isEmpty ? [] : [.init(.prepare, .removeLeftovers(.recovery, room.leftovers))]
        steps += deployment + hooks(.prepare, .afterChroot) + hooks(.prepare, .after)
        steps += [.init(.commit, .commit(.upgradeRecovery)), .init(.finish, .removeUnused(.recovery))]
        if needsState { steps.append(.init(.finish, .closeStore(.state))) }
        steps += [.init(.finish, .closeStore(.recovery)), .init(.finish, .noteHistory(history))]
        return Plan("upgrade", subject, steps + hooks(.finish, .post))
    }

    /// Whether the key that signs images made here, which lies on the state partition, may have to be made.
    private var needsState: Bool {
        occasion != .afterHealthyBoot && (facts.candidate.kind == .container || !facts.candidate.bootsSigned)
    }

    private func hooks(_ moment: Moment, _ event: HookEvent.Moment) -> [Step<UpgradeAction>] {
        occasion == .alone ? [.init(moment, .runHooks(HookEvent(event, of: "upgrade")))] : []
    }

    private var history: HistoryNote {
        HistoryNote(.upgrade, .recovery, former: facts.environment.recovery, title: facts.candidate.title)
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
            if occasion == .afterActive {
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

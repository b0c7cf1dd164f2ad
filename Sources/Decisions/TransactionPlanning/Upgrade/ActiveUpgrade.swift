import BootModel
import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import Plans

/// Plans the upgrade of the active image.
struct ActiveUpgrade {
    private let facts: UpgradeFacts
    private let room: StoreRoom
    /// The candidate's folder, when it is there and whole: it was put there by an upgrade that was cut before its commit,
    /// or it is the passive image.
    private let existing: StoreFacts.Image?

    init(_ facts: UpgradeFacts) {
        self.facts = facts
        existing = facts.state.images.first { $0.isWhole && facts.candidate.isSame(as: $0) }
        room = StoreRoom(facts, .state, keeping: existing?.id)
    }

    func plan() throws(Refusal) -> Plan<UpgradeAction> {
        let givenUp = existing == nil ? try room.imageToGiveUp() : nil
        var steps: [Step<UpgradeAction>] = [
            .init(.prepare, .runHooks(HookEvent(.before, of: "upgrade"))), .init(.prepare, .openStore(.state)),
        ]
        steps += room.leftovers.isEmpty ? [] : [.init(.prepare, .removeLeftovers(.state, room.leftovers))]
        if let givenUp {
            steps += [
                .init(.prepare, .recordRoles(.giveUpPassive(givenUp))),
                .init(.prepare, .removeImage(.state, givenUp)),
            ]
        }
        steps += deployment + conclusion
        return Plan("upgrade", subject, steps, notes: notes(givenUp))
    }

    private var deployment: [Step<UpgradeAction>] {
        // Its name does not say that GRUB sees it: the cut may have come before the freeze.
        if let existing {
            return [
                .init(.prepare, .verifyImage(.state, existing.id)), .init(.prepare, .publishImage(.state, existing.id)),
            ]
        }
        return [.init(.prepare, .writeImage(facts.candidate, .state, staging: room.stagingName))]
    }

    private var conclusion: [Step<UpgradeAction>] {
        [
            .init(.prepare, .runHooks(HookEvent(.afterChroot, of: "upgrade"))),
            .init(.prepare, .runHooks(HookEvent(.after, of: "upgrade"))),
            .init(.commit, .commit(.upgradeActive(running: facts.currentRole))),
            .init(.finish, .keepRecord(facts.candidate, recoveryStays: facts.options.only == .active)),
            .init(.finish, .removeUnused(.state)), .init(.finish, .closeStore(.state)),
            .init(.finish, .noteHistory(history)), .init(.finish, .runHooks(HookEvent(.post, of: "upgrade"))),
        ]
    }

    private var history: HistoryNote {
        HistoryNote(.upgrade, .active, former: facts.environment.active, title: facts.candidate.title)
    }

    private var subject: String {
        let old = facts.state.image(facts.environment.active)
        let from = old.map { "\($0.version ?? "?") (\($0.id))" } ?? "nothing"
        return "active: \(from) -> \(facts.candidate.version) (\(facts.candidate.id?.description ?? "made here"))"
    }

    private func notes(_ givenUp: ImageID?) -> [String] {
        var notes: [String] = []
        if let givenUp {
            notes.append("the passive image \(givenUp) is given up first, for there is no room for three")
        }
        let environment = facts.environment
        if facts.currentRole != .passive, environment.active != nil, environment.activeState != .good {
            let state = environment.activeState == .bad ? "was given up" : "is still on trial"
            let fallback =
                environment.passive == nil ? "recovery alone is what the machine falls back to" : "passive stays"
            notes.append("active \(state), so it does not become passive; \(fallback)")
        }
        return notes
    }
}

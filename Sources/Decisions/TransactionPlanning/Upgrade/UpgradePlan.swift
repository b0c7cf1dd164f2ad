import DiskContract
package import Faults
import GrubEnvironment
package import ImageModel
package import Plans
import ReleaseModel

/// What an upgrade does: up to two operations, each with a commit of its own.
package struct UpgradePlan: Equatable, Sendable {
    /// The operation on the state partition; nil when active is this image already or only recovery is meant.
    package var active: Plan<UpgradeAction>?
    /// The operation on the recovery partition; nil when recovery is not older or only active is meant.
    package var recovery: Plan<UpgradeAction>?
    /// What the operator should know, a sentence each.
    package var notes: [String]
    /// Whether recovery is older and gets the image by itself, once that has been healthy.
    package var recoveryFollows = false
    /// The image that is active already, but does not run: a restart starts it.
    package var waitingImage: ImageID?
    /// The image that is active already, but was given up: no restart starts it.
    package var givenUpImage: ImageID?

    /// What unfinished operations left on the state partition, when there is nothing else to do there: a cut between commit
    /// and removal would otherwise fill it until the next upgrade.
    package var leftovers: [String] = []

    /// Whether there is nothing to do.
    package var isEmpty: Bool { active == nil && recovery == nil }

    /// Plans an upgrade.
    ///
    /// - Throws: `Refusal` with the first reason not to.
    package init(_ facts: UpgradeFacts) throws(Refusal) {
        (active, recovery, notes) = (nil, nil, [])
        try facts.check()
        var facts = facts
        facts.candidate.products = facts.products
        noteTrust(facts)
        notes += [facts.comparisonNote].compactMap(\.self)
        if facts.options.only != .recovery { try planActive(facts) }
        if facts.options.only != .active { try planRecovery(facts) }
        if facts.environment.defaultRole != .active, active != nil {
            notes.append("the default was \(facts.environment.defaultRole.rawValue); it becomes active again")
        }
    }

    /// Plans nothing, for the reasons given.
    package init(nothing notes: [String]) {
        (active, recovery, self.notes) = (nil, nil, notes)
    }

    private mutating func noteTrust(_ facts: UpgradeFacts) {
        switch facts.candidate.trust {
        case .installed: break
        case .signed(let key): notes.append("signed by \(key)")
        case .unsigned: notes.append("NOT SIGNED; allowed by the policy or --allow-unsigned")
        case .unread(let forms):
            notes.append(
                "SIGNED ONLY IN A FORM THAT IS NOT READ (\(forms.joined(separator: ", "))); "
                    + "allowed by the policy or --allow-unsigned")
        case .untrusted: notes.append("SIGNED BY NO TRUSTED KEY; allowed by the policy or --allow-unsigned")
        }
    }

    private mutating func planActive(_ facts: UpgradeFacts) throws(Refusal) {
        let current = facts.state.image(facts.environment.active)
        if let current, facts.candidate.isSame(as: current), current.isWhole {
            notes.append("active is \(facts.candidate.title) already (\(current.id))")
            leftovers = StoreRoom(facts, .state, keeping: current.id).leftovers
            noteRestart(facts, current.id)
            if facts.environment.activeState == .bad {
                givenUpImage = current.id
                notes.append("it was given up; `lifeboot switch active` tries it again")
            }
            return
        }
        let passive = facts.state.image(facts.environment.passive)
        if facts.currentRole == .passive, let passive, facts.candidate.isSame(as: passive) {
            notes.append("it is the passive image, which runs; `lifeboot rollback` makes it active")
            return
        }
        active = try ActiveUpgrade(facts).plan()
    }

    private mutating func planRecovery(_ facts: UpgradeFacts) throws(Refusal) {
        let isAsked = facts.options.only == .recovery
        let current = facts.recovery.image(facts.environment.recovery)
        if let current, facts.candidate.isSame(as: current), current.isWhole {
            if isAsked { notes.append("recovery is \(facts.candidate.title) already (\(current.id))") }
            return
        }
        if !isAsked, let problem = facts.recovery.problem {
            notes.append("recovery stays as it is: its partition could not be read: \(problem)")
            return
        }
        if !isAsked, let age = current?.age, facts.candidate.age.isNewer(than: age) == false { return }
        let upgrade = RecoveryUpgrade(facts, active == nil ? .alone : .afterActive)
        do throws(Refusal) {
            let plan = try upgrade.plan()
            if isAsked || facts.options.withRecovery { recovery = plan } else { noteFollowing(facts) }
        } catch {
            if isAsked { throw error }
            notes.append("recovery stays as it is: \(error.cause)")
        }
    }

    /// Says that recovery is older, and what becomes of it.
    private mutating func noteFollowing(_ facts: UpgradeFacts) {
        guard facts.policy.recoveryUpgrade == .allow else {
            notes.append("recovery is older and stays as it is (policy recovery-upgrade); --with-recovery upgrades it")
            return
        }
        recoveryFollows = true
        if active == nil, facts.environment.activeState == .good {
            notes.append(
                "recovery is older and gets this image after a healthy boot, or by `lifeboot upgrade-recovery`")
            return
        }
        notes.append("recovery is older and gets this image once it has been healthy; --with-recovery does it at once")
    }

    /// Says what the next boot starts, when that is not what runs.
    private mutating func noteRestart(_ facts: UpgradeFacts, _ image: ImageID) {
        guard facts.runningRole == .recovery || facts.runningImage != image else { return }
        let next = facts.environment.choice { _, _ in true }.attempt
        guard next?.image == image, next?.role != .recovery else { return }
        waitingImage = image
        notes.append("it starts when the machine is restarted")
    }
}

extension UpgradePlan {
    /// Removes the leftovers; nil when there are none.
    ///
    /// Nothing names them, so there is nothing to commit.
    package var removal: Plan<UpgradeAction>? {
        guard !leftovers.isEmpty else { return nil }
        return Plan(
            "upgrade", "state: what unfinished operations left",
            [
                .init(.prepare, .openStore(.state)), .init(.prepare, .removeLeftovers(.state, leftovers)),
                .init(.finish, .closeStore(.state)),
            ])
    }

    /// The plan for people and for golden tests.
    package var lines: [String] {
        let parts = [active, recovery].compactMap(\.self)
        return (parts.isEmpty ? ["Nothing to do."] : parts.flatMap { $0.lines }) + notes.map { "note: \($0)" }
    }
}

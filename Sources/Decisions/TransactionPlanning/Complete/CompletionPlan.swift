import BootModel
import DiskContract
package import Faults
import GrubEnvironment
import ImageModel
import ImagePlanning
package import Plans

/// Decides how recovery completes an expandable disk; docs/media.md has the order and what every cut leaves.
///
/// A step is left out only for what is on the disk, never by a counter, so each prefix comes to the same end.
package enum CompletionPlan {
    /// Plans what is left to do.
    ///
    /// - Throws: `Refusal` when this is not recovery, the table is not as boatyard makes it, or the disk is too small.
    package static func make(_ facts: CompletionFacts) throws(Refusal) -> Plan<CompletionAction> {
        guard facts.role == .recovery else { throw notRecovery(facts) }
        let layout = try CompletionLayout(facts)
        let table: [CompletionAction] = layout.changes.isEmpty ? [] : [.writeTable(layout.changes)]
        let steps =
            [.reset(.runHooks(HookEvent(.before, of: "install")))] + table + (try telling(layout, facts))
            + growing(layout, facts) + formatting(facts) + deployment(facts)
        return Plan(
            "complete", "active: \(facts.image.description) on \(facts.disk)",
            steps.map { Step(.prepare, $0) } + commit(facts))
    }

    private static func notRecovery(_ facts: CompletionFacts) -> Refusal {
        Refusal(
            .role, "completing", facts.disk,
            cause: facts.role.map { "the \($0.rawValue) system runs" } ?? "no system of it runs",
            remedy: "Restart the machine; as long as this is pending, recovery boots.")
    }

    /// What the kernel does not know yet.
    private static func telling(
        _ layout: CompletionLayout, _ facts: CompletionFacts
    ) throws(Refusal) -> [CompletionAction] {
        var actions: [CompletionAction] = []
        for place in layout.partitions {
            guard let known = facts.known.first(where: { $0.number == place.name.number }) else {
                actions.append(.addPartition(place))
                continue
            }
            let (start, size) = (known.start * facts.sectorSize, known.sectors * facts.sectorSize)
            let entry = facts.entries.first { $0.number == known.number }
            guard start == place.offset, known.sectors <= entry?.sectors ?? 0 else {
                throw Refusal(
                    .impossible, "completing", facts.disk,
                    cause: "the kernel has another \(place.name.rawValue) partition than its table",
                    remedy: "Restart the machine, so that it reads the table again.")
            }
            if size < place.size { actions.append(.resizePartition(place)) }
        }
        return actions
    }

    private static func growing(_ layout: CompletionLayout, _ facts: CompletionFacts) -> [CompletionAction] {
        let size = layout.partitions.first { $0.name == .recovery }?.size ?? 0
        return size - facts.recoverySize >= GrowPlan.least ? [.growRecovery] : []
    }

    /// Persistent first: a disk with a filesystem on state counts as an installation.
    private static func formatting(_ facts: CompletionFacts) -> [CompletionAction] {
        let makers: [(Partition, CompletionAction)] = [
            (.persistent, .reset(.formatPersistent(facts.settings.protection))), (.state, .formatState),
        ]
        return makers.flatMap { name, maker in facts.whole.contains(name) ? [] : [maker, .markWhole(name)] }
    }

    private static func deployment(_ facts: CompletionFacts) -> [CompletionAction] {
        [
            .reset(.deploy(facts.image)), .reset(.runHooks(HookEvent(.afterChroot, of: "install"))),
            .reset(.runHooks(HookEvent(.after, of: "install"))),
        ]
    }

    private static func commit(_ facts: CompletionFacts) -> [Step<CompletionAction>] {
        let note = HistoryNote(.install, .active, former: facts.environment.active, title: facts.image.title)
        return [
            Step(.commit, .reset(.finish(facts.image))), Step(.finish, .reset(.noteHistory(note))),
            Step(.finish, .reset(.runHooks(HookEvent(.post, of: "install")))),
        ]
    }
}

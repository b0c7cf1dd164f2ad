import GrubEnvironment
import ImagePlanning
package import Plans

/// Decides how GRUB is upgraded: one transaction after the other, each with one commit.
package enum GrubPlan {
    /// The transactions to carry out now, in order; none when all is as it should be or has to wait for a restart.
    ///
    /// A configuration is tried before it is kept, and loaders follow one that is kept: see
    /// docs/decisions/0013-grub-in-two-copies.md.
    ///
    /// - Parameter isRetry: whether a version that was tried and not kept is tried again.
    package static func plans(_ facts: GrubFacts, isRetry: Bool = false) -> [Plan<GrubAction>] {
        switch facts.arrangement {
        case .single: return [adoption(facts)]
        case .copies(let selection):
            var current = selection ?? GrubSelection()
            var plans: [Plan<GrubAction>] = []
            if let kept = keeping(facts, current, isUnusable: selection == nil) {
                current = kept
                plans.append(plan("keep copy \(kept.copy.rawValue)", [.init(.commit, .select(kept))]))
            }
            return plans + configuration(facts, current, isRetry) + loaders(facts, current)
        }
    }

    /// An older disk gets two copies and the selector; the new copy is tried at the next start.
    private static func adoption(_ facts: GrubFacts) -> Plan<GrubAction> {
        let selection = GrubSelection(copy: .a, trial: .b, tried: facts.offered)
        return plan(
            "two copies",
            [
                .init(.prepare, .adopt), .init(.prepare, .writeCopy(.b, version: facts.offered)),
                .init(.prepare, .select(selection)), .init(.commit, .installSelector),
            ], facts.notes)
    }

    /// The selection to write when the copy that was tried has started a healthy system, or the block is no use.
    private static func keeping(
        _ facts: GrubFacts, _ selection: GrubSelection, isUnusable: Bool
    ) -> GrubSelection? {
        guard selection.trial == nil, let proven = facts.proven, proven != selection.copy else {
            return isUnusable ? selection : nil
        }
        var kept = selection
        kept.copy = proven
        return kept
    }

    /// A newer configuration goes into the unused copy, and that on trial; a damaged unused copy is written anew.
    private static func configuration(
        _ facts: GrubFacts, _ selection: GrubSelection, _ isRetry: Bool
    ) -> [Plan<GrubAction>] {
        let (used, unused) = (facts.copies[selection.copy]?.version, selection.copy.other)
        let spare = facts.copies[unused]?.version
        let write = Step(.prepare, GrubAction.writeCopy(unused, version: facts.offered))
        guard facts.offered > used ?? -1 else {
            // While one copy is damaged there is nothing to fall back to.
            guard spare == nil, used == facts.offered else { return [] }
            return [plan("mend copy \(unused.rawValue)", [write])]
        }
        guard selection.trial != unused || spare != facts.offered else { return [] }
        guard isRetry || selection.tried < facts.offered else { return [] }
        var trial = selection
        (trial.trial, trial.tried) = (unused, facts.offered)
        let steps = (spare == facts.offered ? [] : [write]) + [Step(.commit, .select(trial))]
        return [plan("try version \(facts.offered)", steps)]
    }

    /// Newer loaders, once the configuration of their version is in use.
    private static func loaders(_ facts: GrubFacts, _ selection: GrubSelection) -> [Plan<GrubAction>] {
        guard facts.copies[selection.copy]?.version == facts.offered else { return [] }
        let isNewer = selection.loader < facts.offered
        var plans: [Plan<GrubAction>] = []
        if isNewer, facts.outdated.contains(.bios) {
            plans.append(plan("loader for BIOS", [.init(.prepare, .writeCore), .init(.commit, .switchCore)]))
        }
        // A distribution mends its programs when it likes; no version of ours grows by that.
        if isNewer || facts.isPair { plans += uefi(facts.outdated) }
        guard isNewer else { return plans }
        var recorded = selection
        recorded.loader = facts.offered
        return plans + [plan("loaders of version \(facts.offered)", [.init(.commit, .select(recorded))], facts.notes)]
    }

    /// One file after the other, each with its commit: what firmware starts is the last, and each prefix of the order starts.
    private static func uefi(_ outdated: Set<GrubLoader>) -> [Plan<GrubAction>] {
        LoaderFile.allCases.filter { outdated.contains(.uefi($0)) }.map { file in
            plan(
                "\(file.rawValue) for UEFI",
                [.init(.prepare, .writeLoader(file)), .init(.commit, .exchangeLoader(file))])
        }
    }

    private static func plan(
        _ subject: String, _ steps: [Step<GrubAction>], _ notes: [String] = []
    ) -> Plan<GrubAction> {
        Plan("grub", subject, steps, notes: notes)
    }

    /// Whether a version was tried, did not start a healthy system, and is not tried again by itself.
    package static func hasFailed(_ facts: GrubFacts) -> Bool {
        guard case .copies(let selection?) = facts.arrangement, selection.trial == nil, facts.proven == selection.copy
        else { return false }
        return facts.offered > facts.copies[selection.copy]?.version ?? -1 && selection.tried >= facts.offered
    }
}

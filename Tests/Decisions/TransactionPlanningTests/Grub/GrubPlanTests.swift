import GrubEnvironment
import ImagePlanning
import Plans
import Testing

@testable import TransactionPlanning

@Suite("GRUB plan")
struct GrubPlanTests {
    /// A disk that uses version 1, offered another.
    static func facts(
        _ offered: Int, _ selection: GrubSelection? = GrubSelection(loader: 1), proven: GrubCopy? = .a, used: Int = 1,
        spare: Int? = 1
    ) -> GrubFacts {
        let copy = selection?.copy ?? .a
        return GrubFacts(
            offered: offered, arrangement: .copies(selection),
            copies: [copy: .whole(version: used), copy.other: spare.map { .whole(version: $0) } ?? .damaged],
            proven: proven)
    }

    static func actions(_ facts: GrubFacts, isRetry: Bool = false) -> [GrubAction] {
        GrubPlan.plans(facts, isRetry: isRetry).flatMap { $0.steps.map(\.action) }
    }

    @Test("nothing is done for the version in use or an older one", arguments: [0, 1])
    func upToDate(offered: Int) { #expect(Self.actions(Self.facts(offered)).isEmpty) }

    @Test("a newer configuration goes where none is in use, and on trial")
    func trial() {
        let selection = GrubSelection(copy: .a, trial: .b, loader: 1, tried: 2)
        #expect(Self.actions(Self.facts(2)) == [.writeCopy(.b, version: 2), .select(selection)])
        #expect(Self.actions(Self.facts(2, selection, spare: 2)).isEmpty, "it waits for the next start")
    }

    @Test("a copy that was written before a cut is not written again")
    func resumed() {
        let selection = GrubSelection(copy: .a, trial: .b, loader: 1, tried: 2)
        #expect(Self.actions(Self.facts(2, spare: 2)) == [.select(selection)])
    }

    @Test("a trial that started a healthy system is kept, and the loaders follow")
    func kept() {
        var facts = Self.facts(2, GrubSelection(copy: .a, loader: 1, tried: 2), proven: .b, spare: 2)
        facts.outdated = [.bios, .uefi(.firmware)]
        let kept = GrubSelection(copy: .b, loader: 1, tried: 2)
        var recorded = kept
        recorded.loader = 2
        #expect(
            Self.actions(facts) == [
                .select(kept), .writeCore, .switchCore, .writeLoader(.firmware), .exchangeLoader(.firmware),
                .select(recorded),
            ])
        let plans = GrubPlan.plans(facts)
        #expect(plans.allSatisfy { plan in plan.steps.count { $0.moment == .commit } == 1 })
    }

    @Test("loaders wait until the configuration of their version is in use")
    func loadersLast() {
        var facts = Self.facts(2)
        (facts.outdated, facts.isPair) = ([.bios, .uefi(.firmware)], true)
        #expect(!Self.actions(facts).contains(.writeCore) && !Self.actions(facts).contains(.writeLoader(.firmware)))
    }

    @Test("a signed pair follows the image that runs, without a new version: GRUB first, and shim last")
    func pair() {
        var facts = Self.facts(1)
        facts.outdated = [.bios, .uefi(.firmware), .uefi(.grub), .uefi(.configuration), .uefi(.manager)]
        #expect(Self.actions(facts).isEmpty, "the version in use has its loaders")
        facts.isPair = true
        let order: [LoaderFile] = [.configuration, .manager, .grub, .firmware]
        #expect(Self.actions(facts) == order.flatMap { [.writeLoader($0), .exchangeLoader($0)] })
        let plans = GrubPlan.plans(facts)
        #expect(plans.count == 4 && plans.allSatisfy { $0.steps.map(\.moment) == [.prepare, .commit] })
    }

    @Test("what stays as it is is said with the version that is written down")
    func notes() {
        var facts = Self.facts(2, GrubSelection(copy: .a, loader: 1, tried: 2), used: 2, spare: 2)
        facts.notes = ["something stays"]
        #expect(GrubPlan.plans(facts).last?.notes == ["something stays"])
    }

    @Test("a trial that failed is not repeated by itself")
    func failed() {
        let facts = Self.facts(2, GrubSelection(copy: .a, loader: 1, tried: 2), spare: 2)
        #expect(Self.actions(facts).isEmpty)
        #expect(GrubPlan.hasFailed(facts))
        #expect(!Self.actions(facts, isRetry: true).isEmpty)
        #expect(!Self.actions(Self.facts(3, GrubSelection(copy: .a, loader: 1, tried: 2))).isEmpty, "a newer one is")
    }

    @Test("what is in use has not failed, and nothing has where this boot proves nothing")
    func notFailed() {
        let current = GrubSelection(copy: .a, loader: 1, tried: 1)
        #expect(!GrubPlan.hasFailed(Self.facts(1, current)))
        let tried = GrubSelection(copy: .a, loader: 1, tried: 2)
        #expect(!GrubPlan.hasFailed(Self.facts(2, tried, proven: nil, spare: 2)))
        #expect(!GrubPlan.hasFailed(Self.facts(2, tried, proven: .b, spare: 2)))
    }

    @Test("a copy that was written anew since this boot is not kept for what it was before")
    func writtenAnew() {
        let selection = GrubSelection(copy: .a, trial: .b, loader: 1, tried: 3)
        #expect(Self.actions(Self.facts(3, selection, proven: .b, spare: 3)).isEmpty)
    }

    @Test("a boot that is not known to be healthy keeps nothing")
    func unproven() {
        #expect(Self.actions(Self.facts(2, GrubSelection(tried: 2), proven: nil, spare: 2)).isEmpty)
    }

    @Test("a damaged spare copy is written anew, a damaged block too")
    func mended() {
        #expect(Self.actions(Self.facts(1, spare: nil)) == [.writeCopy(.b, version: 1)])
        #expect(Self.actions(Self.facts(0, nil)) == [.select(GrubSelection())])
    }

    @Test("a damaged copy in use gives way to the other one")
    func damagedInUse() {
        var facts = Self.facts(1)
        facts.copies[.a] = .damaged
        let trial = GrubSelection(copy: .a, trial: .b, loader: 1, tried: 1)
        #expect(Self.actions(facts) == [.select(trial)])
    }

    @Test("a disk with one configuration gets two copies; the exchange of names is the commit")
    func adopted() {
        let facts = GrubFacts(offered: 1, arrangement: .single)
        let plan = GrubPlan.plans(facts)[0]
        #expect(
            plan.steps.map(\.action) == [
                .adopt, .writeCopy(.b, version: 1), .select(GrubSelection(copy: .a, trial: .b, tried: 1)),
                .installSelector,
            ])
        #expect(plan.steps.map(\.moment) == [.prepare, .prepare, .prepare, .commit])
    }
}

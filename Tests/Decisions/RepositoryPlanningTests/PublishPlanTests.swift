import Faults
import ImageModel
import PackageModel
import RepositoryPlanning
import Testing

@Suite struct PublishPlanTests {
    @Test func `the first index has no predecessor and holds for the days that were asked for`() throws {
        let tide = try package("app/tide 1.0", 1)
        let plan = try PublishPlan(
            PublishFacts(name: "harbour", base: nil, revision: 1, own: [tide], now: time(5), days: 2))
        #expect(plan.index.previous == nil)
        #expect(plan.index.revision == 1)
        #expect(plan.index.created == time(5))
        #expect(plan.index.expires == time(5 + 2 * 86_400))
        #expect(plan.index.packages == [tide])
        #expect(plan.added == [tide])
    }

    @Test func `own packages and announced ones come to those that are there`() throws {
        let (ebb, tide, flood) = try (
            package("app/ebb 1.0", 1), package("app/tide 1.0", 2), package("app/flood 1.0", 3)
        )
        let plan = try PublishPlan(
            PublishFacts(
                name: "harbour", base: known(10, revision: 3, [ebb]),
                announced: [Announcement(known(11, revision: 4, previous: 10, [ebb, flood]))], revision: 5,
                own: [tide, ebb],
                now: time(5), days: 1))
        #expect(plan.index.previous == digest(10))
        #expect(plan.index.joined == [digest(11)])
        #expect(plan.index.packages == [ebb, tide, flood])
        #expect(plan.added == [tide])
        #expect(plan.adopted == [flood])
        let rest = plan.leavingOut([flood.manifest])
        #expect(rest.index.packages == [ebb, tide])
        #expect(rest.adopted == [])
    }

    @Test func `what is removed is named by nobody any more, and counts as published before for nobody`() throws {
        let (ebb, tide, flood) = try (
            package("app/ebb 1.0", 1), package("app/tide 1.0", 2), package("app/flood 1.0", 3)
        )
        var facts = PublishFacts(
            name: "harbour", base: known(10, revision: 3, [ebb, tide]),
            announced: [Announcement(known(11, revision: 4, previous: 10, [ebb, tide, flood]))], revision: 5, own: [],
            now: time(5), days: 1)
        facts.removed = [tide]
        let plan = try PublishPlan(facts)
        #expect(plan.index.packages == [ebb, flood])
        #expect(plan.added == [] && plan.adopted == [flood])
    }

    @Test func `of what was announced only the difference to its start counts: what it brings, and what it takes away`()
        throws
    {
        let (ebb, tide, flood, lamp) = try (
            package("app/ebb 1.0", 1), package("app/tide 1.0", 2), package("app/flood 1.0", 3),
            package("app/lamp 1.0", 4)
        )
        let start = known(10, revision: 3, [ebb, tide])
        let announced = Announcement(known(11, revision: 5, previous: 10, [ebb, flood]), after: start)
        // Somebody has removed ebb meanwhile, and who announced removes tide.
        var facts = PublishFacts(
            name: "harbour", base: known(12, revision: 4, previous: 10, [tide, lamp]), announced: [announced],
            revision: 6, own: [], now: time(5), days: 1)
        let plan = try PublishPlan(facts)
        #expect(plan.index.packages == [lamp, flood])
        #expect(plan.adopted == [flood])
        #expect(plan.index.joined == [digest(11)])
        facts.own = [tide]
        #expect(try PublishPlan(facts).index.packages == [tide, lamp, flood])
        facts.announced[0].start = nil
        #expect(try PublishPlan(facts).index.packages == [tide, lamp, ebb, flood])
    }

    @Test func `what was announced under another name, or too long ago, is not taken over`() throws {
        let flood = try package("app/flood 1.0", 3)
        let plan = try PublishPlan(
            PublishFacts(
                name: "harbour", base: nil,
                announced: [
                    Announcement(known(11, revision: 1, name: "other", [flood])),
                    Announcement(known(12, revision: 2, [flood], expires: 5)),
                ],
                revision: 3, own: [], now: time(5), days: 1))
        #expect(plan.index.joined == [])
        #expect(plan.index.packages == [])
        #expect(plan.index.revision == 3)
    }

    @Test func `another repository under the same reference is refused`() throws {
        let error = #expect(throws: RepositoryPlanningError.self) {
            try PublishPlan(
                PublishFacts(
                    name: "harbour", base: known(10, revision: 3, name: "foundation"), revision: 4, own: [],
                    now: time(5), days: 1))
        }
        #expect(error?.kind == .name)
        #expect(error?.refusal == .product)
    }

    @Test func `a package with other content is refused, wherever it comes from`() throws {
        let (one, two) = try (package("app/tide 1.0", 1), package("app/tide 1.0", 2))
        for (base, announced) in [([one], []), ([], [one])] {
            let error = #expect(throws: RepositoryPlanningError.self) {
                try PublishPlan(
                    PublishFacts(
                        name: "harbour", base: known(10, revision: 3, base),
                        announced: [Announcement(known(11, revision: 4, announced))], revision: 5, own: [two],
                        now: time(5), days: 1))
            }
            #expect(error?.kind == .clash)
            #expect(error?.remedy == "Raise the version.")
        }
    }

    @Test(arguments: [
        (SwitchFacts.own(ownRevision: true, later: false), true), (.own(ownRevision: false, later: false), false),
        (.own(ownRevision: true, later: true), false), (.other(follows: true), true), (.other(follows: false), false),
    ])
    func `a publication is settled when nobody else can have overwritten it, or was overwritten`(
        facts: SwitchFacts, isSettled: Bool
    ) {
        #expect(facts.isSettled == isSettled)
    }

    @Test func `an index names no more packages than readers take`() throws {
        let one = try package("app/tide 1.0", 1)
        let many = (0...RepositoryIndex.packageLimit).compactMap { number -> RepositoryPackage? in
            guard let version = try? PackageVersion(parsing: "1.\(number)") else { return nil }
            var package = one
            package.metadata.version = version
            return package
        }
        let error = #expect(throws: RepositoryPlanningError.self) { try IndexMerge.merged([many]) }
        #expect(error?.kind == .limit)
        #expect(try IndexMerge.merged([many.dropLast()]).count == RepositoryIndex.packageLimit)
    }
}

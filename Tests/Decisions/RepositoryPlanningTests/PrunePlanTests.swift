import ImageModel
import PackageModel
import RepositoryPlanning
import Testing

@Suite struct PrunePlanTests {
    @Test func `the newest published indexes stay, and all that are announced after them`() {
        let tags = ["index", "index-1", "index-2", "index-9", "index-10", "index-11", "index-x", "latest"]
        let scope = PruneScope(tags: tags, newest: 10, keeping: 2, and: [1])
        #expect(scope.kept == ["index-11", "index-10", "index-9", "index-1"])
        #expect(scope.old == ["index-2"])
        #expect(scope.questionable == [])
        #expect(PruneScope(tags: tags, newest: 10, keeping: 0).kept == ["index-11", "index-10"])
    }

    @Test func `only tags of packages and signatures are looked at`() throws {
        let hex = digest(7).hex
        let own = try [
            PackageTag.tag(PackageName(parsing: "system/sv+v"), PackageVersion(parsing: "1:2.0~rc1+b-3")),
            PackageTag.tag(PackageName(parsing: "sys/vim"), PackageVersion(parsing: "9")), "sha256-\(hex)",
            "sha256-\(hex).sig",
        ]
        let foreign = [
            "latest", "build-0123", "v1_s2", "a_sb", "_sb_v1", "a_sb_v1_x", "a_sb_sb_v1", "sha256-12", "prune",
        ]
        #expect(PruneScope(tags: own + foreign, newest: 1, keeping: 1).questionable == own)
    }

    @Test func `what an index names that stays is never deleted, and the rest once`() throws {
        var tide = try package("app/tide 1.0", 1)
        tide.details = digest(2)
        var keep = PruneKeep()
        keep.keep(known(10, revision: 5, [tide]))
        #expect(!keep.isDoubtful("app_stide_v1.0"))
        #expect(keep.isDoubtful("app_stide_v0.9"))
        #expect(!keep.isDoubtful("sha256-\(digest(10).hex).sig"))
        #expect(keep.isDoubtful("sha256-\(digest(11).hex).sig"))
        let deletion = { (tag: String, number: UInt8) in PrunePlan.Deletion(tag: tag, digest: digest(number)) }
        let plan = PrunePlan(
            old: [deletion("index-1", 20), deletion("index-1", 1), deletion("index-1", 2), deletion("index-1", 3)],
            doubtful: [deletion("app_sx_v1", 3), deletion("app_sy_v1", 4)], keeping: keep)
        #expect(plan.deletions.map(\.digest) == [20, 3, 4].map(digest))
        var more = PruneKeep()
        more.keep(digest(4))
        #expect(plan.sparing(more).deletions.map(\.digest) == [20, 3].map(digest))
    }
}

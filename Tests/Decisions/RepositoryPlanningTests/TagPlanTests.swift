import ImageModel
import PackageModel
import RepositoryPlanning
import Testing

@Suite struct TagPlanTests {
    @Test func `versions have tags of their own, and architectures share one`() throws {
        let packages = try [
            package("app/tide 1.0 amd64", 1), package("app/tide 1.0 arm64", 2), package("app/tide 1.1+1 amd64", 3),
        ]
        let tags = try TagPlan.wanted(by: packages, beside: [])
        #expect(
            tags == [
                "app_stide_v1.0": TagContent(["amd64": digest(1), "arm64": digest(2)]),
                "app_stide_v1.1_p1": TagContent(["amd64": digest(3)]),
            ])
    }

    @Test func `what the index has of another architecture stays under the tag`() throws {
        let tags = try TagPlan.wanted(
            by: [package("app/tide 1.0 arm64", 2)],
            beside: [package("app/tide 1.0 amd64", 1), package("app/ebb 1.0 amd64", 3)])
        #expect(tags == ["app_stide_v1.0": TagContent(["amd64": digest(1), "arm64": digest(2)])])
    }

    @Test func `a tag is put, kept, widened or refused`() {
        let wanted = TagContent(["amd64": digest(1)])
        #expect(TagDecision(wanted: wanted, present: nil) == .put(wanted))
        #expect(TagDecision(wanted: wanted, present: wanted) == .keep)
        let both = TagContent(["amd64": digest(1), "arm64": digest(2)])
        #expect(TagDecision(wanted: wanted, present: both) == .keep)
        #expect(TagDecision(wanted: wanted, present: TagContent(["arm64": digest(2)])) == .put(both))
        #expect(
            TagDecision(wanted: wanted, present: TagContent(["amd64": digest(3)]))
                == .refuse(architecture: "amd64", present: digest(3)))
        #expect(both.ordered.map(\.architecture) == ["amd64", "arm64"])
    }
}

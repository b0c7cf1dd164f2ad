import PackageModel
import Testing

@testable import BuildPlanning

@Suite("Versions that somebody has published")
struct PublishedVersionsTests {
    private static let tags = [
        "1.0", "latest", "1.10", "1.9", "index", "sha256-\(String(repeating: "0", count: 64)).sig", "2.0_trc1",
        "1.0_p1",
        "v3", "1.00",
    ]

    @Test("are the tags that are versions, the highest first; others are passed over")
    func order() {
        let all = PublishedVersions(tags: Self.tags).all.map { "\($0.version) \($0.tag)" }
        #expect(all == ["2.0~rc1 2.0_trc1", "1.10 1.10", "1.9 1.9", "1.0+1 1.0_p1", "1.0 1.0", "1.00 1.00"])
    }

    @Test(
        "are chosen from by a range, or all of them",
        arguments: [
            (nil, "2.0_trc1"), ("< 2.0~", "1.10"), (">= 1, < 1.10", "1.9"), ("= 1.0+1", "1.0_p1"), (">= 2.0", nil),
        ] as [(String?, String?)])
    func choice(range: String?, tag: String?) throws {
        let versions = try range.map { try VersionRange(parsing: $0) } ?? .any
        #expect(PublishedVersions(tags: Self.tags).highest(in: versions)?.tag == tag)
        #expect(PublishedVersions(tags: ["latest"]).highest(in: versions) == nil)
    }
}

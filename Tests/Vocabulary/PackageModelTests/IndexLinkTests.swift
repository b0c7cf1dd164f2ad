import ImageModel
import PackageModel
import Testing

@Suite struct IndexLinkTests {
    static func index(previous: Bool, joined: Int) throws -> RepositoryIndex {
        let digest = try #require(Digest(hex: String(repeating: "0a", count: 32)))
        var index = RepositoryIndex(
            name: "x", revision: 7, previous: previous ? digest : nil,
            created: try #require(UTCTime("2026-11-28T00:00:00Z")),
            expires: try #require(UTCTime("2026-12-28T00:00:00Z")))
        index.joined = Array(repeating: digest, count: joined)
        return index
    }

    @Test(arguments: [(false, 0), (true, 0), (true, 2)])
    func `a manifest says what its index says`(previous: Bool, joined: Int) throws {
        let index = try Self.index(previous: previous, joined: joined)
        let link = IndexLink(annotations: IndexLink.annotations(of: index))
        #expect(link == IndexLink(index))
        #expect(link?.parents.count == (previous ? 1 : 0) + joined)
        #expect(try RepositoryIndex(parsing: index.serialized()) == index)
    }

    @Test(arguments: [
        [:], ["io.lifeboot.repository.revision": "0"], ["io.lifeboot.repository.revision": "x"],
        ["io.lifeboot.repository.revision": "1", "io.lifeboot.repository.previous": "sha256:12"],
    ])
    func `annotations that say something else say nothing`(annotations: [String: String]) {
        #expect(IndexLink(annotations: annotations) == nil)
    }

    @Test func `more joined indexes than anybody joins are refused`() throws {
        let index = try Self.index(previous: true, joined: RepositoryIndex.joinLimit + 1)
        #expect(throws: (any Error).self) { try RepositoryIndex(parsing: index.serialized()) }
    }

    @Test(arguments: [
        ("index-1", 1), ("index-41", 41), ("index", nil), ("index-0", nil), ("index-01", nil), ("index-x", nil),
    ])
    func `a tag names a revision, or none`(tag: String, revision: Int64?) {
        #expect(RepositoryIndex.revision(tag: tag) == revision)
        if let revision { #expect(RepositoryIndex.tag(revision: revision) == tag) }
    }
}

import ImageModel
import PackageModel
import RepositoryPlanning
import Testing

@Suite struct AncestorSearchTests {
    /// Follows links that are there; digests are told by revisions.
    static func finding(_ links: [UInt8: [UInt8]], from start: UInt8, for goal: UInt8) -> (AncestorSearch.Finding, Int)
    {
        var search = AncestorSearch(from: digest(start), for: digest(goal), revision: Int64(goal))
        var count = 0
        while let next = search.next() {
            count += 1
            let number = next.bytes[0]
            search.take(
                links[number].map { parents in
                    var index = known(number, revision: Int64(number)).index
                    index.previous = parents.first.map(digest)
                    index.joined = parents.dropFirst().map(digest)
                    return IndexLink(index)
                })
        }
        return (search.finding, count)
    }

    @Test(
        arguments: [
            ([5: [4], 4: [3]], 3, AncestorSearch.Finding.found, 2), ([5: [4], 4: [2]], 3, .unknown, 3),
            ([5: [4, 3], 4: [2]], 3, .found, 1), ([5: [4]], 3, .unknown, 2), ([:], 5, .found, 0),
            ([5: []], 3, .absent, 1), ([5: [4], 4: [2], 2: [1]], 3, .absent, 3),
        ] as [([UInt8: [UInt8]], UInt8, AncestorSearch.Finding, Int)])
    func `an index is found in the history, or not, or the history ends too early`(
        links: [UInt8: [UInt8]], goal: UInt8, finding: AncestorSearch.Finding, requests: Int
    ) {
        let (found, count) = Self.finding(links, from: 5, for: goal)
        #expect(found == finding)
        #expect(count == requests)
    }

    @Test func `a history without end is not followed for ever`() {
        let links = Dictionary(uniqueKeysWithValues: (2...250).map { (UInt8($0), [UInt8($0 - 1)]) })
        let (found, count) = Self.finding(links, from: 250, for: 1)
        #expect(found == .unknown)
        #expect(count <= AncestorSearch.limit)
    }
}

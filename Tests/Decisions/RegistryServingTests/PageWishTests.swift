import Testing

@testable import RegistryServing

@Suite("Pages of lists")
struct PageWishTests {
    static let names = ["c", "a", "b", "B"]

    @Test(
        "a page begins behind the last entry and has at most so many",
        arguments: [
            (nil, nil, ["B", "a", "b", "c"], false), (2, nil, ["B", "a"], true), (2, "a", ["b", "c"], false),
            (1, "a", ["b"], true), (4, nil, ["B", "a", "b", "c"], false), (9, nil, ["B", "a", "b", "c"], false),
            (0, nil, [], false), (nil, "aa", ["b", "c"], false), (nil, "c", [], false),
            (nil, "", ["B", "a", "b", "c"], false),
        ] as [(Int?, String?, [String], Bool)])
    func pages(count: Int?, last: String?, names: [String], isContinued: Bool) {
        let page = ListPage(of: Self.names, PageWish(count: count, last: last))
        #expect(page.names == names && page.isContinued == isContinued)
    }

    @Test("no answer has more than a thousand entries", arguments: [nil, 2_000, Int.max])
    func bounded(count: Int?) {
        let page = ListPage(of: (0..<1_001).map { "\($0)" }, PageWish(count: count))
        #expect(page.names.count == 1_000 && page.isContinued)
    }

    @Test("a number that is beyond all lists is one")
    func huge() throws {
        #expect(try PageWish(["n": "99999999999999999999"]).count == PageWish.maximum)
    }
}

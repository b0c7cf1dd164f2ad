import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("Chains of needs")
struct NeedChainTests {
    static func chain(_ links: Int) throws -> NeedChain {
        let asked = PlacedRequest(try PackageRequest(parsing: "a/p0"), from: "f:1")
        return NeedChain(
            asked,
            try (0..<links).map { number in
                NeedChain.Link(
                    NamedVersions(
                        try PackageName(parsing: "a/p\(number)"), [try PackageVersion(parsing: "\(number)")]),
                    needs: try PackageRequest(parsing: "a/p\(number + 1) > \(number)"))
            })
    }

    @Test("are told from their end, with who asked last")
    func words() throws {
        #expect(try Self.chain(0).words == "asked for by f:1")
        #expect(try Self.chain(1).words == "needed by a/p0 0, which is asked for by f:1")
        #expect(
            try Self.chain(2).words == "needed by a/p1 1, which is needed by a/p0 0, which is asked for by f:1")
    }

    @Test("end with what is needed there")
    func needs() throws {
        #expect(try Self.chain(0).need.description == "a/p0")
        #expect(try Self.chain(3).need.description == "a/p3 > 2")
    }

    @Test("are cut in their middle, so that both ends are told")
    func long() throws {
        #expect(
            try Self.chain(9).words
                == "needed by a/p8 8, which is needed by a/p7 7, which is needed by a/p6 6, which is needed by 4 more packages "
                + "in turn, which are needed by a/p1 1, which is needed by a/p0 0, which is asked for by f:1")
        #expect(try Self.chain(10_000).words.utf8.count < 300)
    }

    @Test(
        "list few words whole and many in part",
        arguments: [
            ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c", "d"], "a, b, c and d"),
            (["a", "b", "c", "d", "e", "f"], "a, b, c and 3 more"),
        ] as [([String], String)])
    func lists(words: [String], text: String) {
        #expect(WordList.of(words) == text)
    }

    @Test("of equal requests are told once, with all who ask")
    func joined() throws {
        let requests = try [("b/b", "f:9"), ("a/a > 1", "f:2"), ("b/b", "f:1"), ("b/b", "f:9")].map {
            PlacedRequest(try PackageRequest(parsing: $0), from: $1)
        }
        #expect(
            PlacedRequest.joined(requests)
                == [
                    PlacedRequest(requests[1].request, from: "f:2"),
                    PlacedRequest(requests[0].request, from: "f:1 and f:9"),
                ])
    }
}

import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("What a solver has to know")
struct SolverScopeTests {
    private static func scope(_ packages: String, _ requests: [String], limit: Int = 1_000) throws -> SolverScope? {
        let catalogue = PackageCatalogue([try PackageText.repository(packages)], architecture: "amd64")
        var limits = SolverScope.Limits()
        limits.rules = limit
        return SolverScope(try requests.map { try PackageRequest(parsing: $0) }, in: catalogue, limits: limits)
    }

    @Test("are the packages that can come up, and what they need and conflict with")
    func reached() throws {
        let text = "a/a 1 | requires b/b | conflicts d/d\nb/b 1\nc/c 1\nd/d 1 | requires c/c"
        let scope = try #require(try Self.scope(text, ["a/a"]))
        #expect(scope.packages == [0, 1])
        #expect(scope.needs.map(\.description) == ["a/a", "b/b", "d/d"])
        #expect(scope.satisfiers == [[0], [1], []])
        #expect(scope.requires == [0: [1], 1: []] && scope.conflicts == [0: [2], 1: []])
    }

    @Test(
        "has a version that a better one stands for only where that makes a difference",
        arguments: [
            ("a/a 2\na/a 1", [0]), ("a/a 2 | requires b/b\na/a 1\nb/b 1", [0, 1, 2]),
            ("a/a 2 | conflicts b/b\na/a 1", [0, 1]), ("a/a 2 | provides c/c\na/a 1", [0]),
            ("a/a 3 | requires b/b\na/a 2 | requires b/b\na/a 1 | requires b/b >= 1\nb/b 2\nb/b 1", [0, 2, 3]),
            ("a/a 2 | requires a/a < 2\na/a 1", [0, 1]),
        ])
    func alike(packages: String, kept: [Int]) throws {
        let scope = try #require(try Self.scope(packages, ["a/a"]))
        #expect(scope.packages == kept)
        let all = scope.alike.values.flatMap(\.self).sorted()
        #expect(Set(scope.alike.keys) == Set(kept) && all == Array(all.indices))
    }

    @Test("is refused when it would be too much: by versions, conflicts, needs or what fulfils them")
    func limit() throws {
        let versions = (1...60).map { "a/a \($0) | requires b/b < \($0 + 1)\nb/b \($0)" }.joined(separator: "\n")
        #expect(try Self.scope(versions, ["a/a"], limit: 1_000) == nil)
        #expect(try Self.scope(versions, ["a/a"], limit: 10_000) != nil)
        let needs = (1...60).map { " | requires b/b\($0)" }.joined()
        #expect(try Self.scope("a/a 1\(needs)", ["a/a"], limit: 50) == nil)
        #expect(try Self.scope("a/a 1\(needs)", ["a/a"], limit: 200) != nil)
        let conflicts = (1...40).map { "a/p\($0) 1 | provides v/v | conflicts v/v" }.joined(separator: "\n")
        #expect(try Self.scope(conflicts, ["v/v"], limit: 1_000) == nil)
    }
}

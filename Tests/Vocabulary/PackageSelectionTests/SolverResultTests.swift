import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("What a solver chose")
struct SolverResultTests {
    /// All packages of a text, taken as chosen.
    private static func result(_ packages: String, _ requests: [String]) throws -> SolverResult {
        let catalogue = PackageCatalogue([try PackageText.repository(packages, name: "r")], architecture: "amd64")
        let placed = try requests.enumerated().map {
            PlacedRequest(try PackageRequest(parsing: $1), from: "f:\($0 + 1)")
        }
        return SolverResult(Array(catalogue.entries.indices), for: placed, in: catalogue)
    }

    private static func names(_ result: SolverResult) -> [String] {
        result.packages.map(\.package.metadata.name.description)
    }

    @Test("is without what nothing needs")
    func unneeded() throws {
        let result = try Self.result("a/a 1 | requires b/b\nb/b 1\nc/c 1 | requires d/d\nd/d 1", ["a/a"])
        #expect(Self.names(result) == ["b/b", "a/a"])
        #expect(result.packages.first?.repository == "r" && result.packages.first?.layer == 0)
    }

    @Test("keeps of several that do the same the one that is needed anyway, else the one of the name, else the first")
    func several() throws {
        let providers = "p/a 1 | provides v/v\np/b 1 | provides v/v"
        #expect(Self.names(try Self.result(providers, ["v/v"])) == ["p/a"])
        #expect(Self.names(try Self.result(providers, ["v/v", "p/b"])) == ["p/b"])
        #expect(Self.names(try Self.result(providers + "\nv/v 1", ["v/v"])) == ["v/v"])
        #expect(Self.names(try Self.result(providers + "\nz/z 1 | requires p/b", ["v/v", "z/z"])) == ["p/b", "z/z"])
    }

    @Test("says for each request the shortest way by which it brings a package, or what provides a name")
    func why() throws {
        let result = try Self.result(
            "a/a 1 | requires b/b | requires c/c\nb/b 1 | requires c/c >= 1\nc/c 1 | provides v/v\nd/d 1",
            ["a/a", "b/b", "d/d"])
        let name = try PackageName(parsing: "c/c")
        #expect(
            result.explanation(of: name) == [
                "c/c 1 is needed by a/a 1, which is asked for by f:1",
                "c/c 1 is needed by b/b 1, which is asked for by f:2",
            ])
        #expect(result.why(name).map(\.asked.origin) == ["f:1", "f:2"])
        #expect(result.why(try PackageName(parsing: "v/v")) == result.why(name))
        #expect(result.why(try PackageName(parsing: "x/x")).isEmpty)
    }

    @Test("warns of a choice only where somebody else would do and nobody named the one that was taken")
    func warnings() throws {
        let catalogue = PackageCatalogue(
            [
                try PackageText.repository(
                    "p/a 1 | provides v/v\np/b 1 | provides v/v\np/c 1 | provides w/w\nz/z 1 | requires p/a")
            ],
            architecture: "amd64")
        func warnings(_ chosen: [Int], _ requests: String...) throws -> [String] {
            let placed = try requests.map { PlacedRequest(try PackageRequest(parsing: $0), from: "f:1") }
            return SolverResult(chosen, for: placed, in: catalogue).warnings.map(\.description)
        }
        #expect(
            try warnings([1], "v/v") == [
                "p/b 1 and p/a 1 provide v/v, which is asked for by f:1; p/b was taken. Ask for the one that you want."
            ])
        #expect(try warnings([2], "w/w") == [])
        #expect(try warnings([0], "v/v", "p/a") == [])
        #expect(try warnings([0, 3], "v/v", "z/z") == [])
    }

    @Test("orders a chain of any length")
    func deep() throws {
        let length = 8_000
        let text =
            (0..<length).map { "a/p\($0) 1 | requires a/p\($0 + 1)" }.joined(separator: "\n") + "\na/p\(length) 1"
        let names = Self.names(try Self.result(text, ["a/p0"]))
        #expect(names.first == "a/p\(length)" && names.last == "a/p0" && names.count == length + 1)
    }
}

import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("The check of packages that were chosen before")
struct SelectionCheckTests {
    private static func faults(_ packages: String, _ requests: [String]) throws -> [String] {
        try SelectionCheck.faults(
            of: packages.split(separator: "\n").map { try PackageText.package(String($0)).metadata },
            for: requests.enumerated().map { PlacedRequest(try PackageRequest(parsing: $1), from: "f:\($0 + 1)") },
            architecture: "amd64"
        ).map(\.description)
    }

    @Test("finds nothing in what fulfils the requests, rings and self-made provisions included")
    func good() throws {
        let packages =
            "a/a 1 amd64 | requires b/b >= 2 | requires v/v\nb/b 2 | requires a/a\nc/c 1 | provides v/v | conflicts v/v"
        #expect(try Self.faults(packages, ["a/a", "v/v"]) == [])
        #expect(try Self.faults("", []) == [])
    }

    @Test(
        "finds",
        arguments: [
            ("a/a 1", ["a/a", "b/b"], ["b/b is not there, which is asked for by f:2"]),
            (
                "a/a 1", ["a/a >= 2"],
                ["a/a 1 is there, but a/a >= 2 is asked for by f:1", "a/a 1 is there, and nothing needs it"]
            ),
            (
                "a/a 1 | requires b/b | requires c/c > 3\nc/c 3", ["a/a", "c/c"],
                [
                    "b/b is not there, which is needed by a/a 1, which is asked for by f:1",
                    "c/c 3 is there, but c/c > 3 is needed by a/a 1, which is asked for by f:1",
                ]
            ),
            ("a/a 1 | conflicts b/b < 2\nb/b 1", ["a/a", "b/b"], ["a/a 1 conflicts with b/b < 2, and b/b 1 is there"]),
            ("a/a 1\na/a 2", ["a/a"], ["a/a 1 and 2 are there, and an image has one version"]),
            ("a/a 1 arm64", ["a/a"], ["a/a 1 is for arm64"]),
            (
                "a/a 1\nb/b 1 | requires c/c\nc/c 1", ["a/a"],
                ["b/b 1 is there, and nothing needs it", "c/c 1 is there, and nothing needs it"]
            ),
        ])
    func bad(packages: String, requests: [String], faults: [String]) throws {
        #expect(try Self.faults(packages, requests) == faults)
        let reversed = packages.split(separator: "\n").reversed().joined(separator: "\n")
        #expect(try Self.faults(reversed, requests) == faults)
    }
}

import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("Reading a solver's proof")
struct ProblemReadingTests {
    private static let packages = "a/a 2 | requires c/c\na/a 1 | requires c/c\nb/b 1\nc/c 2\nc/c 1\nd/d 1"

    private static func problem(
        _ rules: (PackageCatalogue) throws -> [ProofRule], alike: [Int: [Int]] = [:]
    ) throws -> SelectionProblem {
        let catalogue = PackageCatalogue([try PackageText.repository(packages)], architecture: "amd64")
        let requests = try ["a/a", "b/b", "c/c = 1"].enumerated().map {
            PlacedRequest(try PackageRequest(parsing: $1), from: "f:\($0 + 1)")
        }
        return ProblemReading(requests, in: catalogue, alike: alike).problem(try rules(catalogue))
    }

    private static func request(_ text: String) throws -> PackageRequest { try PackageRequest(parsing: text) }

    @Test("tells what nothing provides with the chain to it, and leaves out what no request brings")
    func lacks() throws {
        let problem = try Self.problem { _ in
            [
                .asked(0), .needs(0, try Self.request("c/c")), .lacks(3, try Self.request("x/x")),
                .lacks(5, try Self.request("y/y")),
            ]
        }
        #expect(
            problem.cause
                == "nothing provides x/x, which is needed by c/c 2, which is needed by a/a 2, which is asked for by f:1"
        )
        #expect(problem.requests.map(\.origin) == ["f:1"] && problem.obstacles.count == 1)
    }

    @Test("tells obstacles that differ in versions alone as one, and all versions that one stands for")
    func versions() throws {
        let merged = try Self.problem { _ in
            [
                .asked(0), .asked(1), .conflicts(1, try Self.request("b/b"), 2),
                .conflicts(0, try Self.request("b/b"), 2),
            ]
        }
        #expect(merged.cause == "a/a 2 and 1 (f:1) conflict with b/b; b/b 1 is asked for by f:2")
        let standing = try Self.problem(
            { _ in [.asked(0), .asked(1), .conflicts(0, try Self.request("b/b"), 2)] }, alike: [0: [0, 1]])
        #expect(standing.cause == merged.cause)
    }

    @Test("tells a disagreement by needs that the other version does not fulfil")
    func disagreement() throws {
        let problem = try Self.problem { _ in
            [
                .asked(0), .asked(2), .needs(0, try Self.request("c/c")), .needs(0, try Self.request("c/c > 1")),
                .sameName(3, 4),
            ]
        }
        #expect(
            problem.cause
                == "an image has one version of c/c, but c/c 2 (as c/c > 1) is needed by a/a 2, which is asked for by f:1, and "
                + "c/c 1 is asked for by f:3")
    }

    @Test("puts what stands against the best versions first, tells three obstacles and counts the others")
    func order() throws {
        let problem = try Self.problem { _ in
            try ["v/v", "w/w", "x/x", "y/y", "z/z"].map { .lacks($0 == "z/z" ? 0 : 1, try Self.request($0)) }
                + [.asked(0)]
        }
        #expect(problem.obstacles.count == 5)
        #expect(
            problem.cause.hasPrefix(
                "nothing provides z/z, which is needed by a/a 2, which is asked for by f:1; besides, "))
        #expect(problem.cause.hasSuffix("; and 2 more obstacles"))
        #expect(problem.remedy == "Publish it, or leave out a/a.")
    }

    @Test("names the requests when a proof says nothing else")
    func empty() throws {
        let problem = try Self.problem { _ in [.asked(2), .asked(0), .asked(7)] }
        #expect(
            problem.description
                == "there is no choice with all of a/a (f:1) and c/c = 1 (f:3). Leave out one of them.")
    }
}

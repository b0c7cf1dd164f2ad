import Faults
import PackageModel
import PackageSelection
import TestPackages
import Testing

@testable import PackageSolving

@Suite("The solver")
struct PackageSolverTests {
    /// Requests as they would stand in lines 1, 2, … of a file `f`.
    static func placed(_ texts: [String]) throws -> [PlacedRequest] {
        try texts.enumerated().map { PlacedRequest(try PackageRequest(parsing: $1), from: "f:\($0 + 1)") }
    }

    static func catalogue(_ text: String..., architecture: String = "amd64") throws -> PackageCatalogue {
        PackageCatalogue(
            try text.enumerated().map { try PackageText.repository($1, name: "layer\($0)") },
            architecture: architecture)
    }

    static func solved(_ requests: [String], _ catalogue: PackageCatalogue) throws -> SolverResult {
        switch try PackageSolver.solve(try placed(requests), in: catalogue) {
        case .solved(let result): return result
        case .refused(let problems):
            Issue.record("refused: \(problems)")
            return SolverResult([], for: [], in: catalogue)
        }
    }

    static func refused(_ requests: [String], _ catalogue: PackageCatalogue) throws -> [String] {
        switch try PackageSolver.solve(try placed(requests), in: catalogue) {
        case .solved(let result):
            Issue.record("solved: \(names(result))")
            return []
        case .refused(let problems): return problems.map(\.description)
        }
    }

    static func limits(rules: Int) -> SolverScope.Limits {
        var limits = SolverScope.Limits()
        limits.rules = rules
        return limits
    }

    static func names(_ result: SolverResult) -> [String] {
        result.packages.map { "\($0.package.metadata.name) \($0.package.metadata.version)" }
    }

    @Test("takes the highest version that fits, by Debian's order")
    func highest() throws {
        let catalogue = try Self.catalogue("a/a 1.9\na/a 1.10\na/a 1.10~rc1\na/a 2.0")
        #expect(Self.names(try Self.solved(["a/a"], catalogue)) == ["a/a 2.0"])
        #expect(Self.names(try Self.solved(["a/a < 2"], catalogue)) == ["a/a 1.10"])
        #expect(Self.names(try Self.solved(["a/a < 1.10, != 1.9"], catalogue)) == ["a/a 1.10~rc1"])
    }

    @Test("takes a lower version where the highest does not fit the rest")
    func lower() throws {
        let catalogue = try Self.catalogue("a/a 1\na/a 2 | requires b/b >= 2\nb/b 1\nb/b 2 | conflicts c/c\nc/c 1")
        #expect(Self.names(try Self.solved(["a/a", "c/c"], catalogue)) == ["a/a 1", "c/c 1"])
    }

    @Test("takes the higher layer's package first, whatever its version, and the lower one's where that does not fit")
    func layers() throws {
        let catalogue = try Self.catalogue("a/a 1\nc/c 1", "a/a 2\na/a 3\nb/b 1 | requires a/a >= 2")
        let own = try Self.solved(["a/a"], catalogue)
        #expect(own.packages.map(\.repository) == ["layer0"] && own.packages.map(\.layer) == [0])
        let both = try Self.solved(["a/a", "b/b"], catalogue)
        #expect(Self.names(both) == ["a/a 3", "b/b 1"] && both.packages.map(\.repository) == ["layer1", "layer1"])
    }

    @Test("takes packages for the architecture and for all; of one version the former")
    func architectures() throws {
        let text = "a/a 1 all\na/a 1 amd64\na/a 1 arm64\na/a 2 arm64\nb/b 1 | requires a/a"
        let result = try Self.solved(["b/b"], try Self.catalogue(text))
        #expect(result.packages.map(\.package.identity) == ["a/a 1 amd64", "b/b 1 all"])
        let other = try Self.solved(["b/b"], try Self.catalogue(text, architecture: "arm64"))
        #expect(other.packages.map(\.package.identity) == ["a/a 2 arm64", "b/b 1 all"])
    }

    @Test("installs what is needed first, whatever the names, and goes through a ring once")
    func order() throws {
        let catalogue = try Self.catalogue(
            "a/a 1 | requires z/z\nm/m 1\nz/z 1 | requires m/m | requires y/y\ny/y 1 | requires z/z\nb/b 1")
        #expect(
            Self.names(try Self.solved(["a/a", "b/b"], catalogue)) == ["m/m 1", "y/y 1", "z/z 1", "a/a 1", "b/b 1"])
    }

    @Test("takes what others provide, with a version only for a version")
    func provides() throws {
        let catalogue = try Self.catalogue(
            "a/a 1 | requires v/v >= 2\nb/b 1 | provides v/v = 1\nc/c 1 | provides v/v = 2\nd/d 1 | provides v/v")
        #expect(Self.names(try Self.solved(["a/a"], catalogue)) == ["c/c 1", "a/a 1"])
    }

    @Test("takes the package of a name before what provides it, also from a lower layer")
    func real() throws {
        let catalogue = try Self.catalogue("a/a 1 | provides v/v = 9\nc/c 1", "v/v 1\nb/b 1 | requires v/v")
        let result = try Self.solved(["b/b"], catalogue)
        #expect(Self.names(result) == ["v/v 1", "b/b 1"] && result.warnings.isEmpty)
    }

    @Test("takes no package beside one that is needed anyway and does the same")
    func redundant() throws {
        let catalogue = try Self.catalogue(
            "a/a 1 | requires v/v\nb/b 1 | requires d/d\nc/c 1 | provides v/v\nd/d 1 | provides v/v")
        let result = try Self.solved(["a/a", "b/b"], catalogue)
        #expect(Self.names(result) == ["d/d 1", "a/a 1", "b/b 1"] && result.warnings.isEmpty)
    }

    @Test("lets a package conflict with what it provides itself")
    func ownConflict() throws {
        let catalogue = try Self.catalogue(
            "a/a 1 | provides v/v | conflicts v/v\nb/b 1 | provides v/v | conflicts v/v")
        #expect(Self.names(try Self.solved(["a/a"], catalogue)) == ["a/a 1"])
        #expect(try Self.refused(["a/a", "b/b"], catalogue).count == 1)
    }

    @Test("warns of a choice that nobody made, and makes it by name")
    func choice() throws {
        let catalogue = try Self.catalogue(
            "a/a 1 | requires v/v\nc/sdboot 1 | provides v/v\nc/grub 1 | provides v/v\nc/grub 2 | provides v/v")
        let result = try Self.solved(["a/a"], catalogue)
        #expect(Self.names(result) == ["c/grub 2", "a/a 1"])
        #expect(
            result.warnings.map(\.description) == [
                "c/grub 2 and c/sdboot 1 provide v/v, which is needed by a/a 1, which is asked for by f:1; c/grub was taken. "
                    + "Ask for the one that you want."
            ])
        #expect(try Self.solved(["a/a", "c/sdboot"], catalogue).warnings.isEmpty)
    }

    @Test("solves nothing for nothing, and equal requests once")
    func degenerate() throws {
        let catalogue = try Self.catalogue("a/a 1")
        #expect(try Self.solved([], catalogue).packages.isEmpty)
        #expect(Self.names(try Self.solved(["a/a", "a/a"], catalogue)) == ["a/a 1"])
        #expect(try Self.refused(["b/b", "b/b"], try Self.catalogue("")).count == 1)
    }

    @Test("has room for many builds that differ in what they need, and tells their packages apart")
    func manyVersions() throws {
        let count = SolverScope.Limits().pairs * 2
        let lines = (1...count).flatMap { ["a/a \($0) | requires b/b = \($0)", "b/b \($0)"] }
        let catalogue = try Self.catalogue(lines.joined(separator: "\n"))
        func answer(_ requests: [String]) throws -> SolverAnswer {
            try PackageSolver.solve(try Self.placed(requests), in: catalogue, limits: Self.limits(rules: count * 10))
        }
        func taken(_ requests: String...) throws -> [String] {
            if case .solved(let result) = try answer(requests) { Self.names(result) } else { [] }
        }
        #expect(try taken("a/a") == ["b/b \(count)", "a/a \(count)"])
        #expect(try taken("a/a", "b/b <= 100") == ["b/b 100", "a/a 100"])
        #expect(try taken("a/a < 3", "b/b != 2") == ["b/b 1", "a/a 1"])
        guard case .refused(let problems) = try answer(["a/a = 70", "b/b >= 71, < 73"]) else {
            throw PackageTextMistake()
        }
        #expect(
            problems.map(\.cause) == [
                "an image has one version of b/b, but b/b 70 is needed by a/a 70, which is asked for by f:1, and b/b 72 and 71 (as "
                    + "b/b >= 71, < 73) are asked for by f:2"
            ])
    }

    @Test("keeps a repository of equal nightly builds small, and says when there is too much to choose from")
    func size() throws {
        let builds = (1...500).map { "a/a \($0) | requires b/b" }.joined(separator: "\n") + "\nb/b 1"
        let catalogue = try Self.catalogue(builds)
        guard
            case .solved(let result) = try PackageSolver.solve(
                try Self.placed(["a/a"]), in: catalogue, limits: Self.limits(rules: 1_000))
        else { throw PackageTextMistake() }
        #expect(Self.names(result) == ["b/b 1", "a/a 500"])
        let error = #expect(throws: SolverError.self) {
            try PackageSolver.solve(try Self.placed(["a/a"]), in: catalogue, limits: Self.limits(rules: 400))
        }
        #expect(error?.kind == .size)
    }
}

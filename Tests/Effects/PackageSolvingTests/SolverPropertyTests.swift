import PackageModel
import PackageSelection
import SeededNumbers
import TestPackages
import Testing

@testable import PackageSolving

@Suite("The solver, over made-up repositories")
struct SolverPropertyTests {
    /// A small world: some packages in some versions, needing, refusing and providing each other at random.
    private struct World {
        var layers: [[RepositoryPackage]]
        var requests: [PlacedRequest]

        init(_ numbers: inout SeededGenerator) throws {
            layers = [[], []]
            var seen: Set<String> = []
            for _ in 0..<Int.random(in: 2...8, using: &numbers) {
                var line = "a/\(Self.letter(&numbers)) \(Int.random(in: 1...3, using: &numbers))"
                guard seen.insert(line).inserted else { continue }
                for (word, chance) in [("requires", 2), ("requires", 3), ("conflicts", 4), ("provides", 4)]
                where Int.random(in: 0..<chance, using: &numbers) == 0 {
                    line += " | \(word) a/\(Self.letter(&numbers))\(Self.range(word, &numbers))"
                }
                let package = try PackageText.package(line)
                layers[Int.random(in: 0..<2, using: &numbers)].append(package)
            }
            requests = try (0..<Int.random(in: 1...3, using: &numbers)).map { number in
                let text = "a/\(Self.letter(&numbers))\(Self.range("requires", &numbers))"
                return PlacedRequest(try PackageRequest(parsing: text), from: "f:\(number + 1)")
            }
        }

        private static func letter(_ numbers: inout SeededGenerator) -> String {
            ["b", "c", "d", "e", "v"].randomElement(using: &numbers) ?? "b"
        }

        private static func range(_ word: String, _ numbers: inout SeededGenerator) -> String {
            let signs = word == "provides" ? ["", " ="] : ["", "", " =", " >=", " <", " !="]
            let sign = signs.randomElement(using: &numbers) ?? ""
            return sign.isEmpty ? "" : "\(sign) \(Int.random(in: 1...3, using: &numbers))"
        }

        func catalogue() throws -> PackageCatalogue {
            PackageCatalogue(
                try layers.enumerated().map { try PackageText.repository($1, name: "\($0)") }, architecture: "amd64")
        }

        /// Tries all sets of packages.
        var isSolvable: Bool {
            let all = layers.flatMap(\.self).map(\.metadata)
            return (0..<1 << all.count).contains { mask in
                let chosen = all.indices.filter { mask & 1 << $0 != 0 }.map { all[$0] }
                return requests.allSatisfy { placed in chosen.contains { $0.satisfies(placed.request) } }
                    && Set(chosen.map(\.name)).count == chosen.count
                    && chosen.allSatisfy { package in
                        package.requires.allSatisfy { need in chosen.contains { $0.satisfies(need) } }
                            && package.conflicts.allSatisfy { conflict in
                                !chosen.contains { $0 != package && $0.satisfies(conflict) }
                            }
                    }
            }
        }
    }

    private static func text(_ answer: SolverAnswer) -> [String] {
        switch answer {
        case .solved(let result):
            result.packages.map { "\($0.package.identity) of \($0.repository)" } + result.warnings.map(\.description)
                + result.packages.map { "\(result.why($0.package.metadata.name))" }
        case .refused(let problems): problems.map(\.description)
        }
    }

    @Test("says yes with what the check finds good, and no where no set of packages would do", arguments: 0..<8)
    func agreement(part: Int) throws {
        var numbers = SeededGenerator(seed: UInt64(part))
        var (yes, no) = (0, 0)
        for _ in 0..<60 {
            let world = try World(&numbers)
            // Half of the worlds keep versions apart as large repositories do.
            var limits = SolverScope.Limits()
            limits.pairs = part % 2 * 64
            switch try PackageSolver.solve(world.requests, in: try world.catalogue(), limits: limits) {
            case .solved(let result):
                yes += 1
                let faults = SelectionCheck.faults(
                    of: result.packages.map(\.package.metadata), for: world.requests, architecture: "amd64")
                #expect(faults == [], "\(world)")
                for package in result.packages {
                    #expect(!result.why(package.package.metadata.name).isEmpty, "\(package.package.identity): \(world)")
                }
            case .refused(let problems):
                no += 1
                #expect(!world.isSolvable, "\(problems): \(world)")
                #expect(problems.allSatisfy { !$0.obstacles.isEmpty }, "\(world)")
                // What is said not to go together does not.
                for problem in problems {
                    var part = world
                    part.requests = problem.requests
                    #expect(!part.isSolvable, "\(problem): \(world)")
                }
            }
        }
        #expect(yes > 5 && no > 5)
    }

    @Test("answers the same whatever the order of packages, requests, needs and provisions")
    func determinism() throws {
        var numbers = SeededGenerator(seed: 99)
        for _ in 0..<200 {
            var world = try World(&numbers)
            let answer = Self.text(try PackageSolver.solve(world.requests, in: try world.catalogue()))
            world.requests.shuffle(using: &numbers)
            for layer in world.layers.indices {
                world.layers[layer].shuffle(using: &numbers)
                for index in world.layers[layer].indices {
                    world.layers[layer][index].metadata.requires.shuffle(using: &numbers)
                    world.layers[layer][index].metadata.conflicts.shuffle(using: &numbers)
                    world.layers[layer][index].metadata.provides.shuffle(using: &numbers)
                }
            }
            #expect(Self.text(try PackageSolver.solve(world.requests, in: try world.catalogue())) == answer)
        }
    }

    @Test("goes through long rings and chains, and strange names")
    func hostile() throws {
        let length = 1_000
        let ring = (0..<length).map { "a/p\($0) 1 | requires a/p\(($0 + 1) % length)" }.joined(separator: "\n")
        let all = try PackageSolverTests.solved(["a/p7"], try PackageSolverTests.catalogue(ring))
        #expect(all.packages.count == length)
        let chain = (0..<length).map { "a/p\($0) 1 | requires a/p\($0 + 1)" }.joined(separator: "\n")
        let problems = try PackageSolverTests.refused(["a/p0"], try PackageSolverTests.catalogue(chain))
        #expect(problems.count == 1 && problems[0].utf8.count < 1_000)
        #expect(problems.first?.hasPrefix("nothing provides a/p1000, which is needed by a/p999 1, ") == true)
        let names =
            "0/0 0:0~~\n0/a+.-- 1 | requires 0/0 | provides 0/need\n1/src 1.src | requires 0/need | conflicts 1/src"
        let strange = try PackageSolverTests.solved(["1/src", "0/0 >= 0~~"], try PackageSolverTests.catalogue(names))
        #expect(PackageSolverTests.names(strange) == ["0/0 0:0~~", "0/a+.-- 1", "1/src 1.src"])
    }
}

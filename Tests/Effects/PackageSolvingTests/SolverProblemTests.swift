import PackageModel
import PackageSelection
import TestPackages
import Testing

@testable import PackageSolving

@Suite("Problems of the solver")
struct SolverProblemTests {
    /// A repository, the requests, and what is said.
    static let cases: [(packages: String, requests: [String], sentences: [String])] = [
        (
            "app/teller 2.0 | conflicts app/fortune < 0.2\napp/fortune 0.1.4\napp/fortune 0.3",
            ["app/teller", "app/fortune = 0.1.4"],
            [
                "app/teller 2.0 (f:1) conflicts with app/fortune < 0.2; app/fortune 0.1.4 is asked for by f:2. Leave out one of "
                    + "them, or allow a later app/fortune (0.3 is in the repository)."
            ]
        ),
        (
            "app/teller 1\napp/teller 2 | conflicts app/fortune\napp/fortune 1", ["app/teller > 1", "app/fortune"],
            [
                "app/teller 2 (f:1) conflicts with app/fortune; app/fortune 1 is asked for by f:2. Leave out one of them, or "
                    + "allow an earlier app/teller (1 is in the repository)."
            ]
        ),
        (
            "app/teller 2.0 | conflicts app/fortune < 0.2\napp/fortune 0.1.4\napp/fortune 0.3",
            ["app/teller", "app/fortune < 0.3"],
            [
                "app/teller 2.0 (f:1) conflicts with app/fortune < 0.2; app/fortune 0.1.4 (as app/fortune < 0.3) is asked for by "
                    + "f:2. Leave out one of them, or allow a later app/fortune (0.3 is in the repository)."
            ]
        ),
        (
            "app/teller 2.0 | conflicts app/fortune\napp/fortune 0.1.4", ["app/fortune", "app/teller"],
            [
                "app/teller 2.0 (f:2) conflicts with app/fortune; app/fortune 0.1.4 is asked for by f:1. Leave out one of them."
            ]
        ),
        (
            "app/teller 1\napp/fortune 1", ["app/tellre"],
            [
                "there is no package app/tellre, which is asked for by f:1. Correct the name (app/teller is there)."
            ]
        ),
        (
            "system/tide 1", ["app/tide"],
            ["there is no package app/tide, which is asked for by f:1. Correct the name (system/tide is there)."]
        ),
        (
            "app/teller 1", ["x/y"],
            [
                "there is no package x/y, which is asked for by f:1. Correct the name, or add the repository that has it."
            ]
        ),
        (
            "app/teller 1\napp/teller 2\napp/teller 10", ["app/teller > 10"],
            [
                "there is no app/teller > 10 but app/teller 10, 2 and 1; app/teller > 10 is asked for by f:1. Ask for a version "
                    + "that is there."
            ]
        ),
        (
            "app/teller 1 arm64\napp/teller 2 riscv64", ["app/teller"],
            [
                "app/teller is there for arm64 and riscv64 but not for amd64; it is asked for by f:1. Build it for amd64, or "
                    + "leave it out."
            ]
        ),
        (
            "a/a 1 | requires b/b >= 2\nb/b 1\nb/b 2 arm64", ["a/a"],
            [
                "b/b >= 2 is there for arm64 but not for amd64; it is needed by a/a 1, which is asked for by f:1. Build it for "
                    + "amd64, or leave out a/a."
            ]
        ),
        (
            "a/a 1 | requires b/b = 1 | requires c/c\nc/c 1 | requires b/b = 2\nb/b 1\nb/b 2", ["a/a"],
            [
                "an image has one version of b/b, but b/b 1 is needed by a/a 1, which is asked for by f:1, and b/b 2 is needed by "
                    + "c/c 1, which is needed by a/a 1, which is asked for by f:1. Leave out a/a."
            ]
        ),
        (
            "app/grub 1 | provides v/v", ["v/v >= 1"],
            [
                "v/v is provided without a version by app/grub, which does not fulfil v/v >= 1; that is asked for by f:1. Let "
                    + "the provider say its version, or leave it out."
            ]
        ),
        (
            "app/fortune 0.1.4 | requires system/foundation < 1.2\nsystem/foundation 1.3\napp/fortune 0.3",
            ["app/fortune < 0.3"],
            [
                "there is no system/foundation < 1.2 but system/foundation 1.3; system/foundation < 1.2 is needed by app/fortune "
                    + "0.1.4, which is asked for by f:1. Publish one that fits, or leave out app/fortune, or allow a later "
                    + "app/fortune (0.3 is in the repository)."
            ]
        ),
        (
            "a/a 1 | requires b/b\nb/b 1 | requires c/c\nc/c 1 | requires d/d", ["a/a"],
            [
                "nothing provides d/d, which is needed by c/c 1, which is needed by b/b 1, which is needed by a/a 1, which is "
                    + "asked for by f:1. Publish it, or leave out a/a."
            ]
        ),
        (
            "a/a 1 | requires c/c = 1\nb/b 1 | requires c/c = 2\nc/c 1\nc/c 2", ["a/a", "b/b"],
            [
                "an image has one version of c/c, but c/c 1 is needed by a/a 1, which is asked for by f:1, and c/c 2 is needed by "
                    + "b/b 1, which is asked for by f:2. Change one of the requests so that one version fits both."
            ]
        ),
        (
            "c/c 1\nc/c 2\nc/c 3\nc/c 4", ["c/c <= 2", "c/c > 2"],
            [
                "an image has one version of c/c, but c/c 2 and 1 (as c/c <= 2) are asked for by f:1, and c/c 4 and 3 (as c/c > 2) "
                    + "are asked for by f:2. Change one of the requests so that one version fits both."
            ]
        ),
        (
            "a/a 1 | requires b/b | requires c/c\nb/b 1 | conflicts c/c\nc/c 1", ["a/a"],
            [
                "b/b 1 (needed by a/a 1, which is asked for by f:1) conflicts with c/c; c/c 1 is needed by a/a 1, which is asked "
                    + "for by f:1. Leave out a/a."
            ]
        ),
        (
            "a/a 1 | requires x/x\na/a 2 | conflicts b/b\nb/b 1", ["a/a", "b/b"],
            [
                "a/a 2 (f:1) conflicts with b/b; b/b 1 is asked for by f:2; besides, nothing provides x/x, which is needed by a/a "
                    + "1, which is asked for by f:1. Leave out one of them."
            ]
        ),
    ]

    @Test("are told cause first, then who asks, then the way out", arguments: cases.indices)
    func sentences(index: Int) throws {
        let (packages, requests, sentences) = Self.cases[index]
        #expect(
            try PackageSolverTests.refused(requests, try PackageSolverTests.catalogue(packages)) == sentences)
    }

    @Test("are told all at once when they have nothing to do with each other")
    func several() throws {
        let catalogue = try PackageSolverTests.catalogue(
            "a/a 1 | conflicts b/b\nb/b 1\nc/c 1 | conflicts d/d\nd/d 1")
        let problems = try PackageSolverTests.refused(["a/a", "b/b", "c/c", "d/d", "x/x"], catalogue)
        #expect(problems.count == 3)
        for (name, problem) in zip(["x/x", "a/a", "c/c"], problems) { #expect(problem.contains(name), "\(problem)") }
    }

    @Test("are one when versions differ in nothing that counts")
    func alike() throws {
        let catalogue = try PackageSolverTests.catalogue(
            (1...9).map { "a/a \($0) | requires x/x" }.joined(separator: "\n"))
        #expect(
            try PackageSolverTests.refused(["a/a"], catalogue) == [
                "nothing provides x/x, which is needed by a/a 9, 8, 7 and 6 more, which are asked for by f:1. Publish it, or leave "
                    + "out a/a."
            ])
    }

    @Test("say why something is not there, and when nothing stands against it")
    func whyNot() throws {
        let catalogue = try PackageSolverTests.catalogue("a/a 1\na/a 2\nb/b 1 | conflicts c/c\nc/c 1")
        let requests = try PackageSolverTests.placed(["a/a", "b/b"])
        func ask(_ text: String) throws -> WhyNotAnswer {
            try PackageSolver.whyNot(try PackageRequest(parsing: text), beside: requests, in: catalogue)
        }
        guard case .there = try ask("a/a >= 2") else { throw PackageTextMistake() }
        guard case .possible(let result) = try ask("a/a < 2") else { throw PackageTextMistake() }
        #expect(PackageSolverTests.names(result) == ["a/a 1", "b/b 1"])
        guard case .refused(let problems) = try ask("c/c") else { throw PackageTextMistake() }
        #expect(
            problems.map(\.cause) == [
                "b/b 1 (f:2) conflicts with c/c; c/c 1 is asked for by this question"
            ])
    }
}

import Faults
import PackageModel
import RepositoryPlanning
import TestPackages
import Testing

@Suite struct PackageRemovalTests {
    private static func packages(_ text: String) throws -> [RepositoryPackage] {
        try text.split(separator: ";").map { try PackageText.package(String($0)) }
    }

    private static func requests(_ texts: [String]) throws -> [PackageRequest] {
        try texts.map { try PackageRequest(parsing: $0) }
    }

    @Test(arguments: [
        (["app/tide"], ["app/tide 1.0 amd64", "app/tide 1.0 arm64", "app/tide 2 all"]),
        (["app/tide=1.0"], ["app/tide 1.0 amd64", "app/tide 1.0 arm64"]), (["app/tide >= 2"], ["app/tide 2 all"]),
        (["app/ebb", "app/tide > 1.0"], ["app/tide 2 all", "app/ebb 1 all"]),
    ])
    func `a name means all versions and architectures, with conditions those that fit`(
        texts: [String], names: [String]
    ) throws {
        let packages = try Self.packages(
            "app/tide 1.0 amd64;app/tide 1.0 arm64;app/tide 2;app/ebb 1 | provides app/tide;a/b 1")
        #expect(
            try PackageRemoval.chosen(by: Self.requests(texts), from: packages).map(\.identity) == names)
    }

    @Test func `what is not there is said, with what is, whatever else is removed`() throws {
        let packages = try Self.packages("app/tide 1.0;app/ebb 1 | provides app/flood")
        for text in ["app/tide = 2", "app/flood"] {
            let error = #expect(throws: RepositoryPlanningError.self) {
                try PackageRemoval.chosen(by: Self.requests(["app/ebb", text]), from: packages)
            }
            #expect(error?.kind == .absent)
            #expect(error?.subject == text)
        }
    }

    @Test(arguments: [
        // Removed, kept, who requires it; nil for a removal that may be.
        ("a/a 1", "b/b 1 | requires a/a", "b/b 1 all requires a/a"), ("a/a 1", "a/a 2;b/b 1 | requires a/a", nil),
        ("a/a 1", "a/a 2;b/b 1 | requires a/a < 2", "b/b 1 all requires a/a < 2"),
        ("a/a 1", "c/c 1 | provides a/a;b/b 1 | requires a/a", nil),
        ("a/a 1 | provides v/v", "b/b 1 | requires v/v", "b/b 1 all requires v/v"),
        ("a/a 1;b/b 1 | requires a/a", "c/c 1", nil),
        // What was unmet before is not made worse.
        ("a/a 1", "b/b 1 | requires a/a > 1", nil),
        // Images of another architecture.
        ("a/a 1 amd64", "a/a 1 arm64;b/b 1 amd64 | requires a/a", "b/b 1 amd64 requires a/a"),
        ("a/a 1 amd64", "a/a 1 arm64;b/b 1 arm64 | requires a/a", nil),
        ("a/a 1 amd64", "a/a 1 arm64;b/b 1 | requires a/a", "b/b 1 all requires a/a"),
        ("a/a 1", "a/a 2 amd64;b/b 1 | requires a/a", "b/b 1 all requires a/a"),
        ("a/a 1", "a/a 2 amd64;b/b 1 amd64 | requires a/a", nil),
    ])
    func `what stays can do without it, or says what it requires`(
        removed: String, kept: String, who: String?
    ) throws {
        let check = { try PackageRemoval.check(Self.packages(removed), leaving: Self.packages(kept)) }
        guard let who else { return try check() }
        let error = #expect(throws: RepositoryPlanningError.self) { try check() }
        #expect(error?.kind == .needed)
        #expect(error?.cause == "\(who), and nothing else in the repository provides it")
    }

    @Test func `further requirements are counted`() throws {
        let kept = try Self.packages("b/b 1 | requires a/a;c/c 1 | requires a/a | requires a/b;c/c 2 | requires a/b")
        let error = #expect(throws: RepositoryPlanningError.self) {
            try PackageRemoval.check(Self.packages("a/a 1;a/b 1"), leaving: kept)
        }
        #expect(error?.cause.hasSuffix("; 3 more requirements would be unmet") == true)
    }
}

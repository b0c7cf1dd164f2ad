import PackageModel
import SeededNumbers
import TestPackages
import Testing

@testable import PackageSelection

@Suite("A set of packages")
struct PackageSetTests {
    private static let versions = ["1.0", "1.00", "1.0~rc1", "1.0-1", "2", "0:2", "1:0", "10"]

    @Test("finds what fulfils a request as each package would answer by itself")
    func satisfiers() throws {
        var numbers = SeededGenerator(seed: 3)
        let ranges = ["", "= 1.0", "!= 1.0", ">= 2", "< 2", "> 1.0, != 2", "<= 1.0-1, >= 1.0", "> 5, < 5", "= 7"]
        for _ in 0..<200 {
            let packages = try (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                let version = Self.versions.randomElement(using: &numbers) ?? "1"
                let provided =
                    ["", " | provides a/a", " | provides a/a = 2", " | provides b/b = 1.0"]
                    .randomElement(using: &numbers) ?? ""
                let name = ["a/a", "b/b"].randomElement(using: &numbers) ?? "a/a"
                return try PackageText.package("\(name) \(version)\(provided)").metadata
            }
            let set = PackageSet(packages)
            for range in ranges {
                let request = try PackageRequest(parsing: "a/a\(range.isEmpty ? "" : " ")\(range)")
                #expect(set.satisfiers(of: request) == packages.indices.filter { packages[$0].satisfies(request) })
            }
        }
    }

    @Test(
        "knows what a package fulfils",
        arguments: [
            ("a/a 2", "a/a", true), ("a/a 2", "a/a >= 3", false), ("a/a 2", "b/b", false),
            ("a/a 2 | provides b/b", "b/b", true), ("a/a 2 | provides b/b", "b/b >= 1", false),
            ("a/a 2 | provides b/b = 1", "b/b >= 1", true), ("a/a 2 | provides b/b = 1", "b/b > 1", false),
            ("a/a 2 | provides b/b >= 1", "b/b > 1", false), ("a/a 2 | provides a/a = 9", "a/a > 8", true),
        ])
    func satisfies(package: String, request: String, isFulfilled: Bool) throws {
        #expect(
            try PackageText.package(package).metadata.satisfies(PackageRequest(parsing: request)) == isFulfilled)
    }
}

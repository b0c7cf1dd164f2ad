import PackageModel
import TestPackages
import Testing

@testable import PackageSelection

@Suite("The catalogue of several repositories")
struct PackageCatalogueTests {
    @Test("puts first what is taken first: by layer, then version, then architecture")
    func order() throws {
        let texts = [
            "b/b 1\na/a 1 arm64\na/a 1.0 amd64\na/a 1.0 all\na/a 1.00\na/a 9 arm64", "a/a 3\na/a 10",
        ]
        let catalogue = PackageCatalogue(
            try texts.map { try PackageText.repository($0) }, architecture: "amd64")
        let found = catalogue.entries.map { "\($0.package.identity) \($0.repository)" }
        #expect(
            found == [
                "a/a 1.00 all 0", "a/a 1.0 amd64 0", "a/a 10 all 1", "a/a 3 all 1", "b/b 1 all 0",
            ])
        #expect(
            catalogue.versions(of: try PackageName(parsing: "a/a")).map(\.description) == ["1.00", "1.0", "10", "3"])
    }

    @Test(
        "knows what may be meant by a name that nobody has",
        arguments: [
            ("app/tied", ["app/tide"]), ("system/tide", ["app/tide", "x/tide"]), ("q/q", []),
        ])
    func near(name: String, names: [String]) throws {
        let catalogue = PackageCatalogue(
            [try PackageText.repository("app/tide 1\nx/tide 1\nz/z 1")], architecture: "amd64")
        #expect(catalogue.near(try PackageName(parsing: name)).map(\.description) == names)
    }
}

import Faults
import PackageModel
import RepositoryPlanning
import Testing

@Suite struct PackageQueryTests {
    static func packages() throws -> [RepositoryPackage] {
        var packages = try [
            package("app/tide 1.9 amd64", 1), package("app/tide 1.10 amd64", 2), package("app/tide 1.10 arm64", 3),
            package("app/words 2 all", 4), package("system/base 12 amd64", 5),
        ]
        packages[4].metadata.summary = "Debian with dracut"
        packages[3].metadata.labels = ["maker": "Harbour Office"]
        return packages
    }

    static func chosen(_ requests: [String], _ architecture: String? = nil) throws -> [String] {
        try PackageQuery.chosen(
            by: try requests.map { try PackageRequest(parsing: $0) }, from: packages(), architecture: architecture
        ).map(\.identity)
    }

    @Test func `the highest version that counts is chosen for each architecture, once`() throws {
        #expect(try Self.chosen(["app/tide"]) == ["app/tide 1.10 amd64", "app/tide 1.10 arm64"])
        #expect(try Self.chosen(["app/tide", "app/tide >= 1"], "amd64") == ["app/tide 1.10 amd64"])
        #expect(try Self.chosen(["app/tide < 1.10"]) == ["app/tide 1.9 amd64"])
        #expect(try Self.chosen(["app/words"], "arm64") == ["app/words 2 all"])
        #expect(
            PackageQuery.newest(try Self.packages()).map(\.identity) == [
                "app/tide 1.10 amd64", "app/tide 1.10 arm64", "app/words 2 all", "system/base 12 amd64",
            ])
    }

    @Test(arguments: [
        ("app/tide > 2", "the repository has only 1.9, 1.10, 1.10"), ("app/none", "no package of that name"),
    ])
    func `a request that nothing answers says what there is`(request: String, cause: String) throws {
        let error = #expect(throws: RepositoryPlanningError.self) { try Self.chosen([request]) }
        #expect(error?.cause.contains(cause) == true)
        #expect(error?.refusal == .notFound)
    }

    @Test(arguments: [
        (["TIDE"], 3), (["dracut", "debian"], 1), (["office"], 1), (["app", "office"], 1), (["nothing"], 0), ([], 5),
    ])
    func `a search finds every word in name, description or labels`(words: [String], count: Int) throws {
        #expect(PackageQuery.containing(words, in: try Self.packages()).count == count)
    }
}

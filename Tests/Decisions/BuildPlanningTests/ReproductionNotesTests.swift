import DocumentTree
import PackageModel
import PackageSpecs
import SystemPackage
import Testing

@testable import BuildPlanning

@Suite("Why two builds of an image may differ")
struct ReproductionNotesTests {
    private static let place = SpecPlace("derivative.yaml", .init(line: 2, column: 7))

    private static func package(_ name: String, hasNetwork: Bool) throws -> PackageSpec {
        var package = PackageSpec(
            try PackageName(parsing: name), try PackageVersion(parsing: "1"), architecture: "amd64", folder: "x",
            place: place)
        package.build = BuildSpec()
        package.build?.hasNetwork = hasNetwork
        return package
    }

    private static func sentences(
        steps: [String] = [], hasNetwork: Bool = false, excluded: [String] = [], packages: [PackageSpec] = [],
        hasTime: Bool = true
    ) -> [String] {
        var derivative = DerivativeSpec(place: place)
        derivative.steps = steps.map { Located($0, at: place) }
        (derivative.hasNetwork, derivative.unreproducible) = (hasNetwork, excluded)
        return ReproductionNotes(derivative, packages: packages, hasTime: hasTime).sentences
    }

    @Test("nothing is said where nothing is known")
    func nothing() throws {
        #expect(Self.sentences().isEmpty)
        #expect(Self.sentences(steps: ["true"], packages: [try Self.package("a/b", hasNetwork: false)]).isEmpty)
        // A network that no step uses.
        #expect(Self.sentences(hasNetwork: true).isEmpty)
    }

    @Test("networks, what is left out and the time are named, each by a sentence")
    func named() throws {
        let packages = try [("b/b", true), ("a/a", true), ("c/c", false)].map { try Self.package($0, hasNetwork: $1) }
        let all = Self.sentences(
            steps: ["apt-get update"], hasNetwork: true, excluded: ["/var/lib/seed"], packages: packages,
            hasTime: false)
        #expect(all.count == 4)
        #expect(all[0].hasSuffix(": a/a, b/b") && all[1].hasPrefix("derivative.yaml: its steps"))
        #expect(all[2].hasSuffix(": /var/lib/seed") && all[3].contains("SOURCE_DATE_EPOCH"))
        #expect(ReproductionNotes(nil, packages: packages, hasTime: true).sentences.count == 1)
    }

    @Test("of many names the first are said, and how many there are more")
    func many() throws {
        let packages = try (10..<35).map { try Self.package("a/p\($0)", hasNetwork: true) }
        #expect(Self.sentences(packages: packages)[0].hasSuffix("a/p28, a/p29 and 5 more"))
    }
}

import DocumentTree
import Faults
import ImageModel
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@testable import BuildPlanning

@Suite("The builds of a layer")
struct LayerGraphTests {
    private static let place = SpecPlace("packages/x/package.yaml", DocumentMark(line: 1, column: 1))

    private static func package(
        _ name: String, requires: [String] = [], base: [String]? = nil, container: String? = nil, copies: [String] = [],
        splits: [String] = []
    ) throws -> PackageSpec {
        var package = PackageSpec(
            try PackageName(parsing: name), try PackageVersion(parsing: "1"), architecture: "amd64", folder: "x",
            place: place)
        package.requires = try requires.map { Located(try PackageRequest(parsing: $0), at: place) }
        package.artefact = ArtefactSpec(.difference)
        package.splits = try splits.map { SplitSpec(try PackageName(parsing: $0), place: place, include: ["/**"]) }
        var build = BuildSpec()
        build.base = .nothing
        if let base {
            build.base = .layers(
                image: nil, packages: try base.map { Located(try PackageRequest(parsing: $0), at: place) })
        }
        if let container {
            build.base = .buildContainer(of: Located(try PackageRequest(parsing: container), at: place))
        }
        build.copies = try copies.map {
            BuildCopy(Located(.package(try PackageRequest(parsing: $0)), at: place), source: "/", destination: "/")
        }
        package.build = build
        return package
    }

    @Test("wait for their bases with all that these require, for containers, and for what they copy from")
    func needs() throws {
        let packages = [
            try Self.package("a/low"), try Self.package("a/mid", requires: ["a/low"]),
            try Self.package("a/top", base: ["a/mid"]), try Self.package("a/tools", container: "a/top"),
            try Self.package("a/copy", copies: ["a/low"]), try Self.package("a/lone"),
        ]
        var schedule = try LayerGraph(packages).schedule()
        #expect(schedule.start(atMost: 9) == ["a/lone 1", "a/low 1", "a/mid 1"])
        #expect(schedule.waits(for: "a/top 1") == ["a/low 1", "a/mid 1"])
        #expect(schedule.waits(for: "a/copy 1") == ["a/low 1"] && schedule.waits(for: "a/tools 1") == ["a/top 1"])
        let graph = LayerGraph(packages)
        #expect(try graph.base(of: packages[2]).map(\.identity) == ["a/low 1", "a/mid 1"])
        #expect(try graph.schedule(for: [packages[4]]).order == ["a/low 1", "a/copy 1"])
    }

    @Test("are laid on an image without what it is known to have, and on any other one with all of it")
    func images() throws {
        let (twin, plain) = (try SourceReference(parsing: "oci:twin"), try SourceReference(parsing: "oci:plain"))
        var top = try Self.package("a/top", base: ["a/mid"])
        let packages = [try Self.package("a/low"), try Self.package("a/mid", requires: ["a/low"])]
        let low = try Self.package("a/low").metadata
        func below(_ image: SourceReference?) throws -> [String] {
            let requests = [Located(try PackageRequest(parsing: "a/mid"), at: Self.place)]
            top.build?.base = .layers(image: image.map { Located($0, at: Self.place) }, packages: requests)
            let graph = LayerGraph(packages + [top], images: ["\(twin)": [low]])
            #expect(try graph.packages(for: requests, on: image) == graph.base(of: top))
            #expect(graph.packages(in: image) == (image == twin ? [low] : []))
            return try graph.base(of: top).map { "\($0.name)" }
        }
        #expect(try below(twin) == ["a/mid"])
        #expect(try below(plain) == ["a/low", "a/mid"] && below(nil) == ["a/low", "a/mid"])
    }

    @Test("give what is split off, and need no build of what comes from elsewhere")
    func elsewhere() throws {
        let split = try Self.package("a/main", splits: ["a/doc"])
        let user = try Self.package("a/user", base: ["a/doc", "low/base"])
        let provided = PackageMetadata(
            try PackageName(parsing: "low/base"), try PackageVersion(parsing: "7"), architecture: "amd64")
        let graph = LayerGraph([split, user], provided: [provided])
        #expect(try graph.base(of: user).map(\.identity) == ["a/doc 1", "low/base 7"])
        #expect(try graph.schedule().waits(for: "a/user 1") == ["a/main 1"])
        let inside = try Self.package("a/inside", container: "low/base")
        let error = #expect(throws: ClosureError.self) { try graph.buildContainer(of: inside) }
        #expect(error?.cause.contains("it is built elsewhere") == true)
    }

    @Test("were built on packages and images all the way down, and may replace what their files say")
    func builtOn() throws {
        var low = try Self.package("a/low")
        let image = try SourceReference(parsing: "oci:image:one")
        low.build?.base = .layers(image: Located(image, at: Self.place), packages: [])
        low.artefact?.overrides = [Located("/etc/x", at: Self.place)]
        let tools = try Self.package("a/tools", container: "a/mid")
        var far = PackageMetadata(
            try PackageName(parsing: "far/base"), try PackageVersion(parsing: "7"), architecture: "amd64")
        (far.builtOn, far.overrides) = (["far/low"], ["/far"])
        let packages = [
            low, try Self.package("a/mid", base: ["a/low", "far/base"]), tools, try Self.package("a/lone"),
        ]
        let graph = LayerGraph(packages, provided: [far])
        let digest = Digest(bytes: [UInt8](repeating: 7, count: 32))
        let images = ["\(image)": try #require(digest)]
        func below(_ index: Int) throws -> Set<String> {
            try graph.builtOn(packages[index].metadata, images: images)
        }
        let token = try #require(digest).registryText
        #expect(try below(0) == [token] && below(3) == [])
        #expect(try below(1) == [token, "a/low", "far/base", "far/low"])
        // In whose container it was built counts with all that lies below.
        #expect(try below(2).isSuperset(of: below(1)))
        #expect(try graph.builtOn(far, images: images) == ["far/low"])
        #expect(graph.overrides(of: low.metadata) == ["/etc/x"] && graph.overrides(of: far) == ["/far"])
    }

    @Test("may not need themselves through what they require, where that is in a base")
    func ring() throws {
        let packages = [
            try Self.package("a/one", requires: ["a/two"]), try Self.package("a/two", base: ["a/one"]),
        ]
        #expect(throws: BuildGraphError.self) { try LayerGraph(packages).schedule() }
        // Without a build on it, requiring each other is no ring.
        let others = [try Self.package("a/one", requires: ["a/two"]), try Self.package("a/two", requires: ["a/one"])]
        #expect(throws: Never.self) { try LayerGraph(others).schedule() }
    }
}

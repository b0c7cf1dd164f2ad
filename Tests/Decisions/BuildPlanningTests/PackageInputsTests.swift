import DocumentTree
import ImageModel
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@testable import BuildPlanning

@Suite("What enters the key of a package")
struct PackageInputsTests {
    private static let place = SpecPlace("packages/tide/package.yaml", DocumentMark(line: 1, column: 1))

    private static func digest(_ byte: UInt8) throws -> Digest {
        try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
    }

    private static func package() throws -> PackageSpec {
        var package = PackageSpec(
            try PackageName(parsing: "app/tide"), try PackageVersion(parsing: "1"), architecture: "amd64",
            folder: "packages/tide", place: place)
        var build = BuildSpec()
        build.base = .layers(
            image: Located(try SourceReference(parsing: "oci://r.example/base:1"), at: place),
            packages: [Located(try PackageRequest(parsing: "system/base"), at: place)])
        build.fetches = [BuildFetch(url: "https://x.example/a", digest: nil, target: "a.tar", place: place)]
        build.copies = [
            BuildCopy(
                Located(.package(try PackageRequest(parsing: "app/lib")), at: place), source: "/l", destination: "/m")
        ]
        build.environment = ["B": "1", "A": "2"]
        build.prepare = [Located("prepare", at: place)]
        build.steps = [Located("make", at: place), Located("make install", at: place)]
        package.build = build
        package.artefact = ArtefactSpec(.difference)
        return package
    }

    private static func surroundings() throws -> BuildSurroundings {
        var surroundings = BuildSurroundings(architecture: "amd64", epoch: 7)
        surroundings.images = ["\(try SourceReference(parsing: "oci://r.example/base:1"))": try digest(1)]
        surroundings.base = [.init(try PackageName(parsing: "system/base"), content: try digest(2))]
        surroundings.copies = [.init(try PackageName(parsing: "app/lib"), content: try digest(3))]
        surroundings.fetches = ["https://x.example/a": try digest(4)]
        surroundings.accounts = ["tide": 102]
        surroundings.files = [.init("tide.c", "0644 sha256:5")]
        return surroundings
    }

    @Test("is everything that can change the result, each by a name of its own")
    func inputs() throws {
        let inputs = BuildInputs(building: try Self.package(), in: try Self.surroundings())
        #expect(
            inputs.inputs.map(\.name) == [
                "boatyard's way of building", "architecture", "time", "base", "package system/base", "account tide",
                "download a.tar", "copy 1", "environment A", "environment B", "network", "prepare 1", "step 1",
                "step 2",
                "file tide.c",
            ])
        #expect(inputs.inputs.allSatisfy { !$0.value.isEmpty })
    }

    @Test("of what prepare leaves has no steps and no copies, and the folder only when a command names it")
    func prepared() throws {
        var package = try Self.package()
        let surroundings = try Self.surroundings()
        let names = [
            "boatyard's way of preparing", "architecture", "time", "base", "package system/base", "account tide",
            "environment A", "environment B", "network", "prepare 1",
        ]
        let inputs = try #require(BuildInputs(preparing: package, in: surroundings))
        #expect(inputs.inputs.map(\.name) == names && inputs.inputs.allSatisfy { !$0.value.isEmpty })
        package.build?.steps = []
        package.build?.copies = []
        #expect(BuildInputs(preparing: package, in: surroundings) == inputs)
        package.build?.fetches.append(
            BuildFetch(url: "https://x.example/a", digest: nil, target: "/srv/a", place: Self.place))
        package.build?.prepare[0].value = "tar -x -f /build/a.tar"
        let found = try #require(BuildInputs(preparing: package, in: surroundings))
        #expect(found.inputs.map(\.name) == names + ["download a.tar", "file tide.c"])
        package.build?.prepare = []
        #expect(BuildInputs(preparing: package, in: surroundings) == nil)
    }

    /// Changes of what counts, and the input in which each is to be seen.
    private static let changes:
        [(name: String, change: @Sendable (inout PackageSpec, inout BuildSurroundings) throws -> Void)] = [
            (
                "base",
                {
                    let other = try digest(9); $1.images = $1.images.mapValues { _ in other }
                }
            ),
            ("package system/base", { $1.base[0].content = try digest(9) }), ("time", { $1.epoch = 8 }),
            ("architecture", { $1.architecture = "arm64" }), ("account tide", { $1.accounts["tide"] = 103 }),
            ("download a.tar", { $1.fetches["https://x.example/a"] = try digest(9) }),
            ("copy 1", { $1.copies[0].content = nil }),
            ("environment A", { package, _ in package.build?.environment["A"] = "3" }),
            ("network", { package, _ in package.build?.hasNetwork = true }),
            ("prepare 1", { package, _ in package.build?.prepare = [] }),
            ("step 2", { package, _ in package.build?.steps[1].value = "make all" }),
            ("file tide.c", { $1.files[0].content = "0755 sha256:5" }),
        ]

    @Test("differs in the input that was changed", arguments: 0..<12)
    func changed(index: Int) throws {
        let (name, change) = Self.changes[index]
        var (package, surroundings) = (try Self.package(), try Self.surroundings())
        let before = BuildInputs(building: package, in: surroundings)
        try change(&package, &surroundings)
        let after = BuildInputs(building: package, in: surroundings)
        #expect(after.firstDifference(from: before)?.name == name)
    }

    @Test("has the lines of a Containerfile with the values in them, which its file does not have")
    func containerfile() throws {
        var package = try Self.package()
        package.build?.containerfile = Located("Containerfile", at: Self.place)
        package.build?.containerText = "FROM scratch\n\nRUN echo one"
        let before = BuildInputs(building: package, in: try Self.surroundings())
        #expect(
            before.inputs.map(\.name).suffix(4) == [
                "containerfile", "containerfile line 1", "containerfile line 3", "file tide.c",
            ])
        package.build?.containerText = "FROM scratch\n\nRUN echo two"
        let difference = BuildInputs(building: package, in: try Self.surroundings()).firstDifference(from: before)
        #expect(difference?.description == "containerfile line 3: RUN echo one → RUN echo two")
    }

    @Test("is nothing that people read, nothing that is asked for at run time, and no secret")
    func unchanged() throws {
        var package = try Self.package()
        let before = BuildInputs(building: package, in: try Self.surroundings())
        package.summary = "Tells the tide"
        package.labels = ["a": "b"]
        package.requires = [Located(try PackageRequest(parsing: "system/x"), at: Self.place)]
        package.version = try PackageVersion(parsing: "2")
        package.build?.secrets = [BuildSecret("token", .variable("TOKEN"), place: Self.place)]
        package.finalize = [Located("true", at: Self.place)]
        #expect(BuildInputs(building: package, in: try Self.surroundings()) == before)
    }

    @Test("of the artefact is the build, where files come from, and which of them count")
    func artefact() throws {
        let package = try Self.package()
        let before = BuildInputs(artefactOf: package, buildKey: "aa")
        #expect(BuildInputs(artefactOf: package, buildKey: "ab").firstDifference(from: before)?.name == "build")
        let changes: [(inout PackageSpec) throws -> Void] = [
            { $0.artefact?.source = .tree }, { $0.artefact?.source = .directory("/output") },
            { $0.artefact?.include = ["/usr/**"] }, { $0.artefact?.exclude = ["/usr/**"] },
            { $0.artefact?.overrides = [Located("/etc/a", at: Self.place)] },
            { $0.artefact?.removes = [Located("/etc/a", at: Self.place)] },
            {
                $0.splits = [
                    SplitSpec(try PackageName(parsing: "app/doc"), place: Self.place, include: ["/usr/share/doc/**"])
                ]
            },
        ]
        var seen: [BuildInputs] = [before]
        for change in changes {
            var package = package
            try change(&package)
            let inputs = BuildInputs(artefactOf: package, buildKey: "aa")
            #expect(!seen.contains(inputs))
            seen.append(inputs)
        }
    }
}

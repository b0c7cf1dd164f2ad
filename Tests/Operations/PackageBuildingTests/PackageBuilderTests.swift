import BuildPlanning
import Cryptography
import DocumentTree
import LinuxSystem
import PackageModel
import PackageSpecs
import Synchronization
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("Builds of packages")
struct PackageBuilderTests {
    /// Makes of each package a blob of its first step, and notes who was made.
    private final class FakeMaker: PackageMaking {
        struct Failure: Error {}
        let cache: BuildCache
        let made = Mutex<[String]>([])
        let notices = Mutex<[[String]]>([])
        let failing: Set<String>
        let containers = Mutex<Set<String>>([])

        init(_ cache: BuildCache, failing: Set<String> = []) {
            self.cache = cache
            self.failing = failing
        }

        func files(of package: PackageSpec) -> [BuildSurroundings.File] { [] }
        func hasContainer(_ key: String) -> Bool { containers.withLock { $0.contains(key) } }

        func make(_ order: BuildOrder) throws -> [BuildOutput] {
            made.withLock { $0.append("\(order.package.name)") }
            notices.withLock { $0.append(BuildNotice(in: cache.folder).packages) }
            if failing.contains("\(order.package.name)") { throw Failure() }
            if order.keepsContainer { _ = containers.withLock { $0.insert(order.buildKey) } }
            let content = Array((order.package.build?.steps.first?.value ?? "").prefix { $0 != "#" }.utf8)
            let layer = try cache.store(content)
            return order.package.outputs.map {
                BuildOutput($0.name, layer: layer, content: layer, size: Int64(content.count), installedSize: 1)
            }
        }
    }

    private static let place = SpecPlace("packages/x/package.yaml", DocumentMark(line: 1, column: 1))

    private static func package(
        _ name: String, _ step: String, on base: [String] = [], in container: String? = nil
    ) throws -> PackageSpec {
        var package = PackageSpec(
            try PackageName(parsing: name), try PackageVersion(parsing: "1"), architecture: "amd64", folder: "x",
            place: place)
        var build = BuildSpec()
        build.base =
            base.isEmpty
            ? .nothing
            : .layers(image: nil, packages: try base.map { Located(try PackageRequest(parsing: $0), at: place) })
        if let container {
            build.base = .buildContainer(of: Located(try PackageRequest(parsing: container), at: place))
        }
        build.steps = [Located(step, at: place)]
        package.build = build
        package.artefact = ArtefactSpec(.difference)
        return package
    }

    /// a/low below a/mid below a/top, and a/lone.
    private static func layer(low: String = "one", mid: String = "two") throws -> [PackageSpec] {
        [
            try package("a/top", "three", on: ["a/mid"]), try package("a/mid", mid, on: ["a/low"]),
            try package("a/low", low), try package("a/lone", "four"),
        ]
    }

    private static func withCache(_ body: (BuildCache) throws -> Void) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "package-builder")
        try body(BuildCache(folder.path))
    }

    private static func build(
        _ packages: [PackageSpec], _ maker: FakeMaker, change: (inout PackageBuilder<FakeMaker>) -> Void = { _ in }
    ) throws -> (summary: BuildSummary, events: [String]) {
        var builder = PackageBuilder(
            LayerGraph(packages), pins: BuildPins(architecture: "amd64", epoch: 0), cache: maker.cache, maker: maker)
        change(&builder)
        var events: [String] = []
        let summary = try builder.run { event in
            switch event {
            case .cached(let name, _): events.append("cached \(name)")
            case .due(let name, let cause): events.append("due \(name): \(cause)")
            case .started(let name, let cause): events.append("started \(name): \(cause)")
            case .waiting(let name, let needs): events.append("waiting \(name): \(needs.joined(separator: " + "))")
            case .finished(let name, let yield): events.append("finished \(name)\(yield.isSame ? ", as before" : "")")
            case .idle(let workers, let needs, let waiting):
                events.append("\(workers) idle until \(needs.joined(separator: " + ")), \(waiting) wait")
            case .failed(let name, _): events.append("failed \(name)")
            case .skipped(let name, let because): events.append("skipped \(name): \(because)")
            }
        }
        return (summary, events)
    }

    @Test("make everything once, in an order in which each finds what it is built on, and nothing the second time")
    func twice() throws {
        try Self.withCache { cache in
            let first = FakeMaker(cache)
            let (summary, _) = try Self.build(Self.layer(), first) { $0.jobs = 3 }
            let made = first.made.withLock { $0 }
            #expect(made.count == 4 && summary.built.count == 4 && summary.cached.isEmpty)
            #expect(made.filter { $0 != "a/lone" } == ["a/low", "a/mid", "a/top"])
            let second = FakeMaker(cache)
            let (again, events) = try Self.build(Self.layer(), second)
            #expect(second.made.withLock { $0 } == [] && again.cached.count == 4 && again.outputs == summary.outputs)
            #expect(events.contains("cached a/low 1"))
        }
    }

    @Test("make what has changed, and those above it only when its bytes are others")
    func cutOff() throws {
        try Self.withCache { cache in
            _ = try Self.build(Self.layer(), FakeMaker(cache))
            let same = FakeMaker(cache)
            let (_, events) = try Self.build(Self.layer(low: "one# a remark"), same)
            #expect(same.made.withLock { $0 } == ["a/low"])
            #expect(events.contains("started a/low 1: step 1: one → one# a remark"))
            #expect(events.contains("finished a/low 1, as before"))
            let other = FakeMaker(cache)
            let (_, changes) = try Self.build(Self.layer(low: "five"), other)
            #expect(other.made.withLock { $0 } == ["a/low", "a/mid"])
            #expect(changes.contains { $0.hasPrefix("started a/mid 1: package a/low: sha256:") })
            #expect(changes.contains("finished a/mid 1, as before") && changes.contains("cached a/top 1"))
        }
    }

    @Test("leave out what needs a failed one, and make all others")
    func failure() throws {
        try Self.withCache { cache in
            let maker = FakeMaker(cache, failing: ["a/low"])
            let (summary, events) = try Self.build(Self.layer(), maker)
            #expect(Set(maker.made.withLock { $0 }) == ["a/low", "a/lone"])
            #expect(Array(summary.failures.keys) == ["a/low 1"] && summary.built == ["a/lone 1"])
            #expect(events.contains("skipped a/top 1: a/low 1") && summary.skipped.count == 2)
            let (again, _) = try Self.build(Self.layer(), FakeMaker(cache))
            #expect(again.cached == ["a/lone 1"] && again.built.count == 3)
        }
    }

    @Test("say before they begin what would be made, as far as that can be known")
    func dry() throws {
        try Self.withCache { cache in
            let maker = FakeMaker(cache)
            let (first, events) = try Self.build(Self.layer(), maker) { $0.isDry = true }
            #expect(maker.made.withLock { $0 } == [])
            #expect(Set(first.due) == ["a/lone 1", "a/low 1"] && Set(first.unknown) == ["a/mid 1", "a/top 1"])
            #expect(
                events == [
                    "due a/lone 1: not built before", "due a/low 1: not built before", "waiting a/mid 1: a/low 1",
                    "waiting a/top 1: a/mid 1",
                ])
            _ = try Self.build(Self.layer(), maker)
            let (second, _) = try Self.build(Self.layer(mid: "six"), maker) { $0.isDry = true }
            #expect(second.due == ["a/mid 1"] && second.unknown == ["a/top 1"] && second.cached.count == 2)
        }
    }

    @Test("say what idle workers wait for, once for each thing")
    func idle() throws {
        try Self.withCache { cache in
            let packages = [
                try Self.package("a/low", "1"), try Self.package("a/one", "2", on: ["a/low"]),
                try Self.package("a/two", "3", on: ["a/low"]), try Self.package("a/top", "4", on: ["a/one", "a/two"]),
            ]
            let (_, events) = try Self.build(packages, FakeMaker(cache)) { $0.jobs = 3 }
            #expect(
                Array(events.prefix(3)) == [
                    "started a/low 1: not built before", "2 idle until a/low 1, 3 wait", "finished a/low 1",
                ])
            #expect(events.contains("1 idle until a/one 1 + a/two 1, 1 wait"))
            // Nothing waits for the last one.
            #expect(Array(events.suffix(2)) == ["started a/top 1: not built before", "finished a/top 1"])
            #expect(BuildNotice(in: cache.folder).packages == [])
            // One worker is never idle.
            let (_, single) = try Self.build(
                packages.map { package in
                    var other = package
                    other.build?.steps[0].value += "!"
                    return other
                }, FakeMaker(cache))
            #expect(!single.contains { $0.contains("idle") } && single.count == 8)
        }
    }

    @Test("are noted while they are under way, for who is asked to stop")
    func notice() throws {
        try Self.withCache { cache in
            let maker = FakeMaker(cache)
            _ = try Self.build(Self.layer(), maker)
            #expect(maker.notices.withLock { $0 } == [["a/lone 1"], ["a/low 1"], ["a/mid 1"], ["a/top 1"]])
            #expect(BuildNotice(in: cache.folder).packages == [])
            // Who only looks leaves the notice of others alone.
            BuildNotice(in: cache.folder).write(["b/other 1"])
            _ = try Self.build(Self.layer(), maker) { $0.isDry = true }
            #expect(BuildNotice(in: cache.folder).packages == ["b/other 1"])
        }
    }

    @Test("are made again when somebody asks, and when an artefact or a container is gone")
    func again() throws {
        try Self.withCache { cache in
            let packages = [try Self.package("a/low", "one"), try Self.package("a/tools", "two", in: "a/low")]
            let maker = FakeMaker(cache)
            let (first, _) = try Self.build(packages, maker)
            #expect(maker.made.withLock { $0 } == ["a/low", "a/tools"])
            let demanded = FakeMaker(cache)
            demanded.containers.withLock { $0 = maker.containers.withLock { $0 } }
            let (_, events) = try Self.build(packages, demanded) { $0.rebuilt = [packages[1].name] }
            #expect(demanded.made.withLock { $0 } == ["a/tools"])
            #expect(events.contains("started a/tools 1: you asked for it"))
            let lost = FakeMaker(cache)
            _ = try Self.build(packages, lost)
            #expect(lost.made.withLock { $0 } == ["a/low"])
            let layer = try #require(first.outputs["a/tools 1"]?.layer)
            try Folders.removeFile(cache.blob(layer))
            let (_, gone) = try Self.build(packages, lost)
            #expect(gone.contains("started a/tools 1: its artefact is not in the cache any more"))
        }
    }
}

import BuildPlanning
import Cryptography
import DocumentTree
import LinuxSystem
import PackageModel
import PackageSpecs
import Synchronization
import SystemPackage

@testable import PackageBuilding

/// Packages of which nothing is built in containers, and a builder for them.
enum BuilderFixture {
    /// Makes of each package a blob of its first step, and notes who was made.
    final class FakeMaker: PackageMaking {
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

    static func package(
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
    static func layer(low: String = "one", mid: String = "two") throws -> [PackageSpec] {
        [
            try package("a/top", "three", on: ["a/mid"]), try package("a/mid", mid, on: ["a/low"]),
            try package("a/low", low), try package("a/lone", "four"),
        ]
    }

    static func withCache(_ body: (BuildCache) throws -> Void) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "package-builder")
        try body(BuildCache(folder.path))
    }

    static func build(
        _ packages: [PackageSpec], _ maker: FakeMaker, change: (inout PackageBuilder<FakeMaker>) -> Void = { _ in }
    ) throws -> (summary: BuildSummary, events: [String]) {
        var builder = PackageBuilder(
            LayerGraph(packages), pins: BuildPins(architecture: "amd64", epoch: 0), cache: maker.cache, maker: maker)
        change(&builder)
        var events: [String] = []
        let summary = try builder.run { event in
            switch event {
            case .cached(let name, _, let origin):
                events.append("cached \(name)" + (origin.map { " from \($0)" } ?? ""))
            case .note(let text): events.append("note \(text)")
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
}

import BuildPlanning
import Faults
import ImageAssembly
import ImageModel
import LinuxSystem
import PackageModel
import PackageRepositories
import PackageSelection
import PackageSolving
import PackageSpecs
import RepositoryPlanning
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("What a layer takes from the layers below")
struct LockedLayerTests {
    private static let below =
        "system/base 12.1 | provides system/libc = 2\nsystem/base 13\nsystem/foundation 1.2 | requires system/base < 13"

    private static func versions(_ session: LayerSession) -> [String] {
        session.lock.packages.map { "\($0.name) \($0.version) \($0.repository)" }.sorted()
    }

    @Test("is chosen once: the index and its packages are in the lock, and then nobody is asked")
    func once() throws {
        let layer = try LayerBelow(
            ["tide": "requires: [system/foundation, app/ebb]", "ebb": "requires: [system/libc]"], over: Self.below)
        var session = try layer.session()
        let changes = try session.completeLock()
        #expect(
            Self.versions(session) == [
                "system/base 12.1 \(LayerBelow.reference)", "system/foundation 1.2 \(LayerBelow.reference)",
            ])
        #expect(session.lock.repositories[LayerBelow.reference]?.revision == 1)
        #expect(changes.count == 3 && changes[0].hasPrefix("\(LayerBelow.reference) is revision 1, sha256:"))
        #expect(session.missing.isEmpty)
        try Folders.remove(layer.folder.appending("below"), .tree)
        var again = try layer.session()
        #expect(try again.completeLock() == [] && again.lock == session.lock)
    }

    @Test("stays when the repository goes on, until somebody asks for its newest index")
    func update() throws {
        let layer = try LayerBelow(["tide": "requires: [system/base]"], over: Self.below)
        var session = try layer.session()
        _ = try session.completeLock()
        try layer.publish("system/base 14")
        try layer.write("ebb", "requires: [system/foundation]")
        var later = try layer.session()
        #expect(
            later.missing.map { "\($0)" }.first?.hasPrefix(
                "packages/ebb/package.yaml:4:12: the package system/foundation") == true)
        _ = try later.completeLock()
        // A version that is needed together with the new request, out of the index that was noted.
        #expect(later.lock.repositories[LayerBelow.reference]?.revision == 1)
        #expect(Self.versions(later).first?.hasPrefix("system/base 12.1 ") == true)
        let below = try LayerSelection(layer.choice, environment: [:]).below(layer.choice.repositories)
        #expect(below.map(\.known.index.revision) == [1])
        try Folders.remove(layer.layer.appending("packages/ebb"), .tree)
        var unused = try layer.session()
        #expect(try unused.completeLock() == [])
        #expect(Self.versions(unused).map { $0.prefix(16) } == ["system/base 12.1"])
        let changes = try unused.completeLock(updating: [LayerBelow.reference])
        #expect(Self.versions(unused).map { $0.prefix(14) } == ["system/base 14"] && changes.count == 2)
        try layer.writeLayer(", snapshot: 1")
        var pinned = try layer.session()
        #expect(pinned.missing.count == 1)
        _ = try pinned.completeLock()
        #expect(Self.versions(pinned).map { $0.prefix(14) } == ["system/base 13"])
    }

    @Test("is said with file, line and a way out when it cannot be, and the lock stays as it was")
    func refused() throws {
        let layer = try LayerBelow(
            ["tide": "requires: [system/foundation]", "ebb": "requires: [system/base >= 13]"], over: Self.below)
        var session = try layer.session()
        let error = #expect(throws: SolverError.self) { try session.completeLock() }
        #expect(error?.kind == .refused)
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("packages/ebb/package.yaml:4:12"), "\(text)")
        #expect(text.contains("packages/tide/package.yaml:4:12"), "\(text)")
        #expect(text.hasSuffix("Change one of the requests so that one version fits both."), "\(text)")
        #expect(try FileStatus.of(layer.layer.appending("boatyard.lock")) == nil)
    }

    @Test("is only taken from an index with the signature that the layer's file names")
    func trust() throws {
        let layer = try LayerBelow(["tide": "requires: [system/base]"], over: Self.below)
        let other = try LayerBelow([:], over: Self.below)
        let key = try FileBytes.read(other.layer.appending("below.pub"), limit: 1 << 16)
        try AtomicFile.write(key, to: layer.layer.appending("below.pub"))
        var session = try layer.session()
        let error = #expect(throws: (any Error).self) { try session.completeLock() }
        #expect((error as? any OperatorFault)?.refusal == .untrusted)
    }

    @Test("gives way to what the layer has itself, published or not")
    func own() throws {
        let layer = try LayerBelow(
            ["base": "requires: [system/base]\nprovides: [system/foundation = 9]"], over: Self.below)
        let selection = try LayerSelection(layer.choice, environment: [:])
        let below = try selection.below(layer.choice.repositories)
        let offers = [selection.specs.offer] + below.map { PackageOffer($0.known.index) }
        let catalogue = PackageCatalogue(offers, architecture: ImageArchitecture.host)
        let request = PlacedRequest(try PackageRequest(parsing: "system/foundation >= 2"), from: "here")
        let result = try PackageSolver.result(of: [request], in: catalogue)
        #expect(
            result.packages.map { "\($0.package.metadata.name) \($0.repository)" } == [
                "system/base below", "app/base top (not published)",
            ])
        #expect(result.packages.map { $0.package.published == nil } == [false, true])
        #expect(selection.requests.map(\.origin) == ["packages/base/package.yaml:4:12"])
    }

    @Test("is without what the base of its image has, and what is built on that is taken in the base's version")
    func base() throws {
        let layer = try LayerBelow(["tide": "requires: [system/foundation, system/libc]"], over: Self.below)
        var layout = try ImageLayout(layer.folder.appending("twin"))
        var libc = PackageList.Entry("system/base", "12.1")
        libc.provides = ["system/libc = 2"]
        try layout.tag("x", try layout.twin([libc, .init("system/foundation", "1.2")]))
        let image =
            "format: 1\nname: top\nversion: 1\nbase: {image: '\(try layout.reference("x"))'}\npackages: [app/tide]\n"
        try AtomicFile.write(Array(image.utf8), to: layer.layer.appending("derivative.yaml"))
        var session = try layer.session()
        _ = try session.completeLock()
        #expect(Self.versions(session) == [] && session.lock.base?.packages.count == 2 && session.missing.isEmpty)
        let selection = try LayerSelection(layer.choice, environment: [:])
        #expect(selection.requests.isEmpty)
        // There is a newer one, on which nothing can be built that fits the base.
        try layer.write("ebb", "build: {from: {packages: [system/base]}, steps: [x]}")
        session = try layer.session()
        _ = try session.completeLock()
        #expect(Self.versions(session) == ["system/base 12.1 \(LayerBelow.reference)"])
        #expect(try session.completeLock() == [])
        try layer.write("ebb", "build: {from: {packages: [system/base >= 13]}, steps: [x]}")
        session = try layer.session()
        let error = #expect(throws: ClosureError.self) { try session.completeLock() }
        #expect(error?.subject == "system/base 12.1" && error?.cause.contains("ebb/package.yaml:4:") == true)
    }

    @Test("of a repository in a registry is not asked for offline")
    func offline() throws {
        let layer = try LayerBelow(["tide": "requires: [system/base]"], over: Self.below)
        let text = "format: 1\nname: top\nlayers: [{name: b, repository: \"oci://127.0.0.1:1/b\", key: below.pub}]\n"
        try AtomicFile.write(Array(text.utf8), to: layer.layer.appending("boatyard.yaml"))
        var choice = layer.choice
        choice.isOffline = true
        var session = try LayerSession(choice, environment: [:])
        let error = #expect(throws: (any Error).self) { try session.completeLock() }
        #expect(error.map { "\($0)" }?.contains("--offline asks nobody") == true)
    }
}

import DocumentTree
import Faults
import ImageModel
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@Suite("The base in a lock")
struct LockedBaseTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)
    private static let place = SpecPlace("derivative.yaml", DocumentMark(line: 4, column: 8))

    private static func specs(
        _ base: DerivativeBase?, packages: [String] = [],
        layers: String = "{name: low, images: 'oci://r.example/os', key: k}",
        files: [String] = []
    ) throws -> LayerSpecs {
        let layer = try SpecReading.layer("format: 1\nname: high\nlayers: [\(layers)]")
        var derivative = DerivativeSpec(place: place)
        derivative.base = base
        derivative.packages = try packages.map { Located(try PackageRequest(parsing: $0), at: place) }
        return try LayerSpecs(layer, try files.map { try SpecReading.packages($0) }, derivative: derivative)
    }

    private static func wish(_ name: String = "low", _ range: String? = nil) throws -> DerivativeBase {
        .layer(Located(BaseLayer(name, try range.map { try VersionRange(parsing: $0) } ?? .any), at: place))
    }

    private static func lock(_ reference: String = "oci://r.example/os", layer: String? = "low") throws -> LockFile {
        var lock = LockFile()
        let version = try layer.map { _ in try PackageVersion(parsing: "1.2") }
        lock.base = LockedBase(
            reference, layer: layer, version: version, manifest: try #require(Digest(registryText: digest)))
        lock.base?.packages = try ["system/base 12", "system/tool 3"].map(package)
        return lock
    }

    private static func package(_ text: String) throws -> PackageMetadata {
        let words = text.split(separator: " ").map(String.init)
        return PackageMetadata(
            try PackageName(parsing: words[0]), try PackageVersion(parsing: words[1]), architecture: "all")
    }

    private static func lines(_ lock: LockFile, _ specs: LayerSpecs) -> [String] {
        lock.differences(from: specs).map { "\($0.isStale ? "stale" : "note") \($0)" }
    }

    @Test("fits the layer that is asked for, from the same place, in a version that counts")
    func layer() throws {
        let lock = try Self.lock()
        #expect(Self.lines(lock, try Self.specs(Self.wish())) == [])
        #expect(Self.lines(lock, try Self.specs(Self.wish("low", ">= 1, < 2"))) == [])
        #expect(
            Self.lines(lock, try Self.specs(Self.wish("low", ">= 2"))) == [
                "stale derivative.yaml:4:8: the base low >= 2: boatyard.lock has version 1.2"
            ])
        let missing = ["stale derivative.yaml:4:8: the base low is not in boatyard.lock"]
        #expect(Self.lines(LockFile(), try Self.specs(Self.wish())) == missing)
        #expect(Self.lines(try Self.lock("oci://other.example/os"), try Self.specs(Self.wish())) == missing)
        #expect(Self.lines(try Self.lock(layer: "lower"), try Self.specs(Self.wish())) == missing)
        #expect(
            Self.lines(lock, try Self.specs(nil)) == [
                "note the base oci://r.example/os of boatyard.lock is used by nothing"
            ])
    }

    @Test("of an image is not needed, and counts only for the image that is locked")
    func image() throws {
        let image = try SourceReference(parsing: "oci://r.example/twin:1")
        let specs = try Self.specs(.image(Located(image, at: Self.place)))
        var lock = try Self.lock("\(image)", layer: nil)
        lock.images["\(image)"] = lock.base?.manifest
        #expect(Self.lines(lock, specs) == [] && lock.basePackages(of: specs).count == 2)
        lock.base?.manifest = try #require(Digest(hex: String(repeating: "cd", count: 32)))
        #expect(
            Self.lines(lock, specs) == [
                "stale derivative.yaml:4:8: the base oci://r.example/twin:1: boatyard.lock has oci://r.example/twin:1"
            ])
        #expect(lock.basePackages(of: specs) == [])
        lock.base = nil
        #expect(Self.lines(lock, specs) == [])
    }

    @Test("has what is asked for to run; what something is built on comes from a layer below all the same")
    func packages() throws {
        let below = "{name: low, repository: 'oci://r.example/p', images: 'oci://r.example/os', key: k}"
        let files = [
            "format: 1\nname: app/a\nversion: 1\nrequires: [system/tool]",
            "format: 1\nname: app/b\nversion: 1\nbuild: {from: {packages: ['system/base >= 12']}, steps: [x]}",
        ]
        let specs = try Self.specs(Self.wish(), packages: ["system/tool >= 3", "app/c"], layers: below, files: files)
        var lock = try Self.lock()
        lock.repositories["oci://r.example/p"] = LockedRepository(
            revision: 1, manifest: try #require(Digest(registryText: Self.digest)))
        let asked = specs.outsideRequests(having: lock.basePackages(of: specs)).map { "\($0.value)" }
        #expect(asked == ["system/base >= 12", "app/c"])
        #expect(specs.outsideRequests().count == 4)
        let stale = lock.differences(from: specs).filter(\.isStale).map(\.name)
        #expect(stale == ["system/base >= 12", "app/c"])
        // What a package that something is built on requires is built on as well, and what others require is in the base.
        var base = LockedPackage(
            try PackageName(parsing: "system/base"), try PackageVersion(parsing: "12"), architecture: "amd64",
            repository: "oci://r.example/p", manifest: try #require(Digest(registryText: Self.digest)))
        base.requires = [try PackageRequest(parsing: "system/tool")]
        var own = base
        own.name = try PackageName(parsing: "app/c")
        lock.packages = [own]
        #expect(lock.differences(from: specs).map(\.name) == ["system/base >= 12"])
        lock.packages = [own, base]
        #expect(lock.differences(from: specs).map(\.name) == ["system/tool"])
    }

    @Test("is not enough for what the layer builds on its own packages: what these require is built on as well")
    func built() throws {
        let below = "{name: low, repository: 'oci://r.example/p', images: 'oci://r.example/os', key: k}"
        let files = [
            "format: 1\nname: app/a\nversion: 1\nrequires: [system/tool]\nprovides: [app/any]",
            "format: 1\nname: app/b\nversion: 1\nrequires: [app/a]",
            "format: 1\nname: app/c\nversion: 1\nbuild: {from: {packages: [app/b]}, steps: [x]}",
        ]
        let lock = try Self.lock()
        let alone = try Self.specs(Self.wish(), layers: below, files: Array(files.prefix(2)))
        #expect(alone.outsideRequests(having: lock.basePackages(of: alone)).isEmpty)
        let specs = try Self.specs(Self.wish(), layers: below, files: files)
        let asked = specs.outsideRequests(having: lock.basePackages(of: specs))
        #expect(asked.map { "\($0.value)" } == ["system/tool"])
        #expect(lock.differences(from: specs).contains { $0.name == "system/tool" && $0.isStale && $0.place != nil })
    }

    @Test("is a layer of boatyard.yaml that says where its images are")
    func unknown() throws {
        #expect(try Self.specs(Self.wish()).lowerBase?.images.name == "low")
        let near = #expect(throws: SpecError.self) { try Self.specs(Self.wish("lov")) }
        #expect(near?.cause == "boatyard.yaml has no layer 'lov' in 'layers'; did you mean low?")
        #expect(near?.subject == "derivative.yaml:4:8")
        let bare = #expect(throws: SpecError.self) {
            try Self.specs(Self.wish(), layers: "{name: low, repository: 'oci://r.example/p', key: k}")
        }
        #expect(bare?.cause.contains("does not say where the layer low has its images") == true)
    }
}

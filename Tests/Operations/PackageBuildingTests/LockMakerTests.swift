import Cryptography
import DocumentTree
import ImageAssembly
import ImageModel
import LinuxSystem
import PackageModel
import PackageSpecs
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import PackageBuilding

@Suite("What a layer uses from outside")
struct LockMakerTests {
    private static let place = SpecPlace("packages/x/package.yaml", DocumentMark(line: 1, column: 1))

    private static func specs(
        image: SourceReference? = nil, fetches: [BuildFetch] = [], variables: [EnvironmentUse] = []
    ) throws -> LayerSpecs {
        var package = PackageSpec(
            try PackageName(parsing: "a/b"), try PackageVersion(parsing: "1"), architecture: "amd64", folder: "x",
            place: place)
        var build = BuildSpec()
        build.base = image.map { .layers(image: Located($0, at: place), packages: []) } ?? .nothing
        build.fetches = fetches
        package.build = build
        package.environmentUses = variables
        var specs = try LayerSpecs(LayerFile(), [])
        specs.packages = [package]
        return specs
    }

    private static func with(
        isOffline: Bool = false, _ body: (inout ImageLayout, LockMaker, BuildCache) throws -> Void
    ) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "lock-maker")
        var layout = try ImageLayout(folder.path.appending("layout"))
        let cache = try BuildCache(folder.path.appending("cache"))
        let images = BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: isOffline)
        let repositories = LayerRepositories(
            of: folder.path, images.access, isOffline: isOffline, memory: nil)
        try body(&layout, LockMaker(cache, images, repositories), cache)
    }

    @Test("is the base of an image with the packages that it says it has, found again when it becomes another")
    func base() throws {
        try Self.with { layout, maker, _ in
            var entry = PackageList.Entry("system/base", "12", license: "MIT")
            (entry.provides, entry.conflicts) = (["system/libc = 2"], ["system/musl"])
            let (old, new) = (try layout.twin([entry]), try layout.twin([.init("system/base", "13")]))
            try layout.tag("x", old)
            let reference = try layout.reference("x")
            var specs = try Self.specs()
            specs.derivative = DerivativeSpec(place: Self.place)
            specs.derivative?.base = .image(Located(reference, at: Self.place))
            let lock = try maker.lock(specs, from: LockFile()).lock
            #expect(lock.base?.reference == "\(reference)" && lock.base?.manifest == old.digest)
            let package = try #require(lock.basePackages(of: specs).first)
            #expect(
                "\(package.name) \(package.version) \(package.provides) \(package.conflicts)"
                    == "system/base 12 [system/libc = 2] [system/musl]")
            try layout.tag("x", new)
            #expect(try maker.lock(specs, from: lock).lock == lock)
            var updating = maker
            updating.updatesAll = true
            let later = try updating.lock(specs, from: lock).lock
            #expect(later.base?.manifest == new.digest && later.base?.packages.map { "\($0.version)" } == ["13"])
            // An image that boatyard has not made has none, and one that is not asked for leaves the lock.
            try layout.tag("x", try layout.image("plain", architecture: ImageArchitecture.host))
            #expect(try updating.lock(specs, from: lock).lock.base?.packages == [])
            specs.derivative = nil
            #expect(try maker.lock(specs, from: lock).lock.base == nil)
        }
    }

    @Test("stays what it was when a tag moves, until somebody asks for what it is now")
    func moved() throws {
        try Self.with { layout, maker, _ in
            let (old, new) = (try layout.image("one"), try layout.image("two"))
            try layout.tag("x", old)
            let reference = try layout.reference("x")
            let specs = try Self.specs(image: reference)
            let (lock, changes) = try maker.lock(specs, from: LockFile())
            #expect(lock.images == ["\(reference)": old.digest])
            #expect(changes == ["\(reference) is \(old.digest.registryText)"])
            try layout.tag("x", new)
            #expect(try maker.lock(specs, from: lock) == (lock, []))
            var updating = maker
            updating.updated = ["another"]
            #expect(try updating.lock(specs, from: lock).lock == lock)
            updating.updated = ["\(reference)"]
            #expect(try updating.lock(specs, from: lock).lock.images == ["\(reference)": new.digest])
            (updating.updated, updating.updatesAll) = ([], true)
            #expect(
                try updating.lock(specs, from: lock).changes == ["\(reference) is \(new.digest.registryText)"])
        }
    }

    @Test("is left out when nothing uses it, and needs no entry where its digest is written")
    func unused() throws {
        try Self.with { layout, maker, _ in
            let image = try layout.image("one")
            try layout.tag("x", image)
            var lock = LockFile()
            lock.images = ["oci:/gone:1": image.digest]
            lock.fetches = ["http://127.0.0.1:1/gone": LockedFetch(digest: image.digest, size: 1)]
            lock.environment = ["GONE"]
            let pinned = try SourceReference(parsing: "oci:\(layout.folder)@\(image.digest.registryText)")
            let use = EnvironmentUse("HERE", at: Self.place)
            let (made, changes) = try maker.lock(Self.specs(image: pinned, variables: [use]), from: lock)
            #expect(made.images.isEmpty && made.fetches.isEmpty && made.environment == ["HERE"] && changes.isEmpty)
        }
    }

    @Test("of downloads is their digest and size, and a file that says another digest is an error")
    func fetches() throws {
        let server = try ScriptedServer([ScriptedServer.Rule("/file") { $0.body = "abc" }])
        let url = "http://127.0.0.1:\(server.port)/file"
        try Self.with { _, maker, cache in
            let digest = try SHA256Hasher.digest(of: Array("abc".utf8))
            var fetch = BuildFetch(url: url, digest: nil, target: "file", place: Self.place)
            let (lock, changes) = try maker.lock(Self.specs(fetches: [fetch, fetch]), from: LockFile())
            #expect(lock.fetches == [url: LockedFetch(digest: digest, size: 3)])
            #expect(try changes == ["\(url) is \(digest.registryText)"] && cache.has(digest))
            #expect(try maker.lock(Self.specs(fetches: [fetch]), from: lock).changes == [])
            #expect(try server.requests().count == 1)
            fetch.digest = try SHA256Hasher.digest(of: [])
            #expect(throws: PackageBuildError.self) {
                try maker.lock(Self.specs(fetches: [fetch]), from: LockFile())
            }
            // What the file says now counts, not what the lock had.
            #expect(throws: PackageBuildError.self) { try maker.lock(Self.specs(fetches: [fetch]), from: lock) }
        }
    }

    @Test("is not looked for over a network when nobody may be asked")
    func offline() throws {
        try Self.with(isOffline: true) { _, maker, _ in
            let specs = try Self.specs(image: SourceReference(parsing: "oci://127.0.0.1:1/a:1"))
            #expect(throws: BaseImageError.self) { try maker.lock(specs, from: LockFile()) }
        }
    }
}

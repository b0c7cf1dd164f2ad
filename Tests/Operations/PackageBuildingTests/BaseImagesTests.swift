import Faults
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("Images that builds start from")
struct BaseImagesTests {
    private static func with(
        isOffline: Bool = false, _ body: (inout ImageLayout, BaseImages) throws -> Void
    ) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "base-images")
        var layout = try ImageLayout(folder.path.appending("layout"))
        let cache = try BuildCache(folder.path.appending("cache"))
        try body(&layout, BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: isOffline))
    }

    @Test("are noted by what they are for all architectures, and used by what they are for one")
    func architectures() throws {
        try Self.with { layout, images in
            let (amd, arm) = (try layout.image("one"), try layout.image("two", architecture: "arm64"))
            var attestation = try layout.image("three")
            attestation.artifactType = "application/vnd.in-toto+json"
            let index = try layout.index([attestation, amd, arm])
            try layout.tag("both", index)
            try layout.tag("plain", amd)
            let both = try layout.reference("both")
            #expect(try images.resolve(both) == index.digest)
            #expect(try images.manifest(both, index.digest, architecture: "amd64") == amd.digest)
            #expect(try images.manifest(both, index.digest, architecture: "arm64") == arm.digest)
            #expect(throws: BaseImageError.self) {
                try images.manifest(both, index.digest, architecture: "riscv64")
            }
            #expect(
                try images.manifest(layout.reference("plain"), amd.digest, architecture: "riscv64") == amd.digest)
        }
    }

    @Test("are taken into the cache, and used from there when the source has lost them")
    func kept() throws {
        try Self.with { layout, images in
            let manifest = try layout.image("one")
            let index = try layout.index([manifest])
            try layout.tag("x", index)
            let reference = try layout.reference("x")
            var told = 0
            let image = try images.image(reference, manifest.digest) { told = $0.done }
            #expect(image.manifest == manifest.digest && image.layers.count == 1 && told == 3)
            #expect(image.contents == image.layers.map(\.digest))
            #expect(try FileBytes.read(images.cache.blob(image.layers[0].digest), limit: 9) == Array("one".utf8))
            #expect(try images.manifest(reference, index.digest, architecture: "amd64") == manifest.digest)
            for digest in [manifest.digest, index.digest, image.layers[0].digest] { try layout.lose(digest) }
            #expect(try images.image(reference, manifest.digest) { _ in } == image)
            #expect(try images.manifest(reference, index.digest, architecture: "amd64") == manifest.digest)
            #expect(try Folders.names(of: images.cache.folder.appending("work/images")) == [])
        }
    }

    @Test("are asked for again when a layer of theirs is not in the cache any more")
    func lost() throws {
        try Self.with { layout, images in
            let manifest = try layout.image("one")
            try layout.tag("x", manifest)
            let reference = try layout.reference("x")
            let image = try images.image(reference, manifest.digest) { _ in }
            try Folders.removeFile(images.cache.blob(image.layers[0].digest))
            #expect(try images.image(reference, manifest.digest) { _ in } == image)
            #expect(try images.cache.has(image.layers[0].digest))
        }
    }

    @Test("are refused when a layer is no tree, or the documents do not fit each other")
    func foreign() throws {
        try Self.with { layout, images in
            let odd = try layout.image("one", layerType: "application/x-program")
            try layout.tag("odd", odd)
            #expect {
                try images.image(layout.reference("odd"), odd.digest) { _ in }
            } throws: { "\($0)".contains("a layer is of a kind that cannot be read") }
            let unfit = try layout.image("two", contents: 2)
            try layout.tag("unfit", unfit)
            #expect {
                try images.image(layout.reference("unfit"), unfit.digest) { _ in }
            } throws: { "\($0)".contains("do not fit together") }
        }
    }

    @Test("are not asked for over a network when nobody may be")
    func offline() throws {
        try Self.with(isOffline: true) { layout, images in
            let image = try layout.image("one")
            try layout.tag("x", image)
            // What is on this machine is no network.
            #expect(try images.resolve(layout.reference("x")) == image.digest)
            let remote = try SourceReference(parsing: "oci://127.0.0.1:1/a:1")
            for ask in [
                { _ = try images.resolve(remote) }, { _ = try images.image(remote, image.digest) { _ in } },
                { _ = try images.manifest(remote, image.digest, architecture: "amd64") },
            ] as [() throws -> Void] {
                #expect { try ask() } throws: { ($0 as? BaseImageError)?.kind == .offline }
            }
            _ = try images.image(layout.reference("x"), image.digest) { _ in }
            #expect(try images.image(remote, image.digest) { _ in }.manifest == image.digest)
        }
    }
}

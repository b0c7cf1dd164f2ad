import Archives
import BuildPlanning
import ImageModel
import LinuxSystem
import PackageModel
import RegistryModel
import SystemPackage
import Testing
import TreeFixtures
import TreeFolders
import TreeModel

@testable import PackageBuilding

@Suite("Packages laid on an image")
struct BaseCompositionTests {
    private static func output(_ name: String, _ layer: [UInt8]?, in cache: BuildCache) throws -> BuildOutput {
        let name = try PackageName(parsing: name)
        guard let layer else { return BuildOutput(name) }
        return BuildOutput(
            name, layer: try cache.store(layer), content: Fixture.digest(layer[0]), size: Int64(layer.count),
            installedSize: 9)
    }

    private static func withCache(_ body: (BuildCache) throws -> Void) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "base-composition")
        try body(BuildCache(folder.path))
    }

    /// The name as it means from anywhere.
    private static func whole(_ name: String, in cache: BuildCache) -> String {
        "oci:\(cache.folder)/\(name.dropFirst("oci:".count))"
    }

    @Test("are a layout that names the layers of both, lowest first, and shares the cache's blobs")
    func layout() throws {
        try Self.withCache { cache in
            let lowest = Descriptor(
                mediaType: "application/vnd.oci.image.layer.v1.tar+zstd", digest: try cache.store([9, 9, 9]), size: 3)
            let image = BaseImage(manifest: Fixture.digest(8), layers: [lowest], contents: [Fixture.digest(9)])
            var composition = BaseComposition(image)
            composition.add(try Self.output("a/one", [1, 1], in: cache))
            composition.add(try Self.output("a/none", nil, in: cache))
            composition.add(try Self.output("a/two", [2], in: cache))
            let name = try composition.make(in: cache, architecture: "arm64")
            #expect(name.hasPrefix("oci:bases/") && name.hasSuffix(":base"))
            // The cache reads it as it reads any other.
            let images = BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: true)
            let reference = try SourceReference(parsing: Self.whole(name, in: cache))
            let made = try images.image(reference, images.resolve(reference)) { _ in }
            #expect(made.layers.map(\.size) == [3, 2, 1])
            #expect(made.layers[0] == lowest && made.layers[1].mediaType.hasSuffix(".tar+gzip"))
            #expect(made.contents == [9, 1, 2].map { Fixture.digest($0) })
            let manifest = try ImageManifest(
                parsing: ManifestDocument(
                    mediaType: MediaType.manifest, bytes: FileBytes.read(cache.blob(made.manifest), limit: 9999),
                    digest: made.manifest))
            let config = try ContainerConfig(
                parsing: FileBytes.read(cache.blob(manifest.config.digest), limit: 9999))
            #expect(config.architecture == "arm64" && config.operatingSystem == "linux")
            #expect(try composition.make(in: cache, architecture: "arm64") == name)
            #expect(try composition.make(in: cache, architecture: "amd64") != name)
        }
    }

    @Test(
        "have layers of OCI's kinds alone, whatever the image's were called",
        arguments: [
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.oci.image.layer.v1.tar+gzip"),
            ("application/vnd.docker.image.rootfs.diff.tar.zstd", "application/vnd.oci.image.layer.v1.tar+zstd"),
            ("application/vnd.docker.image.rootfs.diff.tar", "application/vnd.oci.image.layer.v1.tar"),
            ("application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar"),
        ])
    func kinds(type: String, expected: String) throws {
        try Self.withCache { cache in
            let layer = Descriptor(mediaType: type, digest: try cache.store([9]), size: 1)
            let image = BaseImage(manifest: Fixture.digest(8), layers: [layer], contents: [Fixture.digest(9)])
            let name = try BaseComposition(image).make(in: cache, architecture: "amd64")
            let images = BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: true)
            let reference = try SourceReference(parsing: Self.whole(name, in: cache))
            #expect(
                try images.image(reference, images.resolve(reference)) { _ in }.layers.map(\.mediaType) == [expected])
        }
    }

    @Test("are made anew where a cut left half of the layout")
    func cut() throws {
        try Self.withCache { cache in
            var composition = BaseComposition(nil)
            composition.add(try Self.output("a/one", [1], in: cache))
            let name = try composition.make(in: cache, architecture: "amd64")
            let folder = cache.folder.appending(String(name.dropFirst(4).dropLast(5)))
            try Folders.removeFile(folder.appending("oci-layout"))
            try AtomicFile.write([], to: folder.appending("index.json"))
            #expect(try composition.make(in: cache, architecture: "amd64") == name)
            #expect(try FileStatus.of(folder.appending("oci-layout")) != nil)
            #expect(try !FileBytes.read(folder.appending("index.json"), limit: 9999).isEmpty)
        }
    }

    @Test("are made once by several that want them at a time")
    func together() throws {
        try Self.withCache { cache in
            var composition = BaseComposition(nil)
            composition.add(try Self.output("a/one", [1], in: cache))
            let made = composition
            let workers = try BuildWorkers<Result<String, any Error>>()
            for _ in 0..<16 { workers.start { Result { try made.make(in: cache, architecture: "amd64") } } }
            let names = try (0..<16).map { _ in try workers.next().get() }
            #expect(Set(names).count == 1)
        }
    }

    /// Layers that are true archives, each with one file, on each other.
    private static func stack(_ count: Int, in cache: BuildCache) throws -> BaseComposition {
        var composition = BaseComposition(nil)
        for number in 0..<count {
            var bytes: [UInt8] = []
            var writer = PaxWriter { (block) throws(ArchiveError) in
                for index in block.indices { bytes.append(block[index]) }
            }
            let path = EntryPath(joined: Array("file-\(number)".utf8))
            try writer.begin(ArchiveEntry(path: path, kind: .regular(size: 0)))
            try writer.finish()
            let digest = try cache.store(bytes)
            composition.add(
                BuildOutput(
                    try PackageName(parsing: "a/p\(number)"), layer: digest, content: digest, size: Int64(bytes.count),
                    installedSize: 0))
        }
        return composition
    }

    @Test(
        "have one layer when there are more than may lie on each other, and what was there is used again",
        arguments: [(30, nil, 30), (31, nil, 1), (2, 1, 1), (1, 1, 1)])
    func flat(count: Int, limit: Int?, expected: Int) throws {
        try Self.withCache { cache in
            let composition = try Self.stack(count, in: cache)
            let name = try composition.make(
                in: cache, architecture: "amd64", layersAtMost: limit ?? BaseComposition.layerLimit)
            let images = BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: true)
            let reference = try SourceReference(parsing: Self.whole(name, in: cache))
            let made = try images.image(reference, images.resolve(reference)) { _ in }
            #expect(made.layers.count == expected && made.contents.count == expected)
            let listing = try TreeReading.layers(made.layers.map { cache.blob($0.digest) })
            #expect(listing.reading.listing.entries.count == count && listing.diffIDs == made.contents)
            let blobs = try Folders.names(of: cache.folder.appending("blobs/sha256")).count
            #expect(
                try composition.make(
                    in: cache, architecture: "amd64", layersAtMost: limit ?? BaseComposition.layerLimit) == name)
            #expect(try Folders.names(of: cache.folder.appending("blobs/sha256")).count == blobs)
            // With more allowed it is another layout beside.
            #expect(
                try (composition.make(in: cache, architecture: "amd64", layersAtMost: 99) == name)
                    == (expected == count))
        }
    }

    @Test("are nothing when none has files")
    func nothing() throws {
        try Self.withCache { cache in
            var composition = BaseComposition(nil)
            composition.add(try Self.output("a/none", nil, in: cache))
            #expect(try composition.make(in: cache, architecture: "amd64") == "scratch")
        }
    }
}

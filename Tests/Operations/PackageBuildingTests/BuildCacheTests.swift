import BuildPlanning
import ContainerBuilds
import LinuxSystem
import PackageModel
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("The cache of builds")
struct BuildCacheTests {
    private static func withCache(_ body: (BuildCache) throws -> Void) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "build-cache")
        try body(BuildCache(folder.path))
    }

    @Test("lies where the user keeps such things")
    func place() {
        #expect(BuildCache.standardFolder { ["XDG_CACHE_HOME": "/x", "HOME": "/h"][$0] } == "/x/boatyard")
        #expect(BuildCache.standardFolder { ["XDG_CACHE_HOME": "x", "HOME": "/h"][$0] } == "/h/.cache/boatyard")
        #expect(BuildCache.standardFolder { _ in nil } == nil)
    }

    @Test("gives a record back while all its blobs are there, and is not misled by one that is damaged")
    func records() throws {
        try Self.withCache { cache in
            let name = try PackageName(parsing: "a/b")
            let layer = try cache.store([1, 2, 3])
            var inputs = BuildInputs()
            inputs.add("step 1", "make")
            let output = BuildOutput(name, layer: layer, content: layer, size: 3, installedSize: 9)
            let record = BuildRecord(
                "a/b 1", build: inputs, artefact: BuildInputs(), outputs: [output, BuildOutput(name)])
            #expect(try cache.record("00") == nil && cache.lastRecord(of: name) == nil)
            try cache.keep(record, key: "00")
            #expect(try cache.record("00") == record && cache.lastRecord(of: name) == record)
            try AtomicFile.write([1, 2], to: cache.blob(layer))
            #expect(try cache.record("00") == nil)
            try Folders.removeFile(cache.blob(layer))
            #expect(try cache.record("00") == nil)
            try AtomicFile.write(Array("{".utf8), to: cache.folder.appending("builds/00.json"))
            #expect(try cache.record("00") == nil)
        }
    }

    @Test("takes a finished file over by its digest")
    func blobs() throws {
        try Self.withCache { cache in
            let digest = try cache.store([7])
            #expect(try cache.has(digest) && FileBytes.read(cache.blob(digest), limit: 9) == [7])
            let file = cache.folder.appending("work/new")
            try AtomicFile.write([7], to: file)
            try cache.take(file, as: digest)
            #expect(try FileStatus.of(file) == nil)
        }
    }

    @Test("remembers how layers lay over each other, and is not misled by other words")
    func driver() throws {
        try Self.withCache { cache in
            #expect(cache.lastDriver == nil)
            try cache.note(.vfs)
            #expect(cache.lastDriver == .vfs)
            try cache.note(.overlay)
            #expect(cache.lastDriver == .overlay)
            try AtomicFile.write(Array("btrfs".utf8), to: cache.folder.appending("driver"))
            #expect(cache.lastDriver == nil)
        }
    }
}

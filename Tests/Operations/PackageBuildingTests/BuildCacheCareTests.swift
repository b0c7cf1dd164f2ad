import BuildPlanning
import ContainerBuilds
import ImageModel
import LinuxSystem
import PackageModel
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("Care for the cache of builds")
struct BuildCacheCareTests {
    private static func withCache(_ body: (BuildCache) throws -> Void) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "build-cache-care")
        try body(BuildCache(folder.path))
    }

    /// Keeps a build of one layer, used at a time.
    private static func keep(_ name: String, _ content: [UInt8], in cache: BuildCache, at time: Int64) throws -> Digest
    {
        let layer = try cache.store(content)
        let output = BuildOutput(
            try PackageName(parsing: name), layer: layer, content: layer, size: Int64(content.count), installedSize: 1)
        let record = BuildRecord("\(name) 1", build: BuildInputs(), artefact: BuildInputs(), outputs: [output])
        let key = name.replacing("/", with: "")
        try cache.keep(record, key: key)
        let builds = try DirectoryHandle(root: cache.folder.appending("builds"))
        try builds.setModified(FilePath.Component("\(key).json") ?? ".", time)
        let blobs = try DirectoryHandle(root: cache.folder.appending("blobs/sha256"))
        try blobs.setModified(FilePath.Component(layer.hex) ?? ".", 1)
        return layer
    }

    @Test("lists builds by their last use, which taking one from the cache is, too")
    func uses() throws {
        try Self.withCache { cache in
            _ = try Self.keep("a/new", [1], in: cache, at: 300)
            _ = try Self.keep("a/old", [2], in: cache, at: 200)
            #expect(try cache.builds().map(\.record.identity) == ["a/new 1", "a/old 1"])
            #expect(try cache.builds().map(\.lastUse) == [300, 200])
            _ = try cache.record("aold")
            #expect(try cache.builds().map(\.record.identity) == ["a/old 1", "a/new 1"])
        }
    }

    @Test("counts what buildah keeps below it, whichever way its layers lie")
    func stores() throws {
        try Self.withCache { cache in
            #expect(cache.storeSize.bytes == 0 && cache.storeSize.isWhole)
            for (store, size) in [("store-vfs", 50_000), ("store-overlay", 30_000)] {
                try Folders.make(cache.folder.appending("\(store)/root"))
                let file = cache.folder.appending("\(store)/root/file")
                try AtomicFile.write([UInt8](repeating: 1, count: size), to: file)
            }
            _ = try cache.store([UInt8](repeating: 2, count: 500_000))
            #expect(cache.storeSize.bytes >= 80_000 && cache.storeSize.bytes < 150_000)
        }
    }

    @Test("removes what was used longest ago, with its record and all bases, and lets the rest be")
    func prune() throws {
        try Self.withCache { cache in
            let old = try Self.keep("a/old", [1, 1, 1], in: cache, at: 200)
            let new = try Self.keep("a/new", [2, 2], in: cache, at: 300)
            try Folders.make(cache.folder.appending("bases/x"))
            #expect(try cache.prune(to: 5).removed.isEmpty)
            #expect(try FileStatus.of(cache.folder.appending("bases/x")) != nil)
            let pruning = try cache.prune(to: 4)
            #expect(pruning.removed.map(\.digest) == [old] && pruning.size == 2)
            #expect(try !cache.has(old) && cache.has(new))
            #expect(try cache.builds().map(\.key) == ["anew"])
            #expect(try Folders.names(of: cache.folder.appending("bases")) == [])
            #expect(try cache.prune(to: 4).removed.isEmpty)
        }
    }

    @Test("removes what builds keep in a store by its last use, too")
    func kept() throws {
        try Self.withCache { cache in
            let old = try Self.keep("a/old", [1, 1, 1], in: cache, at: 200)
            let images = KeptImages(BuildStore(in: cache.folder, .vfs))
            let (first, last) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
            try Folders.make(images.store.notes)
            for (key, size) in [(first, "5"), (last, "7")] {
                try AtomicFile.write(Array(size.utf8), to: images.store.note(of: key))
            }
            let notes = try DirectoryHandle(root: images.store.notes)
            for (key, time) in [(first, 100), (last, 300)] {
                try notes.setModified(FilePath.Component(key) ?? ".", Int64(time))
            }
            #expect(
                try images.all().sorted { $0.key < $1.key }.map { [$0.size, $0.lastUse] } == [[5, 100], [7, 300]])
            #expect(try cache.prune(to: 15).removed.isEmpty)
            let pruning = try cache.prune(to: 10)
            #expect(pruning.removed.map(\.digest.hex) == [first] && pruning.size == 10)
            #expect(try images.all().map(\.key) == [last] && cache.has(old))
            // Asking for one is a use of it.
            #expect(try images.has(last) && !images.has(first))
            #expect(try cache.prune(to: 7).removed.map(\.digest) == [old])
            #expect(try images.all().first.map { $0.lastUse > 300 } == true)
        }
    }

    @Test("finds what is damaged, and removes that alone")
    func verify() throws {
        try Self.withCache { cache in
            let good = try Self.keep("a/good", [1], in: cache, at: 1)
            let bad = try Self.keep("a/bad", [2], in: cache, at: 1)
            let (count, none) = try cache.verify()
            #expect(count == 2 && none == [])
            try AtomicFile.write([3], to: cache.blob(bad))
            let (_, damaged) = try cache.verify()
            #expect(damaged == [bad])
            #expect(try cache.has(good) && !cache.has(bad) && cache.builds().map(\.key) == ["agood"])
        }
    }
}

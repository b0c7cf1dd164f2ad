import Cryptography
import Faults
import Foundation
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct RepositoryReaderTests {
    /// A repository with as many publications as there are versions.
    static func published(
        _ fixture: PackageFixture, _ count: Int
    ) throws -> (MemoryRegistry, [RepositoryPublisher.Publication]) {
        let registry = MemoryRegistry()
        var target = MemoryTarget(registry)
        let publications = try (1...count).map { number in
            try fixture.publish([fixture.package("app/tide", "1.\(number)")], to: &target)
        }
        return (registry, publications)
    }

    static func failure<Failure: Error>(_ type: Failure.Type, _ body: () throws -> Void) -> Failure? {
        do { try body() } catch { return error as? Failure }
        return nil
    }

    @Test func `a repository is opened with three requests, and twice as good`() throws {
        let fixture = try PackageFixture()
        let (registry, publications) = try Self.published(fixture, 2)
        var target = MemoryTarget(registry)
        let reader = fixture.reader(memory: "memory")
        let opened = try reader.open(of: PackageFixture.reference, in: &target)
        #expect(opened.known == publications[1].known)
        #expect(opened.signer == "harbour.pub")
        #expect(opened.notes == [])
        #expect(target.traffic.requests == 2)
        #expect(try reader.open(of: PackageFixture.reference, in: &target) == opened)
    }

    @Test func `an index that was published before the last one seen is refused`() throws {
        let fixture = try PackageFixture()
        let (registry, publications) = try Self.published(fixture, 2)
        var target = MemoryTarget(registry)
        var reader = fixture.reader(memory: "memory")
        _ = try reader.open(of: PackageFixture.reference, in: &target)
        registry["index"] = publications[0].known.digest
        let error = Self.failure(RepositoryPlanningError.self) {
            _ = try reader.open(of: PackageFixture.reference, in: &target)
        }
        #expect(error?.kind == .older)
        let publishing = Self.failure(RepositoryPlanningError.self) {
            _ = try fixture.publisher(memory: "memory").publish(
                try PackageFixture.open(try fixture.layout([fixture.package("app/ebb", "1")])), to: &target,
                key: fixture.key)
        }
        #expect(publishing?.kind == .older)
        // Somebody else has not seen the newer one, and a revision that is named may be old.
        _ = try fixture.reader(memory: "other").open(of: PackageFixture.reference, in: &target)
        #expect(try reader.open(.revision(1), of: PackageFixture.reference, in: &target).known.index.revision == 1)
        reader.forgets = true
        _ = try reader.open(of: PackageFixture.reference, in: &target)
        reader.forgets = false
        #expect(try reader.open(of: PackageFixture.reference, in: &target).known.index.revision == 1)
    }

    @Test func `an index whose history leaves out the last one seen is refused`() throws {
        let fixture = try PackageFixture()
        let (registry, _) = try Self.published(fixture, 1)
        var target = MemoryTarget(registry)
        let reader = fixture.reader(memory: "memory")
        let start = registry["index"]
        try fixture.publish([fixture.package("app/tide", "2")], to: &target)
        _ = try reader.open(of: PackageFixture.reference, in: &target)
        // The key's owner goes back and on from there.
        registry["index"] = start
        registry["index-2"] = nil
        for number in 3...4 { try fixture.publish([fixture.package("app/tide", "\(number)")], to: &target) }
        let error = Self.failure(RepositoryPlanningError.self) {
            _ = try reader.open(of: PackageFixture.reference, in: &target)
        }
        #expect(error?.kind == .history)
        #expect(error?.cause.contains("revision 2 was seen before") == true)
    }

    @Test func `a history that was pruned is noted, not refused`() throws {
        let fixture = try PackageFixture()
        let (registry, publications) = try Self.published(fixture, 1)
        var target = MemoryTarget(registry)
        let reader = fixture.reader(memory: "memory")
        _ = try reader.open(of: PackageFixture.reference, in: &target)
        for number in 2...4 { try fixture.publish([fixture.package("app/tide", "1.\(number)")], to: &target) }
        for revision in 1...3 {
            try target.remove(manifest: registry["index-\(revision)"] ?? publications[0].known.digest)
        }
        let opened = try reader.open(of: PackageFixture.reference, in: &target)
        #expect(opened.known.index.revision == 4)
        #expect(opened.notes.count == 1)
    }

    @Test func `an index that has expired is refused, but for one that is named`() throws {
        let fixture = try PackageFixture()
        let (registry, publications) = try Self.published(fixture, 1)
        var target = MemoryTarget(registry)
        for (day, isGood) in [(Int64(29), true), (30, false)] {
            let error = Self.failure(RepositoryPlanningError.self) {
                _ = try fixture.reader(day).open(of: PackageFixture.reference, in: &target)
            }
            #expect(error?.kind == (isGood ? nil : .expired))
        }
        let digest = publications[0].known.digest
        _ = try fixture.reader(99).open(.manifest(digest), of: PackageFixture.reference, in: &target)
        // It can be published again.
        try fixture.publish([fixture.package("app/tide", "1.2")], to: &target, day: 40)
        _ = try fixture.reader(41).open(of: PackageFixture.reference, in: &target)
    }

    /// Publishes the newest index again with something changed.
    static func tamper(
        _ registry: MemoryRegistry, _ change: (inout ImageManifest, inout MemoryTarget) throws -> Void
    ) throws {
        var target = MemoryTarget(registry)
        let document = try #require(try target.manifest(tag: "index"))
        var manifest = try ImageManifest(parsing: document)
        try change(&manifest, &target)
        _ = try target.push(manifest: manifest.serialized(), mediaType: MediaType.manifest, tag: "index")
    }

    static func stored(_ bytes: [UInt8], _ mediaType: String, _ target: inout MemoryTarget) throws -> Descriptor {
        let blob = Descriptor(mediaType: mediaType, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
        try target.pushNew(blob, .bytes(bytes))
        return blob
    }

    @Test func `an index of somebody else, or without a signature, is refused before it is decompressed`() throws {
        let fixture = try PackageFixture()
        let (registry, _) = try Self.published(fixture, 1)
        try Self.tamper(registry) { manifest, target in
            manifest.layers[0] = try Self.stored(Array("no zstd".utf8), MediaType.repositoryIndex, &target)
        }
        var target = MemoryTarget(registry)
        func kind() -> PackageRepositoryFault? {
            Self.failure(PackageRepositoryError.self) {
                _ = try fixture.reader().open(of: PackageFixture.reference, in: &target)
            }?.kind
        }
        #expect(kind() == .untrusted)
        try Self.tamper(registry) { manifest, _ in manifest.layers.removeLast() }
        #expect(kind() == .unsigned)
        let (other, _) = try Self.published(PackageFixture(), 1)
        target = MemoryTarget(other)
        #expect(kind() == .untrusted)
    }

    @Test func `a content of the signatures that is not what its digest says does not count`() throws {
        let fixture = try PackageFixture()
        let (registry, _) = try Self.published(fixture, 1)
        try Self.tamper(registry) { manifest, target in
            let good = try #require(manifest.layers[1].content)
            manifest.layers[1] = try Self.stored(Array("forged".utf8), MediaType.signatures, &target)
            manifest.layers[1].content = good
        }
        var target = MemoryTarget(registry)
        let error = Self.failure(PackageRepositoryError.self) {
            _ = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        }
        #expect(error?.kind == .untrusted)
    }

    @Test func `a manifest that says something else of the history than the index is refused`() throws {
        let fixture = try PackageFixture()
        let (registry, _) = try Self.published(fixture, 2)
        try Self.tamper(registry) { manifest, _ in
            manifest.annotations["io.lifeboot.repository.revision"] = "9"
        }
        var target = MemoryTarget(registry)
        let error = Self.failure(PackageRepositoryError.self) {
            _ = try fixture.reader().open(of: PackageFixture.reference, in: &target)
        }
        #expect(error?.kind == .content)
    }

    @Test func `cosign's signature suffices where the other one is lost`() throws {
        let fixture = try PackageFixture()
        let (registry, publications) = try Self.published(fixture, 1)
        var target = MemoryTarget(registry)
        let top = try target.manifest(publications[0].known.digest)
        let check = SignatureCheck(keys: [fixture.trusted])
        #expect(
            try check.verdict(for: top, in: &target, acceptsImageSignature: false) == .signed(key: "harbour.pub"))
    }

    @Test(arguments: ["index-7", "index"]) func `a repository that is not there is said in words`(tag: String) throws {
        let fixture = try PackageFixture()
        var target = MemoryTarget(MemoryRegistry())
        let error = Self.failure(RepositoryPlanningError.self) {
            _ = try fixture.reader().open(
                tag == "index" ? .newest : .revision(7), of: PackageFixture.reference, in: &target)
        }
        #expect(error?.kind == .absent)
        #expect(error?.cause == "it has no tag \(tag)")
    }

    @Test func `the memory's file is the user's, and a damaged one is an error`() throws {
        let fixture = try PackageFixture()
        #expect(
            RepositoryMemoryFile.ofUser { $0 == "HOME" ? "/srv/x" : nil }?.path
                == "/srv/x/.cache/boatyard/repositories.json")
        #expect(
            RepositoryMemoryFile.ofUser { $0 == "HOME" ? "/srv/x" : "/c" }?.path == "/c/boatyard/repositories.json")
        #expect(RepositoryMemoryFile.ofUser { _ in nil } == nil)
        let file = RepositoryMemoryFile(fixture.path("deep/er/repositories.json"))
        try file.change { _ in }
        #expect(try file.read() == RepositoryMemory())
        try Data("x".utf8).write(to: URL(filePath: file.path.string))
        #expect(throws: RepositoryPlanningError.self) { try file.read() }
        #expect(throws: RepositoryPlanningError.self) { try file.change { _ in } }
    }
}

import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing
import TransferPlanning

@testable import ImageFetching

@Suite("Artifact fetch", .timeLimit(.minutes(10)))
struct ArtifactFetchTests {
    /// What an attempt ended with.
    struct Attempt {
        var image: DeployableImage?
        var summary = ArtifactFetch.Summary()
        var error: (any Error)?
        var received = 0
        var streams = 0
        var rootReceived = 0
    }

    /// Fetches an image once from a fresh source.
    static func fetch(
        _ fixture: ImageFixture, into staging: FilePath, locals: [FilePath] = [], policy: FullDownloadPolicy = .allow,
        faults: FakeBlobSource.Faults = .init(), pieceLength: Int = 5_000,
        observer: (TransferProgress) throws -> Void = { _ in }
    ) throws -> Attempt {
        var source = FakeBlobSource()
        source.pieceLength = pieceLength
        let artifact = try fixture.publish(in: &source)
        source.faults = faults
        var attempt = Attempt()
        do {
            let documents = try ImageDocuments.read(artifact, folders: [staging], from: &source) { _, _ in }
            let fetch = ArtifactFetch(documents, locals: locals, policy: policy)
            (attempt.image, attempt.summary) = try fetch.run(into: staging, from: &source, observer: observer)
        } catch { attempt.error = error }
        attempt.received = source.traffic.bytesReceived
        attempt.streams = source.streams
        attempt.rootReceived = source.delivered[fixture.manifest.root.sha256] ?? 0
        return attempt
    }

    /// The most that a source gives behind the byte at which a stream is ended.
    private static let piece = 5_000

    @Test("without a local image all of it but the hash tree is fetched once and verified")
    func whole() throws {
        let folder = try TestFolder()
        let staging = folder.path.appending("images/.staging")
        let fixture = try ImageFixture.update.get()
        let attempt = try Self.fetch(fixture, into: staging)
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect((0...Self.piece).contains(attempt.received - fixture.size + fixture.treeSize))
        #expect(try attempt.image?.id == fixture.id)
        try fixture.expectWhole(in: staging)
    }

    @Test("only what no local image has is fetched", arguments: [true, false])
    func delta(hasLocalIndex: Bool) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        if !hasLocalIndex { try FileManager.default.removeItem(atPath: local.appending("root.chunks").string) }
        let fixture = try ImageFixture.update.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: [folder.path.appending("none"), local])
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect(attempt.rootReceived < fixture.manifest.root.size / 6)
        #expect(attempt.summary.copied > fixture.manifest.root.size / 6 * 5)
        #expect(attempt.received <= attempt.rootReceived + 2_500_000 + fixture.smallSize)
        try fixture.expectWhole(in: staging)
    }

    @Test("an image that is here already is copied, and only its documents are fetched")
    func nothing() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        let fixture = try ImageFixture.update.get()
        try fixture.write(to: local)
        let attempt = try Self.fetch(fixture, into: staging, locals: [local])
        #expect(attempt.error == nil)
        #expect(attempt.received <= fixture.smallSize)
        try fixture.expectWhole(in: staging)
    }

    @Test("a chunk that is rotten in the local image is fetched")
    func rotten() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        var installed = try ImageFixture.installed.get()
        for place in [100, 1_500_000, 4_000_000] { installed.files[.root]?[place] ^= 1 }
        installed.files[.kernel]?[5] ^= 1
        try installed.write(to: local)
        let fixture = try ImageFixture.update.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: [local])
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect(attempt.rootReceived < fixture.manifest.root.size / 4)
        try fixture.expectWhole(in: staging)
    }

    @Test("an image with nothing in common is fetched in one stream")
    func mostlyMissing() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.foreign.get().write(to: local)
        let fixture = try ImageFixture.update.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: [local])
        #expect(attempt.error == nil)
        #expect((0...Self.piece).contains(attempt.received - fixture.size + fixture.treeSize))
        try fixture.expectWhole(in: staging)
    }

    @Test("an image without an index is fetched whole")
    func plain() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        let fixture = try ImageFixture.plain.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: [local])
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect(attempt.rootReceived == fixture.manifest.root.size)
        try fixture.expectWhole(in: staging)
    }

    @Test(
        "a source that stops giving ranges never costs more than the whole",
        arguments: [0, 1, 50_000, 120_000, 200_000])
    func rangesEnd(after bytes: Int) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        let fixture = try ImageFixture.update.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: [local], faults: .init(endsRangesAfter: bytes))
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect(attempt.rootReceived <= fixture.manifest.root.size)
        try fixture.expectWhole(in: staging)
    }

    @Test("a hash tree that does not come out as the source has it is fetched after all", arguments: [true, false])
    func oddTree(hasLocal: Bool) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        let fixture = try ImageFixture.odd.get()
        let attempt = try Self.fetch(fixture, into: staging, locals: hasLocal ? [local] : [])
        #expect(attempt.error == nil, "\(String(describing: attempt.error))")
        #expect(attempt.rootReceived >= 4_096)
        #expect(attempt.rootReceived <= fixture.manifest.root.size + Self.piece)
        try fixture.expectWhole(in: staging)
    }

    @Test("data without the signed root hash is refused, whatever its digests say")
    func otherRootHash() throws {
        let folder = try TestFolder()
        var fixture = try ImageFixture.update.get()
        fixture.manifest.root.verity.rootHash[0] ^= 1
        fixture.files[.manifest] = fixture.manifest.serialized()
        let attempt = try Self.fetch(fixture, into: folder.path.appending("staging"))
        let error = try #require(attempt.error as? FetchError)
        #expect("\(error)".contains("signed verity root hash"), "\(error)")
    }

    @Test("bytes that the disk does not give back are found, and the next attempt fetches their chunk alone")
    func rottenDisk() throws {
        let folder = try TestFolder()
        let staging = folder.path.appending("staging")
        let fixture = try ImageFixture.update.get()
        let first = try Self.fetch(fixture, into: staging) { progress in
            guard progress.activity == "making the hash tree" else { return }
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: staging.appending("root.squashfs").string))
            try file.seek(toOffset: 3_000_000)
            try file.write(contentsOf: Data([1, 2, 3, 4, 5, 6, 7, 8]))
            try file.close()
        }
        #expect((first.error as? FetchError)?.kind == .corrupted, "\(String(describing: first.error))")
        let second = try Self.fetch(fixture, into: staging)
        #expect(second.error == nil, "\(String(describing: second.error))")
        #expect((1...(140 << 10)).contains(second.received))
        try fixture.expectWhole(in: staging)
    }

    @Test("a policy forbids the whole download, however it comes about", arguments: [0, 1, 2])
    func forbidden(way: Int) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try (way == 0 ? ImageFixture.foreign : ImageFixture.installed).get().write(to: local)
        let fixture = try (way == 1 ? ImageFixture.plain : ImageFixture.update).get()
        let faults = FakeBlobSource.Faults(endsRangesAfter: way == 2 ? 0 : nil)
        let attempt = try Self.fetch(fixture, into: staging, locals: [local], policy: .refuse, faults: faults)
        let error = try #require(attempt.error as? FetchError)
        #expect(error.kind == .fullDownloadForbidden)
        #expect(attempt.rootReceived == 0)
    }

    @Test("a signature that is not accepted ends it before anything is written")
    func untrusted() throws {
        struct Refused: Error {}
        var source = FakeBlobSource()
        let artifact = try ImageFixture.update.get().publish(in: &source)
        #expect(throws: Refused.self) {
            _ = try ImageDocuments.read(artifact, from: &source) { _, signature in
                #expect(signature == Array("signature".utf8))
                throw Refused()
            }
        }
    }

    @Test("a full disk is told before anything is fetched, with what is needed and what is free")
    func space() throws {
        let folder = try TestFolder()
        var fixture = try ImageFixture.update.get()
        fixture.manifest.root.size = 1 << 50
        fixture.manifest.chunks = nil
        fixture.files[.manifest] = fixture.manifest.serialized()
        var source = FakeBlobSource()
        var artifact = try fixture.publish(in: &source)
        artifact.files[.root]?.size = 1 << 50
        let documents = try ImageDocuments.read(artifact, from: &source) { _, _ in }
        let before = source.traffic.bytesReceived
        do {
            _ = try ArtifactFetch(documents).run(into: folder.path.appending("s"), from: &source) { _ in }
            Issue.record("accepted")
        } catch let error as FetchError {
            guard case .noSpace(let needed, let free) = error.kind else { throw error }
            #expect(needed > 1 << 50 && free > 0 && free < needed)
        }
        #expect(source.traffic.bytesReceived == before)
    }

    @Test("the cost is known beforehand")
    func estimate() throws {
        let folder = try TestFolder()
        let local = folder.path.appending("local")
        try ImageFixture.installed.get().write(to: local)
        let fixture = try ImageFixture.update.get()
        var source = FakeBlobSource()
        let artifact = try fixture.publish(in: &source)
        let documents = try ImageDocuments.read(artifact, from: &source) { _, _ in }
        let (sum, plan) = try ArtifactFetch(documents, locals: [local]).estimate(from: &source)
        #expect(sum.bytes == plan.estimate.bytes + 2_500_000)
        let attempt = try Self.fetch(fixture, into: folder.path.appending("staging"), locals: [local])
        #expect(attempt.rootReceived == plan.estimate.bytes)
    }
}

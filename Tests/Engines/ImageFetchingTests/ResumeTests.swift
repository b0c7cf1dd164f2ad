import Faults
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SeededNumbers
import SystemPackage
import Testing
import TransferPlanning

@testable import ImageFetching

@Suite("Resuming", .timeLimit(.minutes(10)))
struct ResumeTests {
    struct Cancelled: Error {}

    /// A staging folder and a local image.
    static func folders(_ body: (_ staging: FilePath, _ local: FilePath) throws -> Void) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        try body(staging, local)
    }

    @Test(
        "a transfer that breaks again and again fetches no byte twice",
        arguments: [(true, false), (false, false), (false, true)])
    func breaks(hasLocal: Bool, isPlain: Bool) throws {
        try Self.folders { staging, local in
            let fixture = try (isPlain ? ImageFixture.plain : ImageFixture.update).get()
            let locals = hasLocal ? [local] : []
            let alone = try Self.alone(fixture, locals)
            var (received, attempts) = (0, 0)
            while attempts < 100 {
                attempts += 1
                let attempt = try ArtifactFetchTests.fetch(
                    fixture, into: staging, locals: locals, faults: .init(breaksAfter: 300_000))
                received += attempt.received
                if attempt.error == nil { break }
                #expect(attempt.error is FakeBlobSource.Broken, "\(String(describing: attempt.error))")
            }
            #expect(attempts > 5)
            // The documents are small enough to come again until they lie in the folder.
            #expect(received <= alone + fixture.smallSize)
            try fixture.expectWhole(in: staging)
        }
    }

    private static func alone(_ fixture: ImageFixture, _ locals: [FilePath]) throws -> Int {
        let folder = try TestFolder()
        return try ArtifactFetchTests.fetch(fixture, into: folder.path.appending("s"), locals: locals).received
    }

    @Test(
        "a cut at any record of the journal, or inside it, costs at most 1 MiB at 2.5 MB a second",
        arguments: [true, false])
    func cuts(hasLocal: Bool) throws {
        try Self.folders { staging, local in
            let fixture = try ImageFixture.update.get()
            let locals = hasLocal ? [local] : []
            let cuts = try Self.record(fixture, staging, locals)
            #expect(cuts.count > 4)
            for cut in cuts {
                for torn in cut.file == 0 ? [0, 17, Int.max] : [0, 17] {
                    let folder = try TestFolder()
                    let copy = folder.path.appending("staging")
                    try FileManager.default.copyItem(atPath: cut.folder.string, toPath: copy.string)
                    if torn > 0 { try Self.tear(copy, torn) }
                    let attempt = try ArtifactFetchTests.fetch(fixture, into: copy, locals: locals)
                    #expect(attempt.error == nil, "\(String(describing: attempt.error))")
                    let again = cut.received + attempt.received - cut.whole
                    #expect(again <= 1 << 20, "\(cut.received) \(torn)")
                    try fixture.expectWhole(in: copy)
                }
            }
        }
    }

    /// The staging folder as it was at one moment.
    struct Cut {
        var folder: FilePath
        var received: Int
        var whole: Int
        var file: UInt8
    }

    /// Fetches an image and copies the folder whenever the journal has grown, as a cut at this moment would leave it.
    private static func record(_ fixture: ImageFixture, _ staging: FilePath, _ locals: [FilePath]) throws -> [Cut] {
        var source = FakeBlobSource()
        let artifact = try fixture.publish(in: &source)
        let documents = try ImageDocuments.read(artifact, from: &source) { _, _ in }
        source.bytesPerSecond = 2_500_000
        var cuts: [Cut] = []
        var seen = 0
        let meter = source.meter
        _ = try ArtifactFetch(documents, locals: locals).run(into: staging, from: &source) { progress in
            let path = staging.appending(FetchJournal.name)
            guard progress.activity.hasPrefix("fetching"),
                let bytes = FileManager.default.contents(atPath: path.string),
                let (_, records) = try JournalCodec.read([UInt8](bytes), source: artifact.source), records.count > seen
            else { return }
            seen = records.count
            let folder = staging.removingLastComponent().appending("cut-\(seen)")
            try FileManager.default.copyItem(atPath: staging.string, toPath: folder.string)
            try Self.forget(records, in: folder)
            cuts.append(Cut(folder: folder, received: meter.received, whole: 0, file: records.last?.file ?? 0))
        }
        for index in cuts.indices { cuts[index].whole = source.traffic.bytesReceived }
        return cuts
    }

    /// Overwrites what the journal does not state: it need not have reached the disk.
    private static func forget(_ records: [JournalRecord], in folder: FilePath) throws {
        for (number, name) in ["root.squashfs", "vmlinuz", "initrd.img"].enumerated() {
            let url = URL(fileURLWithPath: folder.appending(name).string)
            var bytes = try Data(contentsOf: url)
            let kept = ByteRanges(records.filter { Int($0.file) == number }.map(\.range))
            for range in kept.missing(in: 0..<bytes.count) {
                bytes.replaceSubrange(range, with: repeatElement(0xEE, count: range.count))
            }
            try bytes.write(to: url)
        }
    }

    /// Makes the last record of the journal one that was not written to its end; or all, because once kernel and initramfs
    /// are complete nothing but what is under way depends on them.
    private static func tear(_ folder: FilePath, _ count: Int) throws {
        let path = folder.appending(FetchJournal.name)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.string)))
        var end = JournalCodec.headerLength
        while end + 32 <= bytes.count, bytes[end] != 0 { end += JournalCodec.recordLength }
        for index in max(JournalCodec.headerLength, end - min(end, count))..<end { bytes[index] = 0 }
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
    }

    @Test("a cancelled fetch goes on where it stopped")
    func cancellation() throws {
        try Self.folders { staging, local in
            let fixture = try ImageFixture.update.get()
            var received = 0
            for _ in 0..<3 {
                var pieces = 0
                let attempt = try ArtifactFetchTests.fetch(fixture, into: staging, locals: [local]) { progress in
                    if progress.activity.hasPrefix("fetching") { pieces += 1 }
                    if pieces == 60 { throw Cancelled() }
                }
                #expect(attempt.error is Cancelled)
                received += attempt.received
            }
            let last = try ArtifactFetchTests.fetch(fixture, into: staging, locals: [local])
            #expect(last.error == nil)
            #expect(try received + last.received <= Self.alone(fixture, [local]) + fixture.smallSize)
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("without its journal a folder is verified and nothing in it is fetched again")
    func journalLost() throws {
        try Self.folders { staging, _ in
            let fixture = try ImageFixture.update.get()
            let first = try ArtifactFetchTests.fetch(fixture, into: staging)
            #expect(first.error == nil)
            let second = try ArtifactFetchTests.fetch(fixture, into: staging)
            #expect(second.error == nil)
            #expect(second.received == 0)
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("a journal of another source counts for nothing")
    func otherSource() throws {
        try Self.folders { staging, local in
            let other = try ImageFixture.foreign.get()
            _ = try ArtifactFetchTests.fetch(other, into: staging, faults: .init(breaksAfter: 3_000_000))
            let fixture = try ImageFixture.update.get()
            let attempt = try ArtifactFetchTests.fetch(fixture, into: staging, locals: [local])
            #expect(attempt.error == nil, "\(String(describing: attempt.error))")
            try fixture.expectWhole(in: staging)
        }
    }
}

@Suite("A source that lies", .timeLimit(.minutes(10)))
struct LyingSourceTests {
    @Test("wrong bytes are found at once, and the next attempt is whole", arguments: [true, false])
    func wrong(hasLocal: Bool) throws {
        try ResumeTests.folders { staging, local in
            let fixture = try ImageFixture.update.get()
            let locals = hasLocal ? [local] : []
            let faults = FakeBlobSource.Faults(wrong: [2_150_000])
            let attempt = try ArtifactFetchTests.fetch(fixture, into: staging, locals: locals, faults: faults)
            #expect((attempt.error as? FetchError)?.kind == .corrupted, "\(String(describing: attempt.error))")
            let second = try ArtifactFetchTests.fetch(fixture, into: staging, locals: locals)
            #expect(second.error == nil, "\(String(describing: second.error))")
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("what came with wrong bytes in one piece is looked at by the next attempt, zeros as well")
    func wrongInOnePiece() throws {
        try ResumeTests.folders { staging, _ in
            var random = SeededGenerator(seed: 5)
            let data = random.bytes(1 << 20) + [UInt8](repeating: 0, count: 2 << 20) + random.bytes(1 << 20)
            let fixture = try ImageFixture(data: data)
            let attempt = try ArtifactFetchTests.fetch(
                fixture, into: staging, faults: .init(wrong: [10]), pieceLength: 8 << 20)
            #expect((attempt.error as? FetchError)?.kind == .corrupted, "\(String(describing: attempt.error))")
            let second = try ArtifactFetchTests.fetch(fixture, into: staging)
            #expect(second.error == nil, "\(String(describing: second.error))")
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("a blob that ends too early is an error")
    func truncated() throws {
        try ResumeTests.folders { staging, _ in
            let fixture = try ImageFixture.update.get()
            let attempt = try ArtifactFetchTests.fetch(fixture, into: staging, faults: .init(truncatedBy: 1))
            #expect((attempt.error as? FetchError)?.kind == .corrupted)
        }
    }
}

import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("Sources without a network")
struct LocalSourceTests {
    @Test("an image directory is an artifact whose blobs are its files")
    func directory() throws {
        let fixture = try SourceFixture()
        let manifest = try fixture.image("image", key: SigningKey())
        var source = try fixture.open("dir:%/image")
        let top = try source.resolve()
        #expect(try SHA256Hasher.digest(of: top.bytes) == top.digest)
        let files = try ArtifactFiles(try ImageManifest(parsing: top))
        #expect(try source.bytes(files.manifest) == manifest.serialized())
        #expect(files.files.count == 5)
        for (file, blob) in files.files {
            let expected = try Data(
                contentsOf: URL(fileURLWithPath: fixture.folder.appending("image/\(file.rawValue)").string))
            #expect(try source.bytes(blob) == Array(expected), "\(file)")
            #expect(try source.bytes(blob, from: blob.size - 2) == Array(expected.suffix(2)))
            #expect(try source.bytes(blob, from: blob.size) == [])
        }
        #expect(source.traffic == Traffic())
    }

    @Test("equal image directories give equal artifacts")
    func reproducible() throws {
        let fixture = try SourceFixture()
        try fixture.image("a", key: SigningKey())
        try fixture.run("cp -r a b && touch -d 2001-01-01 b/*")
        var first = try fixture.open("dir:%/a")
        var second = try fixture.open("%/b")
        #expect(try first.resolve() == second.resolve())
    }

    @Test("ranges come at their places")
    func ranges() throws {
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey(), rootSize: 3 << 20)
        var source = try fixture.open("dir:%/image")
        let files = try ArtifactFiles(try ImageManifest(parsing: try source.resolve()))
        let root = try #require(files.files[.root])
        let whole = try source.bytes(root)
        var copy = [UInt8](repeating: 0, count: root.size)
        let ranges = [0..<1, 1_000..<2_000_000, (root.size - 5)..<root.size]
        let answer = try source.read(root, ranges: ranges) { offset, bytes in
            for index in bytes.indices { copy[offset + index] = bytes[index] }
        }
        #expect(answer == .complete)
        for range in ranges { #expect(copy[range] == whole[range]) }
        #expect(copy[1..<1_000].allSatisfy { $0 == 0 })
    }

    @Test(
        "an incomplete or damaged image directory is refused",
        arguments: [
            ("rm image/vmlinuz", "vmlinuz is missing"), ("rm image/manifest.json", "neither"),
            ("truncate -s 5 image/initrd.img", "the manifest says 6"), ("echo > image/manifest.json", "manifest.json"),
        ])
    func incomplete(script: String, cause: String) throws {
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey())
        try fixture.run(script)
        let error = #expect(throws: (any Error).self) { _ = try fixture.open("file:%/image") }
        #expect(error.map { "\($0)" }?.contains(cause) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test("a changed file is found when it is streamed from its start")
    func changed() throws {
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey())
        try fixture.run("printf x | dd of=image/root.squashfs bs=1 seek=5000 conv=notrunc status=none")
        var source = try fixture.open("dir:%/image")
        let files = try ArtifactFiles(try ImageManifest(parsing: try source.resolve()))
        let root = try #require(files.files[.root])
        let error = #expect(throws: RegistryError.self) { try source.bytes(root) }
        #expect(error?.kind == .corrupted)
    }

    @Test("an error of the sink ends the transfer and comes through")
    func cancelled() throws {
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey(), rootSize: 3 << 20)
        var source = try fixture.open("dir:%/image")
        let root = try #require(try ArtifactFiles(try ImageManifest(parsing: try source.resolve())).files[.root])
        var pieces = 0
        #expect(throws: Nothing.self) {
            try source.read(root, from: 0) { _ in
                pieces += 1
                throw Nothing()
            }
        }
        #expect(pieces == 1)
    }

    @Test(
        "what is not there or holds no image is refused with a remedy",
        arguments: [
            ("file:%/nothing", RegistryFault.notFound), ("oci:r.example/os:1", .notFound),
            ("file:%/empty", .local), ("oci:%/empty", .local),
            ("dir:%/empty", .local), ("file:%/text", .local), ("oci-archive:%/text", .local),
            ("file:%/gz", .local), ("iso:%/text", .corrupted), ("oci-archive:%/other.tar", .local),
        ])
    func refused(reference: String, kind: RegistryFault) throws {
        let fixture = try SourceFixture()
        try fixture.run("mkdir empty; seq 9999 > text; gzip -k text; mv text.gz gz; tar cf other.tar text")
        let error = #expect(throws: RegistryError.self) { _ = try fixture.open(reference) }
        #expect(error?.kind == kind, "\(error.map { "\($0)" } ?? "")")
    }
}

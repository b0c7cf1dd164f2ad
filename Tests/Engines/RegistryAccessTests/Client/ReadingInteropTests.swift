import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

/// Whatever machines read, from every program that they may read it from.
@Suite("Reading from real registries", .timeLimit(.minutes(5)))
struct ReadingInteropTests {
    /// A registry with the manifest `latest` of one blob, and its client.
    private static func registry(
        _ program: FilledRegistry.Program, _ content: [UInt8], _ more: (inout LayoutTarget) throws -> Void = { _ in }
    ) throws -> FilledRegistry {
        try FilledRegistry(program) { path in
            var target = try LayoutTarget(.init(FilePath(path)))
            let config = try Self.blob(Array("{}".utf8), MediaType.empty)
            _ = try target.push(config, .bytes(Array("{}".utf8)))
            let layer = try Self.blob(content, "application/vnd.oci.image.layer.v1.tar")
            _ = try target.push(layer, .bytes(content))
            let manifest = ImageManifest(artifactType: MediaType.image, config: config, layers: [layer])
            _ = try target.push(manifest: manifest.serialized(), mediaType: MediaType.manifest, tag: "latest")
            try more(&target)
        }
    }

    private static func blob(_ content: [UInt8], _ type: String) throws -> Descriptor {
        Descriptor(mediaType: type, digest: try SHA256Hasher.digest(of: content), size: content.count)
    }

    @Test(
        "gives documents by tag and digest, and says of what is absent that it is",
        arguments: FilledRegistry.Program.present)
    func documents(program: FilledRegistry.Program) throws {
        let content = bytes(300_000)
        let registry = try Self.registry(program, content)
        var client = try Self.client(registry.host)
        let document = try client.resolve()
        #expect(document.mediaType == MediaType.manifest)
        #expect(try client.manifest(document.digest) == document)
        let manifest = try ImageManifest(parsing: document)
        #expect(manifest.artifactType == MediaType.image)
        let blob = try #require(manifest.layers.first)
        #expect(try client.bytes(of: blob) == content && client.hasBlob(blob))
        #expect(try client.tags() == ["latest"])
        #expect(try client.manifest(tag: "absent") == nil)
        #expect(try !client.hasBlob(Self.blob([1], "a/b")))
        #expect(failure { _ = try client.bytes(of: Self.blob([1], "a/b")) }?.kind == .notFound)
        var absent = try Self.client(registry.host, tag: "absent")
        #expect(failure { _ = try absent.resolve() }?.kind == .notFound)
    }

    @Test("gives the rest and many ranges of a blob, each for a request", arguments: FilledRegistry.Program.present)
    func ranges(program: FilledRegistry.Program) throws {
        let content = bytes(2_000_000)
        let registry = try Self.registry(program, content)
        var client = try Self.client(registry.host)
        let blob = try descriptor(content)
        var rest: [UInt8] = []
        try client.read(blob, from: 1_999_990) { bytes in for index in bytes.indices { rest.append(bytes[index]) } }
        #expect(rest == Array(content.suffix(10)))

        let ranges = (0..<40).map { $0 * 50_000..<$0 * 50_000 + 1 + $0 * 1_000 }
        let before = client.traffic
        var pieces = [UInt8?](repeating: nil, count: content.count)
        let answer = try client.read(blob, ranges: ranges) { offset, bytes in
            for index in bytes.indices { pieces[offset + index] = bytes[index] }
        }
        #expect(answer == .complete)
        for range in ranges { #expect(pieces[range].elementsEqual(content[range].map { Optional($0) })) }
        #expect(pieces.count { $0 != nil } == ranges.reduce(0) { $0 + $1.count })
        #expect(client.traffic.requests - before.requests == 40)
        #expect(client.traffic.bytesReceived - before.bytesReceived == ranges.reduce(0) { $0 + $1.count })
    }

    @Test("has what rotted in the registry noticed", arguments: FilledRegistry.Program.present)
    func rotten(program: FilledRegistry.Program) throws {
        let content = bytes(100_000)
        let registry = try Self.registry(program, content)
        var client = try Self.client(registry.host)
        let blob = try descriptor(content)
        try Data(bytes(100_000, seed: 3)).write(to: registry.blob(blob.digest.hex))
        var received = 0
        #expect(failure { try client.read(blob, from: 0) { received += $0.count } }?.kind == .corrupted)
        #expect(received == 100_000)
    }

    @Test("gives signatures in both forms, each of which suffices", arguments: FilledRegistry.Program.present)
    func signatures(program: FilledRegistry.Program) throws {
        let key = try SigningKey()
        let registry = try Self.registry(program, bytes(1_000)) { target in
            var signed = try LayoutTarget(.init(target.folder, tag: "latest"))
            _ = try signed.sign(try signed.resolve(), named: "r.example/os", with: key)
        }
        var client = try Self.client(registry.host)
        let document = try client.resolve()
        let own = SignatureCheck(keys: [TrustedKey(name: "k", key: try key.publicKey())])
        #expect(try own.taggedVerdict(document, in: &client) == .signed(key: "k"))
        #expect(try own.referringVerdict(document, in: &client) == .signed(key: "k"))
        let foreign = SignatureCheck(keys: [TrustedKey(name: "o", key: try SigningKey().publicKey())])
        guard case .untrusted = try foreign.taggedVerdict(document, in: &client) else {
            Issue.record("a key that signed nothing is believed")
            return
        }
    }

    private static func client(_ host: String, tag: String? = "latest") throws -> RegistryClient {
        try RegistryAccessTests.client(host, tag: tag)
    }
}

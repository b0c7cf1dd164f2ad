import Cryptography
import Faults
import Foundation
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import Transactions

@Suite("Following a channel")
struct ChannelFollowingTests {
    let folder: TestFolder
    let document: ChannelDocument

    init() throws {
        folder = try TestFolder()
        let digest = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        document = ChannelDocument(
            name: "stable", issued: try #require(UTCTime("2026-11-01T00:00:00Z")),
            expires: try #require(UTCTime("2027-11-01T00:00:00Z")),
            releases: [ChannelRelease(version: "2.0", sequence: 2, digest: digest)])
    }

    private func blob(_ bytes: [UInt8], _ type: String, title: String? = nil) throws -> Descriptor {
        let digest = try SHA256Hasher.digest(of: bytes)
        let url = URL(fileURLWithPath: folder.path.appending("blobs/sha256/\(digest.hex)").string)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        var descriptor = Descriptor(mediaType: type, digest: digest, size: bytes.count)
        if let title { descriptor.annotations[MediaType.title] = title }
        return descriptor
    }

    /// Writes an OCI layout with the channel, signed by a key when one is given.
    private func write(signature: [UInt8]?, artifactType: String = MediaType.channel) throws {
        var layers = [try blob(document.serialized(), MediaType.channelDocument, title: "channel.json")]
        if let signature { layers.append(try blob(signature, MediaType.signatures, title: "channel.sig")) }
        var manifest = ImageManifest(
            config: try blob(Array("{}".utf8), "application/vnd.oci.empty.v1+json"), layers: layers)
        manifest.artifactType = artifactType
        var entry = try blob(manifest.serialized(), MediaType.manifest)
        entry.annotations["org.opencontainers.image.ref.name"] = "stable"
        let index = ImageIndex(manifests: [entry]).serialized()
        try folder.write(String(decoding: index, as: UTF8.self), to: "index.json")
        try folder.write("{\"imageLayoutVersion\":\"1.0.0\"}", to: "oci-layout")
    }

    private func read(_ keys: [TrustedKey], allowsUnsigned: Bool = false) throws -> FollowedChannel {
        let reference = SourceReference.layout(.init(folder.path, tag: "stable"))
        let source = try AnySource(opening: reference, RegistryConfiguration())
        return try ChannelFollowing.read(reference, source, keys: keys, allowsUnsigned: allowsUnsigned)
    }

    private func kind(_ keys: [TrustedKey]) -> RefusalKind? {
        do {
            _ = try read(keys)
            return nil
        } catch { return RefusalKind(error) }
    }

    @Test("a channel signed by a trusted key is followed by digest")
    func signed() throws {
        let key = try SigningKey()
        try write(signature: SignatureFile(signatures: [try key.sign(document.serialized())]).serialized())
        let channel = try read([TrustedKey(name: "vendor.pem", key: try key.publicKey())])
        #expect(channel.isSigned && channel.document.releases == document.releases)
        let release = try #require(channel.document.releases.first)
        #expect(try channel.image(of: release).description == "oci:\(folder.path)@\(release.digest.registryText)")
        var elsewhere = release
        elsewhere.reference = "oci://r.example/os"
        #expect(try channel.image(of: elsewhere).description == "oci://r.example/os@\(release.digest.registryText)")
        elsewhere.reference = "./os"
        #expect(try channel.image(of: elsewhere) == channel.image(of: release), "a layout is one repository")
    }

    @Test("a place beside the channel is in the registry that the channel was read from, whatever that is called")
    func mirrored() throws {
        var release = try #require(document.releases.first)
        for registry in ["registry.example", "mirror.example:5000"] {
            let channel = FollowedChannel(
                reference: try SourceReference(parsing: "oci://\(registry)/os/channel:stable"), document: document,
                isSigned: true, trust: "")
            release.reference = "../os"
            let image = "oci://\(registry)/os@\(release.digest.registryText)"
            #expect(try channel.image(of: release).description == image)
            release.reference = "../../os"
            #expect(throws: RegistryModelError.self) { try channel.image(of: release) }
            release.reference = nil
            #expect(try channel.image(of: release).description.hasPrefix("oci://\(registry)/os/channel@") == true)
        }
    }

    @Test("a channel without a signature, or with a foreign one, is refused unless the policy accepts it")
    func unsigned() throws {
        let key = try SigningKey()
        let keys = [TrustedKey(name: "vendor.pem", key: try SigningKey().publicKey())]
        try write(signature: nil)
        #expect(kind(keys) == .unsigned)
        #expect(try read(keys, allowsUnsigned: true).isSigned == false)
        try write(signature: SignatureFile(signatures: [try key.sign(document.serialized())]).serialized())
        #expect(kind(keys) == .untrusted)
    }

    @Test("something else than a channel is refused")
    func foreign() throws {
        try write(signature: nil, artifactType: MediaType.image)
        #expect(kind([]) == .notFound)
    }

    @Test("what was seen is kept, and a damaged record is not taken for none")
    func record() throws {
        let reference = SourceReference.layout(.init(folder.path, tag: "stable"))
        let channel = FollowedChannel(reference: reference, document: document, isSigned: true, trust: "")
        let root = folder.path.appending("state")
        #expect(try ChannelRecord.read(at: root).issued.isEmpty)
        try ChannelRecord.note(channel, at: root)
        #expect(try ChannelRecord.read(at: root).issued == [reference.description: document.issued])
        try folder.write("{", to: "state/lifeboot/channel.json")
        #expect(throws: Refusal.self) { try ChannelRecord.read(at: root) }
    }
}

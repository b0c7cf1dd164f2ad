import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("Signatures of images")
struct SignatureCheckTests {
    /// What a signature may be made wrong.
    enum Fault: CaseIterable, Sendable {
        case none, foreignKey, otherImage, changedPayload, noAnnotation, notBase64, otherType, noSignatures, noTag
        case malformedList, payloadTooLong, malformedPayload, truncatedSignature
    }

    /// Adds the signatures of a document to a layout as cosign would.
    static func sign(
        _ writer: inout LayoutWriter, _ image: Descriptor, _ key: borrowing SigningKey, _ fault: Fault = .none,
        after others: [Descriptor] = []
    ) throws -> [Descriptor] {
        let foreign = try SigningKey()
        let statement = SimpleSigning(
            digest: fault == .otherImage ? try SHA256Hasher.digest(of: []) : image.digest, reference: "r.example/os")
        var payload = fault == .malformedPayload ? Array("{}".utf8) : statement.serialized()
        if fault == .payloadTooLong { payload = [UInt8](repeating: 0x20, count: 70_000) + payload }
        var signature = try fault == .foreignKey ? foreign.sign(payload) : key.sign(payload)
        if fault == .truncatedSignature { signature.removeLast() }
        if fault == .changedPayload { payload[payload.count - 2] = 0x20 }
        var layer = try writer.blob(payload, fault == .otherType ? "text/plain" : MediaType.simpleSigning)
        let text = fault == .notBase64 ? "!" : Base64.encode(signature)
        if fault != .noAnnotation { layer.annotations[SimpleSigning.annotation] = text }
        let config = try writer.blob(Array("{}".utf8), MediaType.containerConfig)
        let layers = fault == .noSignatures ? [] : others + [layer]
        let list = ImageManifest(config: config, layers: layers).serialized()
        _ = try writer.document(
            fault == .malformedList ? Array("{}".utf8) : list, MediaType.manifest,
            named: fault == .noTag ? "x" : SimpleSigning.tag(of: image.digest))
        return layers
    }

    static func verdict(
        _ source: inout LocalSource, _ keys: [TrustedKey], acceptsImageSignature: Bool = true
    ) throws
        -> SignatureVerdict
    {
        let check = SignatureCheck(keys: keys)
        return try check.verdict(
            for: try source.resolve(), in: &source, acceptsImageSignature: acceptsImageSignature)
    }

    @Test("a signature counts only when all of it is right", arguments: Fault.allCases)
    func faults(fault: Fault) throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        _ = try Self.sign(&writer, image, key, fault)
        var source = try fixture.open("oci:%/layout:one")
        let verdict = try Self.verdict(&source, [TrustedKey(name: "vendor.pem", key: try key.publicKey())])
        switch fault {
        case .none: #expect(verdict == .signed(key: "vendor.pem"))
        case .noTag, .noSignatures, .otherType: #expect(verdict == .unsigned)
        default:
            guard case .untrusted(let reasons) = verdict else {
                Issue.record("\(fault): \(verdict)")
                return
            }
            #expect(reasons.count == 1)
        }
    }

    @Test("of several signatures one that counts suffices, of several keys one that made it")
    func several() throws {
        let fixture = try SourceFixture()
        let old = try SigningKey()
        let new = try SigningKey()
        let foreign = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        let first = try Self.sign(&writer, image, foreign)
        let second = try Self.sign(&writer, image, new, .otherImage, after: first)
        writer.entries.removeAll { $0.annotations["org.opencontainers.image.ref.name"] != "one" }
        _ = try Self.sign(&writer, image, new, .none, after: second)
        let keys = [
            TrustedKey(name: "old", key: try old.publicKey()), TrustedKey(name: "new", key: try new.publicKey()),
        ]
        var source = try fixture.open("oci:%/layout:one")
        let verdict = try Self.verdict(&source, keys)
        #expect(verdict == .signed(key: "new"))
    }

    @Test("a signature that cannot be read is an error, not a no")
    func unreadable() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        let layers = try Self.sign(&writer, image, key)
        try fixture.run("rm layout/blobs/sha256/\(try #require(layers.first).digest.hex)")
        var source = try fixture.open("oci:%/layout:one")
        #expect(throws: RegistryError.self) { try Self.verdict(&source, []) }
    }

    @Test("openssl accepts what is signed, and the check accepts what openssl signs")
    func openssl() throws {
        let fixture = try SourceFixture()
        try fixture.run(
            """
            openssl ecparam -name prime256v1 -genkey -noout -out key.pem 2> /dev/null
            openssl ec -in key.pem -pubout -out pub.pem 2> /dev/null
            """)
        let key = try SigningKey(
            pem: Array(try Data(contentsOf: URL(fileURLWithPath: fixture.folder.appending("key.pem").string))))
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        let layer = try #require(try Self.sign(&writer, image, key).first)
        let text = try #require(layer.annotations[SimpleSigning.annotation])
        let payload = "layout/blobs/sha256/\(layer.digest.hex)"
        let output = try fixture.run(
            """
            echo '\(text)' | base64 -d > sig; openssl dgst -sha256 -verify pub.pem -signature sig \(payload)
            openssl dgst -sha256 -sign key.pem -out sig2 \(payload); base64 -w0 sig2
            """)
        #expect(output.hasPrefix("Verified OK\n"))
        var again = layer
        again.annotations[SimpleSigning.annotation] = String(output.dropFirst(12))
        writer.entries.removeLast()
        _ = try writer.document(
            ImageManifest(config: layer, layers: [again]).serialized(), MediaType.manifest,
            named: SimpleSigning.tag(of: image.digest))
        var source = try fixture.open("oci:%/layout:one")
        let verdict = try Self.verdict(&source, [TrustedKey(name: "k", key: try key.publicKey())])
        #expect(verdict == .signed(key: "k"))
    }

    @Test("keys are read from folders in order, others than keys are an error")
    func keys() throws {
        let fixture = try SourceFixture()
        let first = try SigningKey()
        let second = try SigningKey()
        try fixture.write(try first.publicKey().pem(), to: "a/b.pem")
        try fixture.write(try second.publicKey().pem(), to: "b/a.pub")
        try fixture.write([], to: "b/readme")
        let folders = ["a", "missing", "b"].map { fixture.folder.appending($0) }
        #expect(try TrustedKey.all(in: folders).map(\.name) == ["b.pem", "a.pub"])
        try fixture.write([], to: "b/c.pem")
        #expect(throws: CryptographyError.self) { try TrustedKey.all(in: folders) }
        let (keys, skipped) = try TrustedKey.usable(in: folders)
        #expect(keys.map(\.name) == ["b.pem", "a.pub"] && skipped.map(\.file.lastComponent?.string) == ["c.pem"])
    }
}

@Suite("Signatures of image directories")
struct ImageSignatureTests {
    @Test("manifest.sig counts where there is no other signature, and only where it may")
    func directory() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.image("image", key: key)
        let trusted = [TrustedKey(name: "vendor", key: try key.publicKey())]
        var source = try fixture.open("dir:%/image")
        #expect(try SignatureCheckTests.verdict(&source, trusted) == .signed(key: "vendor"))
        #expect(try SignatureCheckTests.verdict(&source, trusted, acceptsImageSignature: false) == .unsigned)
        guard case .untrusted = try SignatureCheckTests.verdict(&source, []) else {
            Issue.record("a foreign signature counted")
            return
        }
    }

    @Test(
        "a directory without signature is unsigned, with a broken one untrusted",
        arguments: [
            ("rm image/manifest.sig", true), ("echo > image/manifest.sig", false),
            ("echo AAAA > image/manifest.sig", false),
        ])
    func broken(script: String, isUnsigned: Bool) throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.image("image", key: key)
        try fixture.run(script)
        var source = try fixture.open("dir:%/image")
        let verdict = try SignatureCheckTests.verdict(&source, [TrustedKey(name: "v", key: try key.publicKey())])
        #expect((verdict == .unsigned) == isUnsigned)
        #expect(verdict != .signed(key: "v"))
    }

    @Test("a changed manifest is untrusted")
    func changed() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.image("image", key: key)
        try fixture.run("sed -i 's/\"sequence\": 1/\"sequence\": 2/' image/manifest.json")
        var source = try fixture.open("dir:%/image")
        let verdict = try SignatureCheckTests.verdict(&source, [TrustedKey(name: "v", key: try key.publicKey())])
        #expect(verdict == .untrusted(reasons: ["manifest.sig was made by none of the keys v"]))
    }

    @Test("a container beside a signed image is not covered by its signature")
    func mixed() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.image("image", key: key)
        let artifact = try PublishableImage(directory: fixture.folder.appending("image"))
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        for content in artifact.blobs.values { _ = try writer.blob(try content.bytes(limit: 1 << 20), "x") }
        var container = try writer.container("evil", named: nil)
        container.architecture = "amd64"
        container.operatingSystem = "linux"
        let image = try writer.document(artifact.document.bytes, artifact.document.mediaType, named: nil)
        #expect(image.digest == artifact.descriptor.digest)
        let trusted = [TrustedKey(name: "v", key: try key.publicKey())]
        for (name, entries, expected) in [
            ("both", [container, artifact.descriptor], SignatureVerdict.unsigned),
            ("image-first", [artifact.descriptor, container], .unsigned),
            ("alone", [artifact.descriptor], .signed(key: "v")),
        ] {
            _ = try writer.document(ImageIndex(manifests: entries).serialized(), MediaType.index, named: name)
            var source = try fixture.open("oci:%/layout:\(name)")
            #expect(try SignatureCheckTests.verdict(&source, trusted) == expected)
        }
    }
}

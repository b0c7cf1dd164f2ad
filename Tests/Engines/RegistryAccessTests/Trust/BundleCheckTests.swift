import Cryptography
import Faults
import Foundation
import HTTPTransfer
import ImageModel
import JSONText
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

/// What may be wrong with a bundle, or be there in its place.
enum BundleFault: CaseIterable, Sendable {
    case none, message
    case foreignKey, foreignMessage, otherImage, otherMessage, changedPayload, bareSignature
    case attestation
    case keyless, otherType, malformed, notation, otherContent, tooLong

    /// What the check says of it: signed, untrusted, unread or unsigned.
    var expected: String {
        switch self {
        case .none, .message: "signed"
        case .foreignKey, .foreignMessage, .otherImage, .otherMessage, .changedPayload, .bareSignature: "untrusted"
        case .attestation: "unsigned"
        case .keyless, .otherType, .malformed, .notation, .otherContent, .tooLong: "unread"
        }
    }

    /// The bundle over a document.
    func bundle(_ image: ManifestDocument, _ key: borrowing SigningKey) throws -> [UInt8] {
        let foreign = try SigningKey()
        let other = try SHA256Hasher.digest(of: [])
        var statement = SigningStatement(signing: self == .otherImage ? other : image.digest)
        if self == .attestation { statement.predicate = "https://slsa.dev/provenance/v1" }
        var payload = statement.serialized()
        let type = self == .otherType ? "application/json" : SigningStatement.payloadType
        let bytes = self == .bareSignature ? payload : SigstoreBundle.signedBytes(payload, type: type)
        let isForeign = self == .foreignKey || self == .keyless
        let signature = try isForeign ? foreign.sign(bytes) : key.sign(bytes)
        if self == .changedPayload { payload.append(0x20) }
        var bundle = SigstoreBundle(.envelope(payload: payload, type: type, signatures: [[1], signature]), hint: "")
        if [.message, .foreignMessage, .otherMessage].contains(self) {
            let signature = try self == .foreignMessage ? foreign.sign(image.bytes) : key.sign(image.bytes)
            bundle.content = .message(
                digest: self == .otherMessage ? other.bytes : image.digest.bytes, signature: signature)
        }
        switch self {
        case .malformed: return Array("{}".utf8)
        case .tooLong: return bundle.serialized() + [UInt8](repeating: 0x20, count: SigstoreBundle.maximumLength)
        case .keyless:
            let text = String(decoding: bundle.serialized(), as: UTF8.self)
            return Array(text.replacing(#""publicKey":{"hint":""}"#, with: #""certificate":{"rawBytes":"AA=="}"#).utf8)
        default: return bundle.serialized()
        }
    }
}

/// Stores a bundle and describes its manifest.
private func store(
    _ fault: BundleFault, _ image: ManifestDocument, _ key: borrowing SigningKey, _ writer: inout LayoutWriter
) throws -> Descriptor {
    let type = fault == .notation ? "application/vnd.cncf.notary.signature" : SigstoreBundle.mediaType
    let layer = try writer.blob(
        try fault.bundle(image, key), fault == .otherContent ? "application/octet-stream" : type)
    var manifest = ImageManifest(
        artifactType: type, config: try writer.blob(Array("{}".utf8), MediaType.empty), layers: [layer])
    manifest.subject = Descriptor(mediaType: image.mediaType, digest: image.digest, size: image.bytes.count)
    var entry = try writer.blob(manifest.serialized(), MediaType.manifest)
    entry.artifactType = type
    return entry
}

private func name(of verdict: SignatureVerdict) -> String { "\(verdict)".prefix { $0 != "(" }.description }

@Suite("Signatures in Sigstore bundles")
struct BundleCheckTests {
    private static func check(_ key: borrowing SigningKey) throws -> SignatureCheck {
        SignatureCheck(keys: [TrustedKey(name: "vendor.pem", key: try key.publicKey())])
    }

    @Test("a bundle under the fallback tag counts only when all of it is right", arguments: BundleFault.allCases)
    func tagged(fault: BundleFault) throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        var source = try fixture.open("oci:%/layout:one")
        let document = try source.resolve()
        let entry = try store(fault, document, key, &writer)
        _ = try writer.document(
            ImageIndex(manifests: [entry]).serialized(), MediaType.index, named: SigstoreBundle.tag(of: image.digest))
        source = try fixture.open("oci:%/layout")
        let verdict = try Self.check(key).verdict(for: document, in: &source, acceptsImageSignature: false)
        #expect(name(of: verdict) == fault.expected, "\(verdict)")
    }

    @Test("a bundle that a layout's index lists by itself is found, and is no image", arguments: [true, false])
    func listed(isRight: Bool) throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        var source = try fixture.open("oci:%/layout")
        let document = try source.resolve()
        writer.entries.append(try store(isRight ? .none : .foreignKey, document, key, &writer))
        _ = try writer.document(ImageIndex(manifests: []).serialized(), MediaType.index, named: "sha256-x.sig")
        source = try fixture.open("oci:%/layout")
        let verdict = try Self.check(key).verdict(
            for: try source.resolve(), in: &source, acceptsImageSignature: false)
        #expect(name(of: verdict) == (isRight ? "signed" : "untrusted"), "\(verdict)")
    }

    @Test(
        "one signature that counts suffices, in whichever form and place, and what is not read is not called unsigned")
    func several() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: "one")
        var source = try fixture.open("oci:%/layout:one")
        let document = try source.resolve()
        let cases: [([BundleFault], SignatureCheckTests.Fault, String)] = [
            ([.notation, .attestation, .foreignKey, .none], .foreignKey, "signed"), ([.notation], .none, "signed"),
            ([.none], .foreignKey, "signed"), ([.notation, .keyless], .foreignKey, "untrusted"),
            ([.attestation, .notation], .noSignatures, "unread"), ([.attestation], .noSignatures, "unsigned"),
        ]
        for (faults, tagged, expected) in cases {
            var entries: [Descriptor] = []
            for fault in faults { entries.append(try store(fault, document, key, &writer)) }
            writer.entries.removeAll { $0.annotations["org.opencontainers.image.ref.name"] != "one" }
            _ = try SignatureCheckTests.sign(&writer, image, key, tagged)
            _ = try writer.document(
                ImageIndex(manifests: entries).serialized(), MediaType.index,
                named: SigstoreBundle.tag(of: image.digest))
            source = try fixture.open("oci:%/layout:one")
            let verdict = try Self.check(key).verdict(for: document, in: &source, acceptsImageSignature: true)
            #expect(name(of: verdict) == expected, "\(faults) \(tagged): \(verdict)")
        }
    }
}

@Suite("Signatures found by the referrers API")
struct ReferrersTests {
    /// A registry with an image whose referrers it lists, on as many pages as there are lists.
    private static func server(
        _ lists: [[Descriptor]], _ blobs: [Descriptor: [UInt8]], _ image: ManifestDocument, status: Int = 200,
        type: String = MediaType.index
    ) throws -> ScriptedServer {
        var rules: [ScriptedServer.Rule] = [
            .init("/v2/vendor/os/manifests/1") {
                $0.base64 = Data(image.bytes).base64EncodedString(); $0.headers = ["Content-Type": image.mediaType]
            }
        ]
        let path = "/v2/vendor/os/referrers/\(image.digest.registryText)"
        for (page, list) in lists.enumerated() {
            rules.append(
                .init(page == 0 ? path : "\(path)?last=\(page)") {
                    $0.status = status
                    $0.base64 = Data(ImageIndex(manifests: list).serialized()).base64EncodedString()
                    $0.headers = ["Content-Type": type]
                    if page + 1 < lists.count { $0.headers?["Link"] = "<\(path)?last=\(page + 1)>; rel=\"next\"" }
                })
        }
        for (blob, bytes) in blobs {
            let kind = blob.mediaType == MediaType.manifest ? "manifests" : "blobs"
            rules.append(
                .init("/v2/vendor/os/\(kind)/\(blob.digest.registryText)") {
                    $0.base64 = Data(bytes).base64EncodedString(); $0.headers = ["Content-Type": blob.mediaType]
                })
        }
        return try ScriptedServer(rules)
    }

    private struct Signed {
        let image: ManifestDocument
        let entry: Descriptor
        let blobs: [Descriptor: [UInt8]]

        init(_ key: borrowing SigningKey) throws {
            let config = Descriptor(
                mediaType: MediaType.containerConfig, digest: try SHA256Hasher.digest(of: []), size: 0)
            let bytes = ImageManifest(config: config, layers: []).serialized()
            image = ManifestDocument(
                mediaType: MediaType.manifest, bytes: bytes, digest: try SHA256Hasher.digest(of: bytes))
            let bundle = try BundleFault.none.bundle(image, key)
            let layer = Descriptor(
                mediaType: SigstoreBundle.mediaType, digest: try SHA256Hasher.digest(of: bundle), size: bundle.count)
            let list = ImageManifest(artifactType: SigstoreBundle.mediaType, config: config, layers: [layer])
                .serialized()
            var entry = Descriptor(
                mediaType: MediaType.manifest, digest: try SHA256Hasher.digest(of: list), size: list.count)
            blobs = [layer: bundle, entry: list]
            entry.artifactType = SigstoreBundle.mediaType
            self.entry = entry
        }
    }

    private static func verdict(_ server: ScriptedServer, _ key: borrowing SigningKey) throws -> SignatureVerdict {
        let reference = try ImageReference(parsing: "oci://127.0.0.1:\(server.port)/vendor/os:1")
        var client = try RegistryClient(reference, RegistryConfiguration(authFiles: []))
        client.retries.attempts = 1
        let check = SignatureCheck(keys: [TrustedKey(name: "k", key: try key.publicKey())])
        return try check.verdict(for: try client.resolve(), in: &client, acceptsImageSignature: false)
    }

    @Test("a bundle is found on whichever page of the list it is")
    func pages() throws {
        let key = try SigningKey()
        let signed = try Signed(key)
        for lists in [[[signed.entry]], [[], [], [signed.entry]]] {
            #expect(try Self.verdict(Self.server(lists, signed.blobs, signed.image), key) == .signed(key: "k"))
        }
        #expect(try Self.verdict(Self.server([[]], [:], signed.image), key) == .unsigned)
    }

    @Test("a registry that does not know the question has no list, one that cannot answer is an error")
    func statuses() throws {
        let key = try SigningKey()
        let signed = try Signed(key)
        for status in [400, 404, 405, 406, 501] {
            let server = try Self.server([[signed.entry]], signed.blobs, signed.image, status: status)
            #expect(try Self.verdict(server, key) == .unsigned, "\(status)")
        }
        let page = try Self.server([[signed.entry]], signed.blobs, signed.image, type: "text/html")
        #expect(try Self.verdict(page, key) == .unsigned)
        for status in [401, 403, 429, 500, 503] {
            let server = try Self.server([[signed.entry]], signed.blobs, signed.image, status: status)
            #expect(throws: RegistryError.self, "\(status)") { _ = try Self.verdict(server, key) }
        }
        let lost = try Self.server([[signed.entry]], [:], signed.image)
        #expect(throws: RegistryError.self) { _ = try Self.verdict(lost, key) }
    }
}

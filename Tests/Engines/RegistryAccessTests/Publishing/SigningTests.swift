import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Signing what is published")
struct SigningTests {
    @Test("signatures of several keys stay beside one another, and the same key signs once")
    func several() throws {
        let server = try RegistryServer()
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        try fixture.run(
            "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:one docker://\(server.host)/vendor/os:1"
        )
        var client = try PublicationTests.client(server)
        let document = try client.resolve()
        let old = try SigningKey()
        let new = try SigningKey()
        #expect(try client.sign(document, named: "r.example/os", with: old))
        #expect(try client.sign(document, named: "r.example/os", with: new))
        #expect(try !client.sign(document, named: "r.example/os", with: old))
        for key in [try old.publicKey(), try new.publicKey()] {
            let check = SignatureCheck(keys: [TrustedKey(name: "k", key: key)])
            let verdict = try check.verdict(for: document, in: &client, acceptsImageSignature: false)
            #expect(verdict == .signed(key: "k"))
        }
        let foreign = SignatureCheck(keys: [TrustedKey(name: "k", key: try SigningKey().publicKey())])
        let verdict = try foreign.verdict(for: document, in: &client, acceptsImageSignature: false)
        guard case .untrusted(let reasons) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reasons.count == 2)
    }

    @Test("what is signed is signed in both forms, each of which suffices", arguments: [true, false])
    func bothForms(inRegistry: Bool) throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        guard inRegistry else {
            var target = try LayoutTarget(.init(fixture.folder.appending("layout"), tag: "one"))
            return try Self.checkBothForms(&target, key)
        }
        let server = try RegistryServer()
        try fixture.run(
            "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:one docker://\(server.host)/vendor/os:1"
        )
        var client = try PublicationTests.client(server)
        try Self.checkBothForms(&client, key)
    }

    static func checkBothForms(_ target: inout some BlobTarget & ~Copyable, _ key: borrowing SigningKey) throws {
        let document = try target.resolve()
        let other = try SigningKey()
        let own = SignatureCheck(keys: [TrustedKey(name: "k", key: try key.publicKey())])
        #expect(try target.sign(document, named: "r.example/os", with: key))
        #expect(try own.taggedVerdict(document, in: &target) == .signed(key: "k"))
        #expect(try own.referringVerdict(document, in: &target) == .signed(key: "k"))
        #expect(try !target.sign(document, named: "r.example/os", with: key))
        #expect(try target.sign(document, named: "r.example/os", with: other))
        #expect(try own.referringVerdict(document, in: &target) == .signed(key: "k"))
        // What only has the older form gets the newer one, too.
        let list = ImageIndex(manifests: []).serialized()
        _ = try target.push(manifest: list, mediaType: MediaType.index, tag: SigstoreBundle.tag(of: document.digest))
        #expect(try own.referringVerdict(document, in: &target) == .unsigned)
        #expect(try target.sign(document, named: "r.example/os", with: key))
        #expect(try own.referringVerdict(document, in: &target) == .signed(key: "k"))
        #expect(try target.resolve() == document)
    }

    @Test("openssl alone accepts the bundle's signature, over what DSSE says is signed")
    func bundle() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.write(try key.publicKey().pem(), to: "pub.pem")
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        var target = try LayoutTarget(.init(fixture.folder.appending("layout"), tag: "one"))
        let document = try target.resolve()
        #expect(try target.sign(document, named: "x", with: key))
        let output = try fixture.run(
            """
            python3 - \(document.digest.hex) <<'END'
            import base64, json, sys
            blob = lambda d: json.load(open("layout/blobs/sha256/" + d["digest"][7:]))
            names = {m["annotations"]["org.opencontainers.image.ref.name"]: m for m in json.load(open("layout/index.json"))["manifests"]}
            entry, = blob(names["sha256-" + sys.argv[1]])["manifests"]
            manifest = blob(entry)
            assert entry["artifactType"] == manifest["artifactType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
            assert manifest["subject"]["digest"] == "sha256:" + sys.argv[1]
            envelope = blob(manifest["layers"][0])["dsseEnvelope"]
            kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
            statement = json.loads(payload)
            assert statement["subject"] == [{"digest": {"sha256": sys.argv[1]}}]
            assert statement["predicateType"] == "https://sigstore.dev/cosign/sign/v1"
            open("signed", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
            open("signature", "wb").write(base64.b64decode(envelope["signatures"][0]["sig"]))
            END
            openssl dgst -sha256 -verify pub.pem -signature signature signed
            """)
        #expect(output == "Verified OK\n")
    }

    /// Debian's skopeo is built without cosign's format, hence it only fetches, and openssl checks, as cosign does.
    @Test("skopeo and openssl alone find the signature and accept it")
    func openssl() throws {
        let server = try RegistryServer()
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        let image = "docker://\(server.host)/vendor/os"
        try fixture.run("skopeo copy -q --dest-tls-verify=false oci:layout:one \(image):1")
        let key = try SigningKey()
        try fixture.write(try key.publicKey().pem(), to: "pub.pem")
        var client = try PublicationTests.client(server)
        #expect(try client.sign(try client.resolve(), named: "\(server.host)/vendor/os", with: key))
        let output = try fixture.run(
            """
            digest=$(skopeo inspect --tls-verify=false --raw \(image):1 | sha256sum | cut -d ' ' -f 1)
            skopeo inspect --tls-verify=false --raw \(image):sha256-$digest.sig > list
            skopeo copy -q --src-tls-verify=false \(image):sha256-$digest.sig dir:signatures
            python3 - > layer <<'END'
            import json
            layer, = json.load(open("list"))["layers"]
            assert layer["mediaType"] == "application/vnd.dev.cosign.simplesigning.v1+json"
            print(layer["digest"].split(":")[1], layer["annotations"]["dev.cosignproject.cosign/signature"])
            END
            read blob signature < layer
            echo $signature | base64 -d > signature
            openssl dgst -sha256 -verify pub.pem -signature signature signatures/$blob
            grep -c "docker-manifest-digest\\":\\"sha256:$digest\\"" signatures/$blob
            """)
        #expect(output == "Verified OK\n1\n")
    }
}

@Suite("Channels as artifacts")
struct ChannelArtifactTests {
    static let document = Array(#"{"format":1}"#.utf8)

    static func channel(_ fixture: borrowing SourceFixture, _ key: borrowing SigningKey) throws -> LayoutTarget {
        var target = try LayoutTarget(SourceReference.Entry(fixture.folder.appending("layout"), tag: "stable"))
        try target.tag(try target.storeChannel(document, signedWith: key), as: "stable")
        return target
    }

    @Test("a channel is read with the name of the key that signed it")
    func reads() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        var target = try Self.channel(fixture, key)
        let check = SignatureCheck(keys: [TrustedKey(name: "vendor", key: try key.publicKey())])
        let top = try target.resolve()
        let (bytes, verdict) = try ChannelArtifact.read(top, from: &target, check: check)
        #expect(bytes == Self.document)
        #expect(verdict == .signed(key: "vendor"))
    }

    @Test("a cosign signature of the artifact suffices, a foreign one does not")
    func cosign() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        let other = try SigningKey()
        var target = try Self.channel(fixture, key)
        let check = SignatureCheck(keys: [TrustedKey(name: "other", key: try other.publicKey())])
        let top = try target.resolve()
        let foreign = try ChannelArtifact.read(top, from: &target, check: check).verdict
        #expect(foreign == .untrusted(reasons: ["channel.sig was made by none of the keys other"]))
        #expect(try target.sign(top, named: "x", with: other))
        #expect(try ChannelArtifact.read(top, from: &target, check: check).verdict == .signed(key: "other"))
    }

    @Test("a channel without signatures is unsigned")
    func unsigned() throws {
        let fixture = try SourceFixture()
        var target = try Self.channel(fixture, SigningKey())
        var artifact = try ImageManifest(parsing: try target.resolve())
        artifact.layers.removeLast()
        _ = try target.push(manifest: artifact.serialized(), mediaType: MediaType.manifest, tag: "stable")
        let top = try target.resolve()
        let result = try ChannelArtifact.read(top, from: &target, check: SignatureCheck(keys: []))
        #expect(result.verdict == .unsigned)
    }

    @Test("what is no channel is refused", arguments: ["image", "container", "empty"])
    func refused(kind: String) throws {
        let fixture = try SourceFixture()
        var target = try Self.channel(fixture, SigningKey())
        var artifact = try ImageManifest(parsing: try target.resolve())
        if kind == "image" { artifact.artifactType = MediaType.image }
        if kind == "container" { artifact.artifactType = nil }
        if kind == "empty" { artifact.layers = [] }
        _ = try target.push(manifest: artifact.serialized(), mediaType: MediaType.manifest, tag: "stable")
        let top = try target.resolve()
        let error = #expect(throws: RegistryError.self) {
            _ = try ChannelArtifact.read(top, from: &target, check: SignatureCheck(keys: []))
        }
        #expect(error?.kind == .notFound)
    }
}

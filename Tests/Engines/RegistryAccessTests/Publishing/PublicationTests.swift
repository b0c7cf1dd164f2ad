import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Publishing")
struct PublicationTests {
    /// A client of a server for `vendor/os:1`.
    static func client(_ server: RegistryServer, _ path: String = "vendor/os:1") throws -> RegistryClient {
        try RegistryClient(
            try ImageReference(parsing: "oci://\(server.host)/\(path)"), RegistryConfiguration(authFiles: []))
    }

    @Test("an image goes to docker-registry and comes back as it was, and the second time sends nothing large")
    func registry() throws {
        let server = try RegistryServer()
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey(), rootSize: 3 << 20)
        let image = try PublishableImage(directory: fixture.folder.appending("image"))
        var client = try Self.client(server)
        var steps: [String] = []
        let stored = try client.store(image) { steps.append($0.activity) }
        #expect(
            steps
                == ["manifest.json", "root.squashfs", "vmlinuz", "initrd.img", "manifest.sig", "root.chunks"].map {
                    "pushing \($0)"
                })
        #expect(try client.manifest(tag: "1") == nil)
        try client.tag(stored, as: "1")
        var source = try AnySource(
            opening: try SourceReference(parsing: "oci://\(server.host)/vendor/os:1"),
            RegistryConfiguration(authFiles: []))
        #expect(try source.resolve() == image.document)
        let files = try ArtifactFiles(try ImageManifest(parsing: image.document))
        for (file, blob) in files.files {
            let path = fixture.folder.appending("image/\(file.rawValue)").string
            #expect(try source.bytes(blob) == Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        #expect(source.traffic.bytesReceived > 3 << 20 && !source.acceptsImageSignature)
        let again = try client.store(image) { _ in }
        #expect(again == stored)
    }

    @Test("a file that is not what the manifest says is refused by the registry, and there is no tag")
    func corrupted() throws {
        let server = try RegistryServer()
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey())
        try fixture.run("printf x | dd of=image/root.squashfs bs=1 seek=5000 conv=notrunc status=none")
        let image = try PublishableImage(directory: fixture.folder.appending("image"))
        var client = try Self.client(server)
        let error = #expect(throws: RegistryError.self) { try client.store(image) { _ in } }
        #expect(error?.kind == .corrupted)
    }

    @Test("a container goes with an image: machines choose the image, skopeo the container", arguments: [true, false])
    func withContainer(fromLayout: Bool) throws {
        let server = try RegistryServer()
        let fixture = try SourceFixture()
        try fixture.image("image", key: SigningKey())
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let container = try writer.container(String(repeating: "content ", count: 300_000), named: "one")
        try fixture.run(
            "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:one docker://\(server.host)/vendor/base:1"
        )
        let image = try PublishableImage(directory: fixture.folder.appending("image"))
        var source = try AnySource(
            opening: try SourceReference(
                parsing: fromLayout ? "oci:\(fixture.folder)/layout" : "oci://\(server.host)/vendor/base:1"),
            RegistryConfiguration(authFiles: []))
        var client = try Self.client(server)
        _ = try client.store(image) { _ in }
        let entry = try client.storeContainer(from: &source, architecture: "amd64") { _ in }
        #expect(entry.digest == container.digest)
        try client.tag(try client.storeIndex(container: entry, image: image), as: "1")
        guard case .index(let index) = try RegistryDocument(parsing: try client.resolve()) else {
            Issue.record("no index")
            return
        }
        #expect(index.choice(architecture: "amd64") == .artifact(image.descriptor))
        let inspected = try fixture.run("skopeo inspect --tls-verify=false --raw docker://\(server.host)/vendor/os:1")
        #expect(inspected == String(decoding: index.serialized(), as: UTF8.self))
        try fixture.run(
            "skopeo copy -q --preserve-digests --src-tls-verify=false --override-arch amd64 docker://\(server.host)/vendor/os:1 oci:pulled:x"
        )
        var pulled = try fixture.open("oci:%/pulled:x")
        #expect(try pulled.resolve().digest == container.digest)
    }

    @Test("a container for another architecture is refused")
    func foreignContainer() throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("1", named: "one")
        var source = try fixture.open("oci:%/layout")
        var target = try LayoutTarget(SourceReference.Entry(fixture.folder.appending("target"), tag: "x"))
        let error = #expect(throws: RegistryError.self) {
            try target.storeContainer(from: &source, architecture: "arm64") { _ in }
        }
        #expect(error?.cause == "there is only linux/amd64")
    }

    @Test("a layout takes what a registry takes, and skopeo reads it")
    func layout() throws {
        let fixture = try SourceFixture()
        let key = try SigningKey()
        try fixture.image("image", key: SigningKey(), rootSize: 3 << 20)
        let image = try PublishableImage(directory: fixture.folder.appending("image"))
        var target = try LayoutTarget(SourceReference.Entry(fixture.folder.appending("new/layout"), tag: "x"))
        let document = try target.store(image) { _ in }
        #expect(try target.sign(document, named: "os", with: key))
        try target.tag(document, as: "x")
        try target.tag(document, as: "x")
        var again = try LayoutTarget(SourceReference.Entry(fixture.folder.appending("new/layout"), tag: "x"))
        #expect(try again.resolve() == document)
        var source = try fixture.open("oci:%/new/layout")
        let verdict = try SignatureCheckTests.verdict(&source, [TrustedKey(name: "k", key: try key.publicKey())])
        #expect(verdict == .signed(key: "k"))
        #expect(
            try fixture.run("skopeo inspect --raw oci:new/layout:x") == String(decoding: document.bytes, as: UTF8.self))
        try fixture.run("printf x | dd of=image/root.squashfs bs=1 seek=5000 conv=notrunc status=none; rm -r new")
        var empty = try LayoutTarget(SourceReference.Entry(fixture.folder.appending("new/layout"), tag: "x"))
        let error = #expect(throws: RegistryError.self) { try empty.store(image) { _ in } }
        #expect(error?.kind == .corrupted)
    }
}

import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("OCI layouts and archives, written by the usual programs")
struct LayoutSourceTests {
    /// Reads the container that a reference names and returns its layer's bytes.
    static func layer(_ source: inout LocalSource) throws -> [UInt8] {
        let manifest = try ImageManifest(parsing: try source.resolve())
        let config = try ContainerConfig(parsing: try source.bytes(manifest.config))
        let layer = try #require(manifest.layers.first)
        let bytes = try source.bytes(layer)
        if !layer.mediaType.hasSuffix("gzip") { #expect(try SHA256Hasher.digest(of: bytes) == config.diffIDs.first) }
        return bytes
    }

    @Test(
        "one image is read from a layout and from its archives alike",
        arguments: [
            "oci:%/layout", "oci:%/layout:one", "file:%/layout", "oci-archive:%/oci.tar", "oci-archive:%/oci.tar:one",
            "file:%/oci.tar", "file:%/gnu.tar", "file:%/pax.tar:one", "file:%/long.tar", "oci-archive:%/docker.tar",
            "docker-archive:%/docker.tar:one", "iso:%/layout.iso", "file:%/layout.iso:one",
        ])
    func sources(reference: String) throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        _ = try writer.container("content", named: "one")
        try fixture.run(
            """
            case \(reference) in
            */oci.tar*) skopeo copy -q oci:layout:one oci-archive:oci.tar:one ;;
            */docker.tar*) skopeo copy -q oci:layout:one docker-archive:docker.tar:r.example/os:one ;;
            */gnu.tar*) tar --format=gnu -C layout -cf gnu.tar . ;;
            */pax.tar*) tar --format=pax -C layout -cf pax.tar . ;;
            */long.tar*) touch layout/$(printf %0200d 0); tar --format=gnu -C layout -cf long.tar . ;;
            */layout.iso*) mkdir -p deep/er; cp -r layout deep/er/; xorriso -as mkisofs -quiet -R -o layout.iso deep 2> /dev/null ;;
            esac
            """)
        var source = try fixture.open(reference)
        let bytes = try Self.layer(&source)
        #expect(bytes.count > 100)
        #expect(try source.manifest(tag: "sha256-\(try source.resolve().digest.hex).sig") == nil)
    }

    @Test("an image directory is read out of an ISO file with every byte right")
    func iso() throws {
        let fixture = try SourceFixture()
        try fixture.image("cd/lifeboot/image", key: SigningKey(), rootSize: 5 << 20)
        try fixture.run("for i in $(seq 200); do mkdir -p cd/d$i; echo $i > cd/d$i/a-long-file-name-of-$i; done")
        try fixture.run("xorriso -as mkisofs -quiet -R -J -V TEST -o cd.iso cd 2> /dev/null")
        var source = try fixture.open("file:%/cd.iso")
        var direct = try fixture.open("dir:%/cd/lifeboot/image")
        #expect(try source.resolve() == direct.resolve())
        let files = try ArtifactFiles(try ImageManifest(parsing: try source.resolve()))
        for blob in files.files.values { #expect(try source.bytes(blob) == direct.bytes(blob)) }
    }

    @Test("several images need a name, which may also be a digest")
    func several() throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let one = try writer.container("1", named: "one")
        let two = try writer.container("2", named: "r.example/os:two")
        _ = try writer.document(
            ImageManifest(config: one, layers: []).serialized(), MediaType.manifest,
            named: SimpleSigning.tag(of: one.digest))
        var first = try fixture.open("oci:%/layout:one")
        #expect(try first.resolve().digest == one.digest)
        #expect(try first.manifest(tag: SimpleSigning.tag(of: one.digest)) != nil)
        #expect(try first.manifest(tag: SimpleSigning.tag(of: two.digest)) == nil)
        var second = try fixture.open("oci:%/layout:two")
        #expect(try second.resolve().digest == two.digest)
        var third = try fixture.open("oci:%/layout@\(two.digest.registryText)")
        #expect(try third.resolve().digest == two.digest)
        #expect(try third.manifest(one.digest).digest == one.digest)
        for reference in [
            "oci:%/layout", "oci:%/layout:three", "oci:%/layout@sha256:\(String(repeating: "0", count: 64))",
        ] {
            let error = #expect(throws: RegistryError.self) { _ = try fixture.open(reference) }
            #expect(error?.kind == .notFound && error?.cause.contains("'one', 'r.example/os:two'") == true)
        }
    }

    @Test("a colon in a file's name is no tag", arguments: ["os:1.0.iso", "os:1.0.tar", "os:x"])
    func colons(name: String) throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("cd/layout"))
        let image = try writer.container("1", named: "one")
        try fixture.run(
            """
            case \(name) in
            *.iso) xorriso -as mkisofs -quiet -R -o '\(name)' cd 2> /dev/null ;;
            *.tar) tar --force-local -C cd/layout -cf '\(name)' . ;;
            *) cp -r cd/layout '\(name)' ;;
            esac
            """)
        var source = try fixture.open("%/\(name)")
        #expect(try source.resolve().digest == image.digest)
        var named = try fixture.open("%/\(name):one")
        #expect(try named.resolve().digest == image.digest)
    }

    @Test("documents that are changed, missing or too long are refused")
    func damaged() throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let one = try writer.container("1", named: "one")
        let blob = "layout/blobs/sha256/\(one.digest.hex)"
        try fixture.run("sed -i s/2/3/ \(blob)")
        #expect(throws: RegistryError.self) { _ = try fixture.open("oci:%/layout") }
        try fixture.run("truncate -s 5M \(blob)")
        #expect(throws: RegistryError.self) { _ = try fixture.open("oci:%/layout") }
        try fixture.run("rm \(blob)")
        let error = #expect(throws: RegistryError.self) { _ = try fixture.open("oci:%/layout") }
        #expect(error?.kind == .notFound)
    }

    @Test("an index in a layout leads to its entries")
    func nested() throws {
        let fixture = try SourceFixture()
        var writer = try LayoutWriter(fixture.folder.appending("layout"))
        let image = try writer.container("1", named: nil)
        writer.entries = []
        _ = try writer.document(ImageIndex(manifests: [image]).serialized(), MediaType.index, named: "both")
        var source = try fixture.open("oci:%/layout:both")
        #expect(try source.manifest(image.digest).digest == image.digest)
    }
}

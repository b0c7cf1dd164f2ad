import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools = ["/usr/bin/unsquashfs", "/usr/bin/sqfs2tar", "/usr/bin/zstd", "/usr/sbin/veritysetup"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Container assembly", .enabled(if: hasTools))
struct ContainerAssemblyTests {
    @Test("layers of every compression become an image whose files are what its manifest says")
    func assembles() throws {
        let yard = try ContainerYard()
        let device = "mknod dev-null c 1 3; mkfifo pipe; printf x > \"ü x\"; ln -s /etc/passwd link"
        try yard.finish(
            [
                yard.layer(
                    "\(ContainerYard.root); \(ContainerYard.kernel); printf old > etc/gone; mkdir -p opq; touch opq/low"
                ),
                yard.layer(
                    "mkdir -p etc; : > etc/.wh.gone; \(device); head -c 300000 /dev/urandom > usr-data", "zstd -q"),
                yard.layer("mkdir opq; : > opq/.wh..wh..opq; printf new > opq/high", "cat"),
            ],
            labels: """
                {"io.lifeboot.name":"appliance","io.lifeboot.version":"1.2~3","io.lifeboot.sequence":"77",\
                "io.lifeboot.boards":"a, b","io.lifeboot.kernel-arguments":"quiet console=ttyS0"}
                """)
        let result = try yard.assemble()
        let manifest = result.image.manifest
        #expect(manifest.name == "appliance" && manifest.version == "1.2~3" && manifest.sequence == 77)
        #expect(manifest.boards == ["a", "b"] && manifest.kernelArguments == ["quiet", "console=ttyS0"])
        #expect(manifest.createdAt.description == "2026-01-02T03:04:05Z" && manifest.source != nil)
        #expect(result.bootFiles == .container)
        let names = try yard.run("ls staging; cat staging/vmlinuz staging/initrd.img")
        #expect(
            names == """
                boot.sha256\ninitrd.img\nkernel.env\nmanifest.json\nroot.chunks\nroot.squashfs\nvmlinuz\nkernelinitrd
                """)
        try yard.run("cd staging; sha256sum --quiet -c boot.sha256")
        let root = Hexadecimal.text(of: manifest.root.verity.rootHash)
        try yard.run(
            """
            veritysetup verify staging/root.squashfs staging/root.squashfs \(root) \
            --hash-offset \(manifest.root.verity.hashOffset)
            """)
        let list = try yard.listing()
        for wanted in ["crw-r--r-- 0/0 1,3", "prw-r--r--", "ü x", "link -> /etc/passwd", "opq/high", "oem/"] {
            #expect(list.contains { $0.contains(wanted) }, "\(wanted) in \(list)")
        }
        #expect(!list.contains { $0.contains("gone") || $0.contains("opq/low") || $0.contains("vmlinuz") })
    }

    @Test("the same container gives the same image, byte for byte")
    func reproducible() throws {
        let yard = try ContainerYard()
        try yard.finish([yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)")])
        let first = try yard.assemble().image
        try yard.run("mv staging first; mkdir staging; sleep 1")
        #expect(try yard.assemble().image.id == first.id)
        try yard.run("for f in first/*; do cmp $f staging/${f##*/}; done")
    }

    @Test("a broken transfer goes on where it stopped")
    func resumes() throws {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)"),
            yard.layer("head -c 400000 /dev/urandom > data"),
        ])
        var source = LayoutSource(yard.path + "/layout")
        source.breaksAfter = 250_000
        #expect(throws: LayoutSource.Broken.self) { try yard.assemble(from: &source) }
        let before = source.traffic.bytesReceived
        source.breaksAfter = nil
        try yard.assemble(from: &source)
        let whole = try yard.container().layers.reduce(0) { $0 + $1.size }
        #expect(source.traffic.bytesReceived == whole, "no byte twice: \(before) before")
        #expect(source.offsets.contains { $0 > 0 })
    }

    @Test("a torn layer of a former run is fetched again, a source that lies is told")
    func torn() throws {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel); head -c 90000 /dev/urandom > data")
        ])
        let layer = try yard.container().layers[0]
        try yard.run("head -c \(layer.size) /dev/zero > staging/layer-\(layer.digest.hex)")
        try yard.assemble()
        try yard.run("rm -rf staging; mkdir staging; head -c 30000 /dev/zero > staging/layer-\(layer.digest.hex)")
        try yard.assemble()
        try yard.run("rm -rf staging; mkdir staging; echo left > staging/boot-file.old")
        var source = LayoutSource(yard.path + "/layout")
        source.corruptsFrom = 80_000
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble(from: &source) }
        #expect(error?.kind == .damaged && error?.description.contains("\(layer.digest)") == true)
        #expect(try yard.run("ls staging") == "")
    }

    @Test(
        "what progress throws cancels at once, wherever it is",
        arguments: ["fetching", "reading", "packing", "hashing"])
    func cancels(_ activity: String) throws {
        struct Cancelled: Error {}
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel); head -c 900000 /dev/urandom > data")
        ])
        var source = LayoutSource(yard.path + "/layout")
        #expect(throws: Cancelled.self) {
            try yard.assemble(from: &source) { if $0.activity.hasPrefix(activity) { throw Cancelled() } }
        }
        try yard.assemble(from: &source)
        #expect(source.traffic.bytesReceived < 2_000_000)
    }

    @Test(
        "a container that makes no image that boots is refused with a remedy",
        arguments: [
            (ContainerYard.kernel, "rm boot/initrd.img-6.1-2", "dracut --kver"),
            ("true", "true", "there is no kernel"),
            (ContainerYard.kernel, "rm sbin/init", "first process"),
            (ContainerYard.kernel, "rm etc/os-release", "os-release"),
            (ContainerYard.kernel, "touch usr/lib/lifeboot/refuse-local-images", "boatyard image publish"),
        ])
    func refuses(kernel: String, change: String, reason: String) throws {
        let yard = try ContainerYard()
        try yard.finish([yard.layer("\(ContainerYard.root); \(kernel); \(change)")])
        let error = #expect(throws: (any Error).self) { try yard.assemble() }
        #expect("\(error.map { "\($0)" } ?? "")".contains(reason), "\(String(describing: error))")
    }

    @Test("wrong digests of content, other architectures and impossible labels are refused before anything boots")
    func mismatches() throws {
        let yard = try ContainerYard()
        let layer = try yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)")
        try yard.finish([(layer.0, String(repeating: "0", count: 64))])
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble() }
        #expect(error?.kind == .damaged && error?.cause.contains("uncompressed") == true)
        try yard.finish([layer], architecture: "s390x")
        #expect(throws: ImageAssemblyError.self) { try yard.container() }
        for label in [
            "\"io.lifeboot.name\":\"a b\"", "\"io.lifeboot.sequence\":\"-1\"", "\"io.lifeboot.sequence\":\"x\"",
            "\"io.lifeboot.boards\":\"a/b\"", "\"io.lifeboot.kernel-arguments\":\"a=$b\"",
        ] {
            try yard.finish([layer], labels: "{\(label)}")
            let error = #expect(throws: ImageAssemblyError.self) { try yard.container() }
            #expect(error?.subject.contains("io.lifeboot.") == true)
        }
    }

    @Test("without enough space nothing is fetched")
    func space() throws {
        let yard = try ContainerYard()
        try yard.finish([yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)")])
        let huge = yard.path + "/layout"
        let container = try yard.container()
        var manifest = ImageManifest(config: container.layers[0], layers: container.layers)
        manifest.layers[0].size = 900_000_000_000_000
        let wanted = try ContainerDescription(
            manifest: manifest, config: container.config, source: container.layers[0].digest)
        var source = LayoutSource(huge)
        let error = #expect(throws: ImageAssemblyError.self) {
            try ContainerAssembly.run(
                ContainerRequest(container: wanted, staging: yard.file("staging")), from: &source,
                progress: { _ in })
        }
        #expect(error?.kind == .noSpace && source.offsets == [])
        let estimate = SpaceEstimate(layers: [
            (Descriptor(mediaType: "x+gzip", digest: try SHA256Hasher.digest(of: []), size: 1_000_000), 400_000)
        ])
        #expect(estimate.missing == 600_000 && estimate.image > 1_000_000 && estimate.minimum > 1_600_000)
    }
}

import Foundation
import ImageModel
import ImagePlanning
import SystemPackage
import Testing

@testable import ImageBuilding

private let hasTools = ["/usr/bin/cpio", "/usr/bin/zstd", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Check of a disk for clouds", .enabled(if: hasTools))
struct DiskCheckTests {
    /// Builds an image whose kernel has virtio and NVMe, and whose root filesystem has a driver of a network.
    private static func image(_ yard: LintYard, _ arguments: [String]) throws -> FilePath {
        let now = try #require(UTCTime(seconds: 1_700_000_000))
        var request = ImageRequest(rootfs: yard.file("root"), output: yard.file("image"), now: now)
        request.kernelArguments = arguments
        _ = try ImageBuilder.build(request, key: ImageKeys.signingKey(yard.file("keys/lifeboot.key")))
        return request.output
    }

    private static func yard() throws -> LintYard {
        let builtins = ["loop", "dm-mod", "dm-verity", "squashfs", "overlay", "ext4", "virtio_pci", "nvme"]
        return try LintYard(
            "mkdir -p usr/lib/modules/6.1-2/kernel/net; : > usr/lib/modules/6.1-2/kernel/net/virtio_net.ko.xz",
            inInitrd: """
                mkdir -p usr/lib/modules/6.1-2/kernel; : > usr/lib/modules/6.1-2/kernel/virtio_scsi.ko.zst
                printf 'kernel/%s.ko\\n' \(builtins.joined(separator: " ")) > usr/lib/modules/6.1-2/modules.builtin
                """)
    }

    @Test("what an image has, in its initramfs and its root filesystem, is not missed; what it has not, is")
    func drivers() throws {
        let yard = try Self.yard()
        let image = try Self.image(yard, ["console=ttyS0"])
        var check = DiskCheck(image: image, recovery: image, clouds: [.openstack])
        #expect(try check.findings() == [])
        check.clouds = [.aws, .azure]
        check.extra = [try ExtraPartition("a=1G,none,0657fd6d-a4ab-43c4-84e5-0933c84b4f4f")]
        var told: [String] = []
        let findings = try check.findings { told.append($0) }
        #expect(told == ["looking into the active and recovery image"], "an image is looked into once")
        #expect(
            findings.map(\.name) == [
                "cloud-network", "cloud-disk", "cloud-disk", "cloud-network", "cloud-newer", "cloud-swap",
            ], "\(findings)")
        #expect(findings.first?.cause.hasPrefix("aws: of the active and recovery image, there is no ena") == true)
    }

    @Test("the kernel arguments are those of the manifest")
    func console() throws {
        let yard = try Self.yard()
        let image = try Self.image(yard, ["quiet"])
        let findings = try DiskCheck(image: image, recovery: image, clouds: [.openstack]).findings()
        #expect(findings.map(\.name) == ["cloud-console"])
    }

    @Test("each folder is named by what it is on the disk")
    func names() {
        var check = DiskCheck(image: "a", recovery: "r", clouds: [])
        check.passive = "p"
        #expect(check.images.map(\.1) == ["the active image", "the passive image", "the recovery image"])
        check.passive = "r"
        #expect(check.images.map(\.1) == ["the active image", "the passive and recovery image"])
        #expect(check.images.map(\.0) == ["a", "r"])
    }

    @Test("a folder that is no image is an error, and no verdict")
    func noImage() throws {
        let yard = try Self.yard()
        let check = DiskCheck(image: yard.file("root"), recovery: yard.file("root"), clouds: Cloud.allCases)
        #expect(throws: (any Error).self) { try check.findings() }
    }
}

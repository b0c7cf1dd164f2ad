import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import ImageBuilding

private let hasTools = ["/usr/bin/cpio", "/usr/bin/zstd", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Image linter", .enabled(if: hasTools))
struct ImageLinterTests {
    @Test("nothing is found in a folder, an archive and an image in which nothing is wrong")
    func good() throws {
        let yard = try LintYard()
        try yard.run("tar -C root -cf root.tar .")
        #expect(try yard.findings() == [])
        #expect(try yard.findings("root.tar") == [])
        let now = try #require(UTCTime(seconds: 1_700_000_000))
        _ = try ImageBuilder.build(
            ImageRequest(rootfs: yard.file("root"), output: yard.file("image"), now: now),
            key: ImageKeys.signingKey(yard.file("keys/lifeboot.key")))
        #expect(try yard.findings("image") == [])
        #expect(try yard.findings { $0.subject = .imageDirectory(yard.file("image")) } == [])
        #expect(try yard.findings("image") { $0.kernelArguments = ["lifeboot.disable"] } == ["kernel-arguments"])
    }

    @Test(
        "a mistake is found by the same name in a folder and in an archive",
        arguments: [
            ("rm boot/initrd*", "boot-files"), ("rm etc/os-release", "os-release"),
            ("rm usr/sbin/init usr/lib/systemd/systemd", "first-process"),
            ("rm etc/systemd/system/a.target.wants/lifeboot-mark-good.service", "mark-good"),
            ("mv usr/lib/modules/6.1-2 usr/lib/modules/6.1-3", "modules"),
            ("head -c 60 ../initrd > boot/initrd.img-6.1-2", "initrd"),
            ("cp ../keys/lifeboot.key usr/lib/lifeboot/keys/k.key", "private-key"),
        ])
    func mistakes(change: String, check: String) throws {
        let yard = try LintYard(change)
        try yard.run("tar -C root -cf root.tar .")
        for subject in ["root", "root.tar"] {
            let findings = try yard.findings(subject)
            #expect(findings.contains { $0.hasPrefix(check) }, "\(findings)")
        }
    }

    @Test("an initramfs without the key that signs is found, and not asked about when nobody signs")
    func keys() throws {
        let yard = try LintYard()
        try yard.run(
            "openssl ecparam -genkey -name prime256v1 -noout -out k; openssl ec -in k -pubout -out other.pub 2>/dev/null"
        )
        #expect(try yard.findings { $0.signer = try? ImageKeys.publicKey(yard.file("other.pub")) } == ["signing-key"])
        #expect(try yard.findings { $0.signer = nil } == [])
    }

    @Test("what cannot be looked at is no verdict, and nothing is left behind")
    func missing() throws {
        let yard = try LintYard()
        try yard.run("mkdir scratch")
        let scratch = yard.file("scratch")
        #expect(throws: (any Error).self) { try yard.findings("nothing") { $0.scratch = scratch } }
        #expect(throws: (any Error).self) { try yard.findings("keys/lifeboot.key") { $0.scratch = scratch } }
        #expect(try yard.findings { $0.scratch = scratch } == [])
        #expect(try Folders.names(of: scratch) == [])
    }
}

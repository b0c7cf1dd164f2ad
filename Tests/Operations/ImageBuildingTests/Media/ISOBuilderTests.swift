import Cryptography
import Faults
import Foundation
import ImageModel
import ImagePlanning
import JSONText
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

/// Programs without which no medium can be built or looked at.
private let programs = [
    "/usr/bin/xorriso", "/usr/sbin/mkfs.fat", "/usr/bin/mcopy", "/usr/bin/grub-mkimage",
    "/usr/lib/grub/i386-pc/boot_hybrid.img", "/usr/lib/grub/x86_64-efi/moddep.lst",
]

@Suite("Medium builder", .enabled(if: programs.allSatisfy { FileManager.default.fileExists(atPath: $0) }))
struct ISOBuilderTests {
    @Test("the same images give the same bytes, in another folder, at another time, with other permissions")
    func reproducible() throws {
        let one = try ISOFixture()
        let other = try ISOFixture()
        let first = try one.build("first.iso", one.everything)
        // Another second, so that a clock that was read shows.
        usleep(1_100_000)
        _ = try other.disk.run("chmod", ["600", other.disk.active.path.appending("root.squashfs").string])
        let second = try other.build("second.iso", other.everything)
        #expect(try one.disk.run("cmp", [first.string, second.string]).status == 0)
        let third = try other.build("third.iso") { $0.seed = "another" }
        #expect(try one.disk.run("cmp", [first.string, third.string]).status != 0)
    }

    @Test("every image is on it byte for byte as published, with what GRUB needs beside it")
    func images() throws {
        let fixture = try ISOFixture()
        let tree = try fixture.extracted(try fixture.build("medium.iso", fixture.everything))
        for image in [fixture.disk.active, fixture.disk.recovery] {
            for file in ImageFile.published {
                let copy = tree.appending("images/\(image.id)/\(file.rawValue)")
                let comparison = try fixture.disk.run(
                    "cmp", [image.path.appending(file.rawValue).string, copy.string])
                #expect(comparison.status == 0, "\(file)")
            }
            let names = try Folders.names(of: tree.appending("images/\(image.id)"))
            #expect(names == ImageFile.allCases.map(\.rawValue).sorted())
        }
        #expect(try fixture.mode("/images/\(fixture.disk.active.id)/root.squashfs", "medium.iso") == "-rw-r--r--")
    }

    @Test("the sums are those of all files but the two that xorriso changes, and the key has signed them")
    func sums() throws {
        let fixture = try ISOFixture()
        let key = try SigningKey()
        let publicKey = try key.publicKey()
        let medium = try fixture.build("medium.iso") {
            fixture.everything(&$0)
            $0.sign = { try key.sign($0) }
        }
        let tree = try fixture.extracted(medium)
        let check = try fixture.disk.run("env", ["-C", tree.string, "sha256sum", "--check", "--strict", "SHA256SUMS"])
        #expect(check.status == 0, "\(check.output)")
        let found = try fixture.disk.run("find", [tree.string, "-type", "f"]).output.split(separator: "\n")
        let unlisted = ["boot.cat", "eltorito.img", "SHA256SUMS", "SHA256SUMS.sig"]
        #expect(check.output.split(separator: "\n").count == found.count - unlisted.count)
        for name in ["SHA256SUMS", "install.yaml"] {
            let text = try FileBytes.read(tree.appending(name), limit: 1 << 20)
            let signature = try FileBytes.read(tree.appending("\(name).sig"), limit: 1 << 10)
            let signatures = try SignatureFile(parsing: signature).signatures
            #expect(try publicKey.verify(signature: signatures[0], of: text) == .valid)
        }
    }

    @Test("the sums are those of what was published: a file that is another one is found by them")
    func published() throws {
        let fixture = try ISOFixture()
        let path = fixture.disk.active.path.appending("root.squashfs")
        _ = try fixture.disk.run(
            "dd", ["if=/dev/zero", "of=\(path)", "bs=512", "seek=8192", "count=1", "conv=notrunc"])
        let tree = try fixture.extracted(try fixture.build("medium.iso"))
        let check = try fixture.disk.run("env", ["-C", tree.string, "sha256sum", "--check", "--quiet", "SHA256SUMS"])
        #expect(check.status == 1)
        #expect(check.output == "images/\(fixture.disk.active.id)/root.squashfs: FAILED\n")
    }

    @Test("all times are those at which the image was made, unless another is said")
    func times() throws {
        let fixture = try ISOFixture()
        for (time, year) in [(nil, "2023111422132000"), (1_600_000_000, "2020091312264000")] as [(Int64?, String)] {
            let medium = try fixture.build("medium.iso") { $0.time = time }
            let volume = try fixture.report(medium, ["-pvd_info"])
            #expect(volume.contains("Creation Time: \(year)") && volume.contains("Modif. Time  : \(year)"))
            let listing = try fixture.report(medium, ["-find", "/", "-exec", "lsdl", "--"]).split(separator: "\n")
            #expect(listing.count > 10 && listing.allSatisfy { $0.contains(" \(year.prefix(4)) '/") })
        }
    }

    @Test("GRUB and its configuration are in the tree and in the image that UEFI reads, the same in both")
    func bootLoader() throws {
        let fixture = try ISOFixture()
        let medium = try fixture.build("medium.iso", fixture.everything)
        let tree = try fixture.extracted(medium)
        let volume = "\(medium)@@\(try fixture.partitionOffset(medium))"
        for path in ["/EFI/BOOT/BOOTX64.EFI", "/boot/grub/grub.cfg"] {
            let inside = try fixture.disk.run("mtype", ["-i", volume, "::\(path)"]).data
            #expect(try Array(inside) == FileBytes.read(tree.appending(String(path.dropFirst())), limit: 8 << 20))
            #expect(!inside.isEmpty)
        }
        let report = try fixture.report(medium, ["-report_el_torito", "plain", "-report_system_area", "plain"])
        #expect(report.contains("El Torito boot img :   1  BIOS  y   none") && report.contains("2  UEFI  y   none"))
        #expect(report.contains("grub2-mbr") && report.contains("protective-msdos-label") && report.contains("GPT"))
        #expect(!report.contains("GPT disk GUID      :      00000000"))
    }

    @Test("the image that UEFI reads is a sound FAT16")
    func partition() throws {
        let fixture = try ISOFixture()
        let medium = try fixture.build("medium.iso")
        let offset = try fixture.partitionOffset(medium)
        let copy = fixture.disk.folder.appending("efi.fat")
        _ = try fixture.disk.run(
            "dd", ["if=\(medium)", "of=\(copy)", "bs=2048", "skip=\(offset / 2048)", "count=2048"])
        let check = try fixture.disk.run("fsck.fat", ["-nv", copy.string])
        #expect(check.status == 0 && check.output.contains("2 FATs, 16 bit entries"), "\(check.output)")
    }

    @Test("OEM files keep their permissions, and belong to root")
    func oemFiles() throws {
        let fixture = try ISOFixture()
        _ = try fixture.build("medium.iso", fixture.everything)
        #expect(try fixture.mode("/oem/a b/run=me.sh", "medium.iso") == "-rwxr-x---")
        let listing = try fixture.report(
            fixture.disk.folder.appending("medium.iso"), ["-find", "/", "-exec", "lsdl", "--"])
        #expect(listing.split(separator: "\n").allSatisfy { $0.split(separator: " ")[2...3] == ["0", "0"] })
    }

    @Test("what has no place on a medium is refused and leaves nothing behind")
    func refused() throws {
        let fixture = try ISOFixture()
        let link = fixture.disk.folder.appending("oem/link").string
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a b")
        #expect(throws: ISOError.self) { try fixture.build("a.iso", fixture.everything) }
        try FileManager.default.removeItem(atPath: link)
        #expect(throws: ISOError.self) { try fixture.build("a.iso") { $0.oemFiles = "/nothing/here" } }
        #expect(throws: ISOError.self) { try fixture.build("b.iso") { $0.label = "lower" } }
        try Data("cut".utf8).write(to: URL(filePath: fixture.disk.active.path.appending("initrd.img").string))
        #expect(throws: DiskError.self) { try fixture.build("c.iso") }
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.disk.folder.string)
        #expect(left.sorted() == ["active", "install.yaml", "oem", "recovery"])
    }

    @Test(
        "an install.yaml that a machine would refuse is refused when the medium is made",
        arguments: [
            "disk: {seral: X}\n", "after: reboot\n", "", "disk: {serial: X}\nimage: 0123456789abcdef\n",
            "disk: {serial: X}\nencryption: passphrase\n",
        ])
    func installationRefused(text: String) throws {
        let fixture = try ISOFixture()
        try Data(text.utf8).write(to: URL(filePath: fixture.disk.folder.appending("install.yaml").string))
        #expect(throws: (any Error).self) { try fixture.build("a.iso", fixture.everything) }
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.disk.folder.string)
        #expect(!left.contains { $0.hasPrefix("a.iso") })
    }

    @Test("what install.yaml names is on the medium: the other image, and the passphrase")
    func installation() throws {
        let fixture = try ISOFixture()
        let folder = fixture.disk.folder
        try Data("secret\n".utf8).write(to: URL(filePath: folder.appending("pass").string))
        #expect(throws: ISOError.self) {
            try fixture.build("a.iso") {
                fixture.everything(&$0)
                $0.passphrase = folder.appending("pass")
            }
        }
        let text = "disk: {serial: X}\nencryption: passphrase\nimage: \(fixture.disk.recovery.id)\n"
        try Data(text.utf8).write(to: URL(filePath: folder.appending("install.yaml").string))
        let medium = try fixture.build("b.iso") {
            fixture.everything(&$0)
            $0.passphrase = folder.appending("pass")
        }
        let tree = try fixture.extracted(medium)
        #expect(try FileBytes.read(tree.appending("install.passphrase"), limit: 64) == Array("secret\n".utf8))
        #expect(try FileBytes.read(tree.appending("install.yaml"), limit: 1024) == Array(text.utf8))
    }

    @Test("a statement says of which images a medium was built, each once, and names its digest")
    func provenance() throws {
        let fixture = try ISOFixture()
        let medium = try fixture.build("medium.iso") {
            $0.others = [$0.image]
            $0.writesProvenance = true
        }
        let statement = try JSONValue(parsing: FileBytes.read(FilePath("\(medium).provenance.json"), limit: 1 << 20))
        let sum = try fixture.disk.run("sha256sum", [medium.string]).output.prefix(64)
        #expect(statement["subject"] == [["name": "medium.iso", "digest": ["sha256": .string(String(sum))]]])
        let build = try #require(statement["predicate"]?["buildDefinition"])
        #expect(build["buildType"] == "urn:lifeboot:boatyard:iso:1")
        let materials = try #require(build["resolvedDependencies"]?.elements)
        #expect(materials.count == 1 && materials[0]["name"] == "active 1")
        #expect(materials[0]["digest"]?["sha256"]?.text?.hasPrefix("\(fixture.disk.active.id)") == true)
    }

    @Test("a part of GRUB that is missing is named with the package that brings it")
    func missing() throws {
        let fixture = try ISOFixture()
        let error = #expect(throws: ISOError.self) {
            try fixture.build("a.iso") { $0.grubDirectory = fixture.disk.folder }
        }
        #expect(error?.remedy == "Install it: apt-get install grub-pc-bin.")
    }

    @Test("an image that nobody can look into is said, and built all the same")
    func drivers() throws {
        let fixture = try ISOFixture()
        var request = fixture.request("a.iso")
        request.others = [request.image]
        let report = try ISOBuilder.build(request)
        #expect(report.warnings.count == 1)
        #expect(report.warnings[0].hasPrefix("The drivers of the kernel could not be looked at: "))
        #expect(report.size % 2048 == 0 && report.size < 13 << 20 + 6 << 20)
    }
}

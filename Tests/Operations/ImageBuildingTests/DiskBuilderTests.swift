import DiskContract
import Foundation
import GrubEnvironment
import ImageModel
import ImagePlanning
import JSONText
import LinuxSystem
import PartitionTables
import SystemPackage
import Testing

@testable import ImageBuilding

/// Programs without which no disk can be built or looked at.
private let programs = [
    "/usr/sbin/mke2fs", "/usr/sbin/debugfs", "/usr/sbin/mkfs.fat", "/usr/bin/mcopy", "/usr/bin/grub-mkimage",
    "/usr/bin/grub-fstest", "/usr/bin/qemu-img", "/usr/lib/grub/i386-pc/boot.img",
    "/usr/lib/grub/x86_64-efi/moddep.lst",
]

@Suite("Disk builder", .enabled(if: programs.allSatisfy { FileManager.default.fileExists(atPath: $0) }))
struct DiskBuilderTests {
    @Test("the same images and time give the same bytes")
    func reproducible() throws {
        let fixture = try DiskFixture()
        let first = try fixture.build("first.raw")
        // Another second, so that a clock that was read shows.
        usleep(1_100_000)
        let second = try fixture.build("second.raw")
        let comparison = try fixture.run("cmp", [first.string, second.string])
        #expect(comparison.status == 0, "\(comparison.output)")
    }

    @Test("the tools find nothing wrong with the table and the filesystems")
    func sound() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw")
        #expect(try fixture.run("sfdisk", ["--verify", disk.string]).status == 0)
        for name in [Partition.oem, .recovery, .state, .persistent] {
            let offset = try #require(fixture.layout[name]).offset
            let check = try fixture.run("e2fsck", ["-fn", "\(disk)?offset=\(offset)"])
            #expect(check.status == 0, "\(name): \(check.output)")
        }
        let boot = try #require(fixture.layout[.boot])
        let copy = fixture.folder.appending("boot.fat")
        _ = try fixture.run(
            "dd", ["if=\(disk)", "of=\(copy)", "bs=1M", "skip=\(boot.offset >> 20)", "count=\(boot.size >> 20)"])
        let check = try fixture.run("fsck.fat", ["-n", copy.string])
        #expect(check.status == 0, "\(check.output)")
    }

    @Test("a disk with sectors of 4,096 bytes has a table, a FAT and filesystems of them, and no boot sector for BIOS")
    func largeSectors() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw") { request in
            request.sizes.sectorSize = 4096
            request.sizes.boot = 272 << 20
        }
        var sizes = fixture.sizes
        (sizes.sectorSize, sizes.boot) = (4096, 272 << 20)
        let layout = try DiskLayout(sizes)
        let table = try fixture.run("fdisk", ["-b", "4096", "-l", disk.string]).output
        #expect(table.contains("Disklabel type: gpt") && table.contains("Units: sectors of 1 * 4096"), "\(table)")
        #expect(table.split(separator: "\n").count { $0.hasPrefix(disk.string) } == Partition.allCases.count)
        let boot = try #require(layout[.boot])
        let read = try fixture.run("mtype", ["-i", "\(disk)@@\(boot.offset)", "::/lifeboot/boot.env"])
        #expect(try BootEnvironment.read(Array(read.data)).problems.isEmpty)
        let copy = fixture.folder.appending("boot.fat")
        _ = try fixture.run(
            "dd", ["if=\(disk)", "of=\(copy)", "bs=1M", "skip=\(boot.offset >> 20)", "count=\(boot.size >> 20)"])
        let check = try fixture.run("fsck.fat", ["-n", copy.string])
        #expect(check.status == 0, "\(check.output)")
        let head = try fixture.run("head", ["-c", "440", disk.string]).data
        #expect(head == Data(count: 440), "nothing of GRUB's for BIOS")
    }

    @Test("GRUB's own filesystem code reads every file")
    func readByGRUB() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw")
        let stores = [(fixture.active, Partition.state), (fixture.recovery, .recovery)]
        for (image, partition) in stores {
            for file in ImageFile.allCases {
                let path = "(loop0,gpt\(partition.number))/images/\(image.id)/\(file.rawValue)"
                let read = try fixture.run("grub-fstest", [disk.string, "cat", path])
                #expect(read.status == 0 && !read.data.isEmpty)
                guard ImageFile.published.contains(file) else { continue }
                let bytes = try Data(contentsOf: URL(filePath: image.path.appending(file.rawValue).string))
                #expect(read.data == bytes)
            }
        }
    }

    @Test("the boot environment puts active on trial and has a second copy, and the records have room")
    func environment() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw")
        let volume = "\(disk)@@\(try #require(fixture.layout[.boot]).offset)"
        let block = try fixture.run("mtype", ["-i", volume, "::/lifeboot/boot.env"]).data
        #expect(try fixture.run("mtype", ["-i", volume, "::/lifeboot/boot.bak"]).data == block)
        let reading = try BootEnvironment.read(Array(block))
        #expect(reading.problems.isEmpty)
        #expect(reading.environment == BootEnvironment(active: fixture.active.id, recovery: fixture.recovery.id))
        let offset = try #require(fixture.layout[.state]).offset
        let history = try fixture.run("debugfs", ["-R", "cat /lifeboot/history", "\(disk)?offset=\(offset)"])
        #expect(history.data == Data(count: 64 << 10))
        let blocks = try fixture.run("debugfs", ["-R", "blocks /lifeboot/history", "\(disk)?offset=\(offset)"])
        #expect(blocks.output.split { " \n".contains($0) }.count == 16)
    }

    @Test("OEM files keep names, modes and links, and belong to root")
    func oemFiles() throws {
        let fixture = try DiskFixture()
        let oem = fixture.folder.appending("oem")
        try FileManager.default.createDirectory(atPath: oem.appending("a b").string, withIntermediateDirectories: true)
        let script = oem.appending("a b/c \"d\".sh").string
        try Data("x".utf8).write(to: URL(filePath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: script)
        try FileManager.default.createSymbolicLink(atPath: oem.appending("link").string, withDestinationPath: "a b")
        let disk = try fixture.build("disk.raw") { $0.oemFiles = oem }
        let volume = "\(disk)?offset=\(try #require(fixture.layout[.oem]).offset)"
        let status = try fixture.run("debugfs", ["-R", "stat \"/a b/c \"\"d\"\".sh\"", volume]).output
        #expect(status.contains("Mode:  0750") && status.contains("User:     0   Group:     0"), "\(status)")
        #expect(try fixture.run("debugfs", ["-R", "stat /link", volume]).output.contains("Fast link dest: \"a b\""))
    }

    @Test("every format holds the same disk, under its name alone")
    func formats() throws {
        let fixture = try DiskFixture()
        let raw = try fixture.build("disk.raw")
        for (format, name) in [(.qcow2, "qcow2"), (.vhd, "vpc"), (.vmdk, "vmdk")] as [(DiskFormat, String)] {
            let converted = try fixture.build("disk.\(name)") { $0.format = format }
            let arguments = ["compare", "-f", "raw", "-F", name, raw.string, converted.string]
            #expect(try fixture.run("qemu-img", arguments).status == 0, "\(name)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.string)
        #expect(left.sorted() == ["active", "disk.qcow2", "disk.raw", "disk.vmdk", "disk.vpc", "recovery"])
    }

    @Test("a disk for GCE has whole GiB, and its table's copy is at their end")
    func gce() throws {
        let fixture = try DiskFixture()
        let archive = try fixture.build("disk.tar.gz") {
            $0.format = .gce
            $0.sizes.persistent = nil
        }
        #expect(try fixture.run("tar", ["-C", fixture.folder.string, "-xzf", archive.string]).status == 0)
        let disk = fixture.folder.appending("disk.raw")
        #expect(try FileStatus.of(disk)?.size == 2 << 30)
        let check = try fixture.run("sfdisk", ["--verify", disk.string])
        #expect(check.status == 0, "\(check.output)")
        let table = try fixture.run("sfdisk", ["-J", disk.string]).output
        #expect(table.contains("\"lastlba\": \((2 << 30) / 512 - 34)"), "\(table)")
    }

    @Test(
        "partitions beside ours have their names, types and filesystems, behind ours in the table, twice the same bytes"
    )
    func extra() throws {
        let fixture = try DiskFixture()
        let extra = [
            try ExtraPartition("data=20M,srv"), try ExtraPartition("Share=68M,vfat"),
            try ExtraPartition("bare=1M,none"),
        ]
        let disk = try fixture.build("disk.raw") { $0.sizes.extra = extra }
        let again = try fixture.build("again.raw") { $0.sizes.extra = extra }
        #expect(try fixture.run("cmp", [disk.string, again.string]).status == 0)
        var sizes = fixture.sizes
        sizes.extra = extra
        let layout = try DiskLayout(sizes)
        let table = try fixture.run("sfdisk", ["-d", disk.string]).output.split(separator: "\n").suffix(9)
        let names = table.map { $0.split(separator: "\"")[1] }
        #expect(names == Partition.allCases.map { $0.rawValue[...] } + ["data", "Share", "bare"])
        for (line, place) in zip(table.suffix(3), layout.extra) {
            let text = line.replacing(" ", with: "")
            #expect(
                text.contains("start=\(place.offset / 512),size=\(place.size / 512),type=\(place.partition.type)"),
                "\(line)")
        }
        let volume = "\(disk)?offset=\(layout.extra[0].offset)"
        #expect(try fixture.run("e2fsck", ["-fn", volume]).status == 0)
        #expect(
            try fixture.run("debugfs", ["-R", "show_super_stats -h", volume]).output.contains("volume name:   data\n"))
        let label = try fixture.run("mlabel", ["-s", "-i", "\(disk)@@\(layout.extra[1].offset)", "::"])
        #expect(label.output.contains("SHARE"), "\(label.output)")
    }

    @Test("partitions without a size are as large as the images need")
    func sizes() throws {
        let fixture = try DiskFixture()
        let images = try DiskImages(
            DiskRequest(
                image: fixture.active.path, recovery: fixture.recovery.path, output: "x", format: .raw, time: 0,
                grubConfiguration: "x"))
        let content = try images.content(oem: nil)
        #expect(content.oem == 0 && content.recovery == images.recovery.size && content.image == images.active.size)
        #expect(content.image > 6 << 20)
    }

    @Test("an expandable disk has recovery's image alone, and an installation that is pending")
    func expandable() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw") {
            ($0.image, $0.sizes) = ($0.recovery, DiskSizes())
            $0.sizes.isExpandable = true
            ($0.sizes.boot, $0.sizes.oem) = (68 << 20, 16 << 20)
        }
        #expect(try DiskTable(of: disk).entries.map(\.name) == ["bios", "boot", "oem", "recovery"])
        #expect(try fixture.run("sfdisk", ["--verify", disk.string]).output.contains("No errors detected"))
        let block = try fixture.run("mtype", ["-i", "\(disk)@@\(2 << 20)", "::/lifeboot/boot.env"]).data
        let environment = try BootEnvironment.read(Array(block)).environment
        var expected = BootEnvironment(recovery: fixture.recovery.id)
        expected.pending = .install
        #expect(environment == expected)
        let images = try fixture.run("debugfs", ["-R", "ls -p /images", "\(disk)?offset=\(86 << 20)"])
        #expect(images.output.contains(fixture.recovery.id.description))
        for change in [{ _ in }, { $0.passive = $0.recovery }] as [(inout DiskRequest) -> Void] {
            #expect(throws: DiskError.self) {
                try fixture.build("two.raw") {
                    ($0.sizes.isExpandable, $0.sizes.persistent) = (true, nil)
                    change(&$0)
                }
            }
        }
    }

    @Test("a passive image of its own is used, the active one again is refused")
    func passive() throws {
        let fixture = try DiskFixture()
        let other = try fixture.makeImage("other", sequence: 1)
        _ = try fixture.build("disk.raw") { $0.passive = other.path }
        #expect(throws: DiskError.self) { try fixture.build("same.raw") { $0.passive = $0.image } }
    }

    @Test("what does not fit, or is not an image, is refused and leaves nothing behind")
    func refused() throws {
        let fixture = try DiskFixture()
        #expect(throws: DiskLayoutError.self) {
            try fixture.build("a.raw") { $0.sizes.recovery = 16 << 20 }
        }
        try Data("cut".utf8).write(to: URL(filePath: fixture.active.path.appending("initrd.img").string))
        #expect(throws: DiskError.self) { try fixture.build("b.raw") }
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.string)
        #expect(left.sorted() == ["active", "recovery"])
    }

    @Test("a statement says of which images a disk was built, each once, and names its digest")
    func provenance() throws {
        let fixture = try DiskFixture()
        let disk = try fixture.build("disk.raw") {
            $0.recovery = $0.image
            $0.writesProvenance = true
            $0.sizes.extra = [try ExtraPartition("bare=1M,none")]
        }
        let text = try FileBytes.read(FilePath("\(disk).provenance.json"), limit: 1 << 20)
        let statement = try JSONValue(parsing: text)
        let sum = try fixture.run("sha256sum", [disk.string]).output.prefix(64)
        #expect(statement["subject"] == [["name": "disk.raw", "digest": ["sha256": .string(String(sum))]]])
        let build = try #require(statement["predicate"]?["buildDefinition"])
        #expect(build["buildType"] == "urn:lifeboot:boatyard:disk:1")
        #expect(build["externalParameters"]?["size"]?.integer == fixture.layout.size + (1 << 20))
        let partitions = try #require(build["externalParameters"]?["partitions"]?.elements)
        #expect(partitions.map(\.text) == ["bare=1048576,none,0FC63DAF-8483-4772-8E79-3D69D8477DE4"])
        let materials = try #require(build["resolvedDependencies"]?.elements)
        #expect(materials.count == 1 && materials[0]["name"] == "active 1")
        #expect(materials[0]["digest"]?["sha256"]?.text?.hasPrefix("\(fixture.active.id)") == true)
        #expect(try FileStatus.of(FilePath("\(fixture.build("other.raw")).provenance.json")) == nil)
    }
}

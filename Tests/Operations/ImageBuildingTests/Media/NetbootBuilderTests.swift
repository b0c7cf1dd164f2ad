import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("What machines load from the network")
struct NetbootBuilderTests {
    private static func make(
        _ fixture: borrowing ISOFixture, _ name: String = "net", _ change: (inout NetbootRequest) -> Void = { _ in }
    ) throws -> (folder: FilePath, report: NetbootReport) {
        var request = NetbootRequest(image: fixture.disk.active.path, output: fixture.disk.folder.appending(name))
        request.oemFiles = fixture.disk.folder.appending("oem")
        request.installation = fixture.disk.folder.appending("install.yaml")
        change(&request)
        return (request.output, try NetbootBuilder.build(request))
    }

    @Test("cpio unpacks the image as it was published, and what was given by hand, below lifeboot/")
    func unpacked() throws {
        let fixture = try ISOFixture()
        let (folder, image) = (try Self.make(fixture).folder, fixture.disk.active)
        let tree = fixture.disk.folder.appending("tree")
        let archive = folder.appending("\(image.id)/medium.cpio")
        let outcome = try fixture.disk.run(
            "sh", ["-c", "mkdir \(tree) && cd \(tree) && cpio -i --quiet --no-preserve-owner -F \(archive) 2>&1"])
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.output)")
        for file in ImageFile.published {
            let copy = tree.appending("lifeboot/images/\(image.id)/\(file.rawValue)")
            #expect(
                try fixture.disk.run("cmp", [image.path.appending(file.rawValue).string, copy.string]).status == 0)
        }
        #expect(try FileStatus.of(tree.appending("lifeboot/oem/a b/run=me.sh"))?.permissions.rawValue == 0o750)
        #expect(try FileStatus.of(tree.appending("lifeboot/install.yaml"))?.kind == .file)
        let names = try fixture.disk.run("cpio", ["-t", "--quiet", "-F", archive.string]).output.split(separator: "\n")
        #expect(names.last == "lifeboot/images/\(image.id)/root.squashfs")
        #expect(names.prefix(2) == ["lifeboot", "lifeboot/images"])
    }

    @Test("the initramfs is padded to where an archive may begin, the kernel is as it was")
    func padded() throws {
        let fixture = try ISOFixture()
        let (folder, image) = (try Self.make(fixture).folder, fixture.disk.active)
        let made = folder.appending("\(image.id)")
        let given = try FileBytes.read(image.path.appending("initrd.img"), limit: 8 << 20)
        let padded = try FileBytes.read(made.appending("initrd.img"), limit: 8 << 20)
        #expect(padded.count % 4 == 0 && padded.starts(with: given) && padded.count - given.count < 4)
        #expect(
            try fixture.disk.run(
                "cmp", [image.path.appending("vmlinuz").string, made.appending("vmlinuz").string]
            ).status == 0)
    }

    @Test("the same image gives the same bytes, at another time, over what is there; other images stay")
    func again() throws {
        let fixture = try ISOFixture()
        let image = fixture.disk.active
        let first = try Self.make(fixture)
        let archive = "\(image.id)/medium.cpio"
        let digest = try fixture.disk.run("sha256sum", [first.folder.appending(archive).string]).output
        _ = try Self.make(fixture) { $0.image = fixture.disk.recovery.path }
        let names = try Folders.names(of: first.folder).sorted()
        #expect(names == ["\(image.id)", "\(fixture.disk.recovery.id)", "boot.ipxe"].sorted())
        let second = try Self.make(fixture)
        #expect(try fixture.disk.run("sha256sum", [first.folder.appending(archive).string]).output == digest)
        #expect(second.report == first.report && first.report.memory > 512 << 20)
        let script = try FileBytes.read(first.folder.appending("boot.ipxe"), limit: 1 << 16)
        #expect(String(decoding: script, as: UTF8.self).contains("kernel \(image.id)/vmlinuz "))
    }

    @Test("what cannot be carried is refused, and no script names it")
    func refused() throws {
        let fixture = try ISOFixture()
        #expect(throws: ISOError.self) { try Self.make(fixture) { $0.oemFiles = "/nothing/here" } }
        try Data("cut".utf8).write(to: URL(filePath: fixture.disk.active.path.appending("initrd.img").string))
        #expect(throws: DiskError.self) { try Self.make(fixture) }
        #expect(try Folders.names(of: fixture.disk.folder.appending("net")).isEmpty)
    }
}

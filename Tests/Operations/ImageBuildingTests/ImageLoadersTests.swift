import DiskContract
import Foundation
import ImagePlanning
import MadeUpLoaders
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("Loaders of an image", .enabled(if: hasImageTools))
struct ImageLoadersTests {
    static let folder = "usr/lib/lifeboot/grub"
    /// The pair, with what adds keys, of more bytes than a block has.
    static let pair = [
        "shimx64.efi": MadeUpLoader.shim(String(repeating: "shim", count: 100_000)).bytes,
        "grubx64.efi": MadeUpLoader.grub("grub").bytes, "mmx64.efi": Array("keys".utf8),
    ]

    /// An image with some files in the folder of GRUB.
    static func image(_ fixture: borrowing DiskFixture, _ files: [String: [UInt8]] = pair) throws -> FilePath {
        let files = Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0.key)", $0.value) })
        return try fixture.makeImage("paired", sequence: 3, files: files).path
    }

    @Test("are on the boot partition of a disk, with a configuration that leads to ours")
    func disk() throws {
        let fixture = try DiskFixture()
        let image = try Self.image(fixture)
        let disk = try fixture.build("disk.raw") { $0.image = image }
        let volume = "\(disk)@@\(try #require(fixture.layout[.boot]).offset)"
        let read = { (path: String) in Array(try fixture.run("mtype", ["-i", volume, "::\(path)"]).data) }
        #expect(try read("/EFI/BOOT/BOOTX64.EFI") == Self.pair["shimx64.efi"])
        #expect(try read("/EFI/BOOT/grubx64.efi") == Self.pair["grubx64.efi"])
        #expect(try read("/EFI/BOOT/mmx64.efi") == Self.pair["mmx64.efi"])
        #expect(try read("/EFI/debian/grub.cfg") == UEFILoaders.diskConfiguration)
    }

    @Test("are on a medium twice, in its tree and where UEFI reads, with what leads to its configuration")
    func medium() throws {
        let fixture = try ISOFixture()
        let image = try Self.image(fixture.disk)
        let medium = try fixture.build("medium.iso") { $0.image = image }
        let tree = try fixture.extracted(medium)
        let offset = try fixture.partitionOffset(medium)
        for (path, name) in [
            ("EFI/BOOT/BOOTX64.EFI", "shimx64.efi"), ("EFI/BOOT/grubx64.efi", "grubx64.efi"),
            ("EFI/BOOT/mmx64.efi", "mmx64.efi"), ("EFI/debian/grub.cfg", nil), ("boot/grub/grub.cfg", nil),
        ] {
            let file = try Data(contentsOf: URL(filePath: tree.appending(path).string))
            #expect(
                try fixture.disk.run("mtype", ["-i", "\(medium)@@\(offset)", "::/\(path)"]).data == file, "\(path)")
            if let name { #expect(Array(file) == Self.pair[name]) }
        }
        let leading = try String(contentsOfFile: tree.appending("EFI/debian/grub.cfg").string, encoding: .utf8)
        let id = try DiskImageSource(image).id
        #expect(leading.contains("/images/\(id)/manifest.json") && leading.contains("source $prefix/grub.cfg"))
        let check = try fixture.disk.run("env", ["-C", tree.string, "sha256sum", "--check", "--strict", "SHA256SUMS"])
        #expect(check.status == 0, "\(check.output)")
    }

    @Test("that do not fit each other, or are no files, make neither a disk nor a medium")
    func refused() throws {
        let fixture = try DiskFixture()
        let half = try Self.image(fixture, ["shimx64.efi": MadeUpLoader.shim().bytes])
        #expect(throws: LoaderError.self) { try fixture.build("disk.raw") { $0.image = half } }
        let request = ISORequest(image: half, output: fixture.folder.appending("medium.iso"))
        #expect(throws: LoaderError.self) { try ISOBuilder.build(request) }
        let folder = try Self.image(fixture, ["shimx64.efi/file": [1]])
        #expect(throws: DiskError.self) { try fixture.build("disk.raw") { $0.image = folder } }
    }
}

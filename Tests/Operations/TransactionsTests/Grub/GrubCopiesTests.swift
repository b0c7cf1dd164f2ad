import Foundation
import GrubEnvironment
import ImagePlanning
import SystemPackage
import Testing
import TransactionPlanning

@testable import Transactions

/// A folder that stands for the boot partition, removed at the end.
private final class BootFolder {
    let url: URL
    let copies: GrubCopies

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "grub-\(UUID())")
        try FileManager.default.createDirectory(at: url.appending(path: "grub"), withIntermediateDirectories: true)
        copies = GrubCopies(root: FilePath(url.path))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }

    func text(_ name: String) throws -> String { try String(contentsOf: url.appending(path: name), encoding: .utf8) }
}

@Suite("GRUB's copies")
struct GrubCopiesTests {
    @Test("a copy that was written is whole, and a changed byte gives it away")
    func copies() throws {
        let boot = try BootFolder()
        #expect(try boot.copies.arrangement() == .single)
        #expect(try boot.copies.state(.a) == .damaged)
        try boot.copies.write(GrubConfiguration(version: 4, text: Array("menu\n".utf8)), as: .a)
        #expect(try boot.copies.state(.a) == .whole(version: 4))
        #expect(try boot.copies.arrangement() == .copies(nil))
        try boot.write("mend\n", "grub/a/grub.cfg")
        #expect(try boot.copies.state(.a) == .damaged)
    }

    @Test("grub.env is made where there is none, and then written in place")
    func selection() throws {
        let boot = try BootFolder()
        try boot.copies.write(GrubConfiguration(version: 1, text: [10]), as: .a)
        let selection = GrubSelection(copy: .b, trial: .a, loader: 2, tried: 3)
        try boot.copies.write(GrubSelection())
        let file = boot.url.appending(path: "lifeboot/grub.env").path
        let number = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
        try boot.copies.write(selection)
        #expect(try boot.copies.arrangement() == .copies(selection))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int == number)
    }

    @Test("an older disk's configuration becomes copy a, and the exchange puts the selector in its place")
    func adoption() throws {
        let boot = try BootFolder()
        try boot.write("old\n", "grub/grub.cfg")
        try boot.copies.adopt()
        #expect(try boot.copies.state(.a) == .whole(version: 0))
        try boot.write("selector\n", "grub/select.new")
        let notes = try boot.copies.exchange(GrubPlaces.newSelector, with: GrubPlaces.selector, otherwise: "it stays")
        #expect(notes == [])
        #expect(try boot.text("grub/grub.cfg") == "selector\n")
        #expect(try boot.text("grub/select.new") == "old\n")
    }

    @Test("until the selector is in its place the disk has one configuration, so that a cut adoption is done again")
    func cutAdoption() throws {
        let boot = try BootFolder()
        try boot.write("old\n", "grub/grub.cfg")
        try boot.copies.adopt()
        #expect(try boot.copies.arrangement() == .single)
        try boot.copies.write(GrubConfiguration(version: 2, text: Array("menu\n".utf8)), as: .b)
        #expect(try boot.copies.arrangement() == .single)
        let selection = GrubSelection(copy: .a, trial: .b, tried: 2)
        try boot.copies.write(selection)
        #expect(try boot.copies.arrangement() == .single)
        try boot.write("selector\n", "grub/grub.cfg")
        #expect(try boot.copies.arrangement() == .copies(selection))
    }

    @Test("a first copy in pieces is made again, but not on a disk that has the second one or grub.env")
    func cutCopy() throws {
        let boot = try BootFolder()
        try boot.write("old\n", "grub/grub.cfg")
        try boot.copies.adopt()
        try boot.write("o", "grub/a/grub.cfg")
        #expect(try boot.copies.arrangement() == .single)
        try boot.copies.adopt()
        #expect(try boot.copies.state(.a) == .whole(version: 0))
        try boot.write("o", "grub/a/grub.cfg")
        try boot.copies.write(GrubSelection())
        #expect(try boot.copies.arrangement() == .copies(GrubSelection()))
    }

    @Test("an exchange that the filesystem refuses is a note")
    func refusedExchange() throws {
        let boot = try BootFolder()
        try boot.write("old\n", "grub/grub.cfg")
        try boot.copies.adopt()
        // The kernel says the same (`EINVAL`) of a folder and one that lies in it.
        let notes = try boot.copies.exchange("/grub", with: "/grub/a", otherwise: "it stays")
        #expect(notes.count == 1 && notes.first?.contains("it stays") == true)
        #expect(try boot.text("grub/grub.cfg") == "old\n")
    }
}

@Suite("GRUB's boot sector")
struct GrubBootSectorTests {
    private static let bootImage = [UInt8](repeating: 1, count: 510) + [0x55, 0xAA]

    private static func core(_ fill: UInt8) -> [UInt8] {
        var core = [UInt8](repeating: fill, count: 1024)
        core.replaceSubrange(0x1F4..<0x200, with: [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x20, 0x08])
        return core
    }

    @Test("a new core goes where none is in use, and one sector makes it count")
    func upgrade() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "core-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (disk, partition) = (folder.appending(path: "disk"), folder.appending(path: "bios"))
        try Data([UInt8](repeating: 2, count: 4096)).write(to: disk)
        try Data(count: 1 << 20).write(to: partition)
        let sector = GrubBootSector(
            disk: FilePath(disk.path), partition: FilePath(partition.path), firstSector: 2048)
        #expect(try sector.loads(Self.bootImage, Self.core(3)) == nil)
        #expect(throws: GrubError.self) { try sector.writeSpare(Self.core(3)) }
        try sector.write(Self.core(3), slot: 0)
        try sector.commit(Self.bootImage, slot: 0)
        #expect(try sector.loads(Self.bootImage, Self.core(3)) == true)
        try sector.writeSpare(Self.core(4))
        #expect(try sector.loads(Self.bootImage, Self.core(3)) == true, "until the commit the old one counts")
        try sector.commit(Self.bootImage)
        #expect(try sector.loads(Self.bootImage, Self.core(4)) == true)
        let table = try Data(contentsOf: disk)[0x1B8..<0x1FE]
        #expect(table.allSatisfy { $0 == 2 }, "the partition table stays")
    }
}

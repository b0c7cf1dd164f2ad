import Foundation
import Testing

@testable import ImagePlanning

@Suite("GRUB's boot code")
struct GrubBootCodeTests {
    private let bootImage = [UInt8](repeating: 1, count: 510) + [0x55, 0xAA]
    private let protective = [UInt8](repeating: 2, count: 510) + [0x55, 0xAA]

    /// A core of three sectors whose block list names the last two.
    private func core(listed: UInt8 = 2) -> [UInt8] {
        var core = [UInt8](repeating: 3, count: 1200)
        core.replaceSubrange(0x1F4..<0x200, with: [2, 0, 0, 0, 0, 0, 0, 0, listed, 0, 0x20, 0x08])
        return core
    }

    @Test("the boot sector keeps the table and names the core's sector")
    func bootSector() throws {
        let sector = try GrubBootCode.bootSector(bootImage, over: protective, coreSector: 0x0102)
        #expect(sector.count == 512)
        #expect(sector[0x5C..<0x64] == [2, 1, 0, 0, 0, 0, 0, 0])
        #expect(sector[0x66..<0x68] == [0x90, 0x90])
        #expect(sector[0x1B8..<0x1FE].allSatisfy { $0 == 2 })
        #expect(sector[..<0x5C].allSatisfy { $0 == 1 } && sector.suffix(2) == [0x55, 0xAA])
    }

    @Test("the core's block list begins one sector behind it, and the core fills whole sectors")
    func coreImage() throws {
        let result = try GrubBootCode.core(core(), coreSector: 2048, limit: 1 << 20)
        #expect(result.count == 1536)
        #expect(result[0x1F4..<0x1FC] == [1, 8, 0, 0, 0, 0, 0, 0])
        #expect(result[0x1FC..<0x200] == [2, 0, 0x20, 0x08])
    }

    @Test("what is not boot code is refused")
    func refused() {
        #expect(throws: GrubBootCodeError.self) {
            try GrubBootCode.bootSector(Array(bootImage.dropLast()), over: protective, coreSector: 1)
        }
        #expect(throws: GrubBootCodeError.self) { try GrubBootCode.bootSector(bootImage, over: [], coreSector: 1) }
        #expect(throws: GrubBootCodeError.self) { try GrubBootCode.core(core(), coreSector: 1, limit: 1024) }
        #expect(throws: GrubBootCodeError.self) { try GrubBootCode.core([1], coreSector: 1, limit: 1024) }
        #expect(throws: GrubBootCodeError.self) { try GrubBootCode.core(core(listed: 1), coreSector: 1, limit: 4096) }
    }

    @Test("sector 0 says which of the two places counts", arguments: [0, 1])
    func slots(slot: Int) throws {
        let place = GrubBootCode.coreSector(slot: slot, partitionSector: 2048)
        #expect(place == (slot == 0 ? 2048 : 3072))
        let sector = try GrubBootCode.bootSector(bootImage, over: protective, coreSector: place)
        #expect(GrubBootCode.slot(of: sector, partitionSector: 2048) == slot)
        #expect(GrubBootCode.slot(of: sector, partitionSector: 4096) == nil)
        #expect(GrubBootCode.slot(of: [1, 2, 3], partitionSector: 2048) == nil)
    }

    @Test("images get GRUB with the modules that boatyard puts on disks")
    func modules() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "grub/modules")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        let names = { (words: [String]) in
            lines.filter { words.contains(String($0[0])) }.flatMap { $0.dropFirst().map(String.init) }
        }
        #expect(names(["common", "bios"]) == GrubModules.bios)
        #expect(names(["common", "efi"]) == GrubModules.efi)
    }
}

import MadeUpLoaders
import Testing

@testable import ImagePlanning

@Suite("A program for UEFI")
struct EFIProgramTests {
    @Test("says its machine, whether it is signed, and what is in each of its parts, those with long names too")
    func parts() throws {
        var shim = MadeUpLoader.shim("text")
        let program = try #require(EFIProgram(shim.bytes))
        #expect(program.machine == "x64" && program.isSigned && program.isShim)
        #expect(program.section(".text").map(Array.init) == Array("text".utf8))
        #expect(program.trusted.map(Array.init) == Array("maker".utf8))
        #expect(EFIProgram(MadeUpLoader.grub().bytes)?.trusted == nil)
        #expect(EFIProgram(MadeUpLoader([(".vendor_cert", [1, 2, 3])]).bytes)?.trusted.map(Array.init) == [1, 2, 3])
        #expect(program.section(".absent") == nil && program.grubPrefix == nil)
        (shim.machine, shim.isSigned) = (0xAA64, false)
        let other = try #require(EFIProgram(shim.bytes))
        #expect(other.machine == "aa64" && !other.isSigned)
    }

    @Test("of GRUB says where that looks for its configuration", arguments: ["/EFI/debian", "(,gpt2)/grub"])
    func prefix(_ prefix: String) {
        let program = EFIProgram(MadeUpLoader.grub(prefix: prefix).bytes)
        #expect(program?.grubPrefix == prefix && program?.isShim == false)
    }

    @Test("that was cut anywhere is none, or says nothing that is not in it")
    func cut() {
        let bytes = MadeUpLoader.grub().bytes
        for count in 0..<bytes.count {
            let program = EFIProgram(Array(bytes.prefix(count)))
            if let text = program?.section(".sbat") {
                #expect(String(decoding: text, as: UTF8.self).hasPrefix("sbat,1\n"))
            }
        }
        #expect(EFIProgram(Array(bytes.prefix(200))) == nil)
        #expect(EFIProgram(Array("MZ".utf8) + [UInt8](repeating: 0xFF, count: 300)) == nil)
    }

    @Test("with another mark, another header, or for another machine is none", arguments: [0, 64, 68, 88])
    func other(place: Int) {
        var bytes = MadeUpLoader.shim().bytes
        bytes[place] ^= 0xFF
        #expect(EFIProgram(bytes) == nil)
        // What is there besides says nothing of a signature either, unless it is only the machine that is unknown.
        #expect(EFIProgram.isSigned(head: bytes) == (place == 68))
    }

    @Test("whose pieces go on for ever, or are empty, has no place for a configuration")
    func endless() {
        var grub = MadeUpLoader.grub()
        for size: UInt8 in [0, 8, 0xFF] {
            grub.sections[1].content[28] = size
            #expect(EFIProgram(grub.bytes)?.grubPrefix == nil)
        }
    }
}

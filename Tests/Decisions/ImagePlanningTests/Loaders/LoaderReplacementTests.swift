import MadeUpLoaders
import Testing

@testable import ImagePlanning

@Suite("Replacing loaders")
struct LoaderReplacementTests {
    static func pair(_ mark: String, grub own: String = "grub,5\n", maker: String = "maker") throws -> UEFILoaders {
        let (shim, grub) = (MadeUpLoader.shim(mark, maker: maker), MadeUpLoader.grub(mark, own: own))
        return try #require(
            try UEFILoadersTests.loaders(
                ["shimx64.efi": shim.bytes, "grubx64.efi": grub.bytes, "mmx64.efi": Array(mark.utf8)]))
    }

    /// What is done on a disk with some loaders, offered others.
    static func replacement(_ offered: UEFILoaders, on installed: UEFILoaders?) -> LoaderReplacement {
        let files = Dictionary(uniqueKeysWithValues: installed?.files.map { ($0.path, $0.bytes) } ?? [])
        return LoaderReplacement(offered: offered) { files[$0] }
    }

    @Test("takes what differs: all of another pair but its configuration, nothing of the same")
    func newer() throws {
        let old = try Self.pair("old")
        #expect(Self.replacement(try Self.pair("new"), on: old).outdated == [.manager, .grub, .firmware])
        #expect(Self.replacement(old, on: old) == Self.replacement(old, on: nil))
        #expect(Self.replacement(old, on: old).outdated.isEmpty)
    }

    @Test("puts the pair beside a loader of ours, and never one of ours in the place of shim")
    func kinds() throws {
        let (pair, own) = (try Self.pair("new"), UEFILoaders(own: MadeUpLoader.grub(prefix: "(,gpt2)/grub").bytes))
        #expect(Self.replacement(pair, on: own).outdated == Set(LoaderFile.allCases))
        let back = Self.replacement(own, on: pair)
        #expect(back.outdated.isEmpty && back.notes.count == 1 && back.notes[0].contains("brings no signed loaders"))
        #expect(Self.replacement(UEFILoaders(own: [1]), on: own).outdated == [.firmware])
    }

    @Test("takes no loaders of another distribution, which the shim that is there would not start")
    func other() throws {
        let (old, other) = (try Self.pair("old"), try Self.pair("new", maker: "other"))
        let replacement = Self.replacement(other, on: old)
        #expect(replacement.outdated.isEmpty && replacement.notes.count == 1)
        #expect(replacement.notes[0].contains("distribution"))
        #expect(Self.replacement(other, on: other).notes == [])
    }

    @Test("goes back to no older generation of any of them, and leaves the others, too")
    func older() throws {
        let old = try Self.pair("new", grub: "grub,6\n")
        let replacement = Self.replacement(try Self.pair("old"), on: old)
        #expect(replacement.outdated.isEmpty && replacement.notes.count == 1)
        #expect(replacement.notes[0].contains("/EFI/BOOT/grubx64.efi"))
        #expect(Self.replacement(old, on: try Self.pair("old")).outdated == [.manager, .grub, .firmware])
    }
}

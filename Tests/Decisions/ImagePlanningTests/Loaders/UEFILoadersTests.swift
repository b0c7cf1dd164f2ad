import Faults
import MadeUpLoaders
import Testing

@testable import ImagePlanning

@Suite("Loaders for UEFI")
struct UEFILoadersTests {
    static let shim = MadeUpLoader.shim().bytes
    static let grub = MadeUpLoader.grub().bytes

    /// The loaders of an image with these files, which lead to the configuration 7.
    static func loaders(_ files: [String: [UInt8]]) throws -> UEFILoaders? {
        try UEFILoaders(configuration: [7]) { files[$0] }
    }

    @Test("of an image with the pair are written with what firmware starts last, and GRUB's configuration first")
    func pair() throws {
        let loaders = try #require(
            try Self.loaders(["shimx64.efi": Self.shim, "grubx64.efi": Self.grub, "mmx64.efi": [1], "BOOTX64.EFI": [2]])
        )
        #expect(loaders.isPair)
        #expect(
            loaders.files.map(\.path) == [
                "/EFI/debian/grub.cfg", "/EFI/BOOT/mmx64.efi", "/EFI/BOOT/grubx64.efi", "/EFI/BOOT/BOOTX64.EFI",
            ])
        #expect(loaders.files.map(\.bytes) == [[7], [1], Self.grub, Self.shim])
        #expect(loaders.files.map(\.file) == LoaderFile.allCases)
        #expect(loaders.folders == ["/EFI", "/EFI/debian", "/EFI/BOOT"])
    }

    @Test("need no program that adds keys, and are named for the machine that they are for")
    func arm() throws {
        var (shim, grub) = (MadeUpLoader.shim(), MadeUpLoader.grub(prefix: "/EFI/other"))
        (shim.machine, grub.machine) = (0xAA64, 0xAA64)
        let loaders = try Self.loaders(["shimaa64.efi": shim.bytes, "grubaa64.efi": grub.bytes])
        #expect(
            loaders?.files.map(\.path) == ["/EFI/other/grub.cfg", "/EFI/BOOT/grubaa64.efi", "/EFI/BOOT/BOOTAA64.EFI"])
    }

    @Test("are none where the image has neither, and ours are one program")
    func own() throws {
        #expect(try Self.loaders(["mmx64.efi": [1], "BOOTX64.EFI": [2]]) == nil)
        let own = UEFILoaders(own: [5])
        #expect(!own.isPair && own.folders == ["/EFI", "/EFI/BOOT"])
        #expect(own.files == [.init(file: .firmware, path: "/EFI/BOOT/BOOTX64.EFI", bytes: [5])])
    }

    @Test(
        "that do not fit each other are refused in words that name the one",
        arguments: [
            (["shimx64.efi": shim], "grubx64.efi", "missing"), (["grubx64.efi": grub], "shimx64.efi", "missing"),
            (["shimx64.efi": grub, "grubx64.efi": grub], "shimx64.efi", "no signed shim"),
            (["shimx64.efi": shim, "grubx64.efi": shim], "grubx64.efi", "no signed GRUB"),
            (["shimx64.efi": shim, "grubx64.efi": [1, 2]], "grubx64.efi", "no signed GRUB"),
            (["shimaa64.efi": shim, "grubaa64.efi": grub], "shimaa64.efi", "for aa64"),
            (
                ["shimx64.efi": shim, "grubx64.efi": MadeUpLoader.grub(own: "sbat,1\ngrub,4\n").bytes], "grubx64.efi",
                "grub 4, not 5"
            ),
            (
                ["shimx64.efi": shim, "grubx64.efi": MadeUpLoader.grub(prefix: "(,gpt2)/grub").bytes], "grubx64.efi",
                "'(,gpt2)/grub'"
            ),
        ])
    func misfits(_ files: [String: [UInt8]], _ name: String, _ words: String) throws {
        let error = #expect(throws: LoaderError.self) { try Self.loaders(files) }
        #expect(error?.subject == "the loader \(name) of the image")
        #expect(error?.cause.contains(words) == true, "\(error?.cause ?? "")")
    }

    @Test("that nobody has signed are refused", arguments: [true, false])
    func unsigned(isShim: Bool) {
        var (shim, grub) = (MadeUpLoader.shim(), MadeUpLoader.grub())
        if isShim { shim.isSigned = false } else { grub.isSigned = false }
        #expect(throws: LoaderError.self) {
            try Self.loaders(["shimx64.efi": shim.bytes, "grubx64.efi": grub.bytes])
        }
    }
}

import Testing

@testable import KernelModules

@Suite("Index of modules")
struct ModuleIndexTests {
    @Test(
        "a file's name is a module's when it ends as one, packed or not",
        arguments: [
            ("kernel/block/t10-pi.ko", "t10_pi"), ("a/b_c.ko.xz", "b_c"), ("x.ko.zst", "x"), ("v4l2.0.ko", "v4l2.0"),
            ("kernel/x.txt", nil), (".ko", nil), ("", nil), ("ko", nil),
        ])
    func names(file: String, name: String?) {
        #expect(ModuleName(file: Array(file.utf8)[...])?.description == name)
    }

    @Test("hyphens and underscores are the same in a name")
    func hyphens() {
        #expect(ModuleName("t10-pi") == "t10_pi" && "a-b" as ModuleName == "a_b")
        #expect(["b", "a"].map { ModuleName($0) }.sorted().map(\.description) == ["a", "b"])
    }

    @Test("an entry has the file and what the module needs")
    func entries() throws {
        let entry = try #require(DebianIndexes.index.modules["virtio_blk"])
        #expect(entry.file == "kernel/drivers/block/virtio_blk.ko")
        #expect(entry.dependencies == ["virtio", "virtio_ring"])
        #expect(DebianIndexes.index.builtin == ["fuse", "sha256_generic"])
    }

    @Test(
        "an alias leads to all modules that are for it, each once, in the order of the file",
        arguments: [
            ("crypto-crc32c", ["crc32c_intel", "crc32c_generic"]),
            ("crypto_crc32c", ["crc32c_intel", "crc32c_generic"]),
            ("mmc:block", ["mmc_block"]), ("virtio:d00000002v00001AF4", ["virtio_blk"]), ("virtio:d00000003v0", []),
            ("usb:v1p2d3dc4dsc5dp6ic08isc06ip62in00", ["uas", "usb_storage"]), ("scsi:t-0x00", ["sd_mod"]),
            ("nowhere", []), ("", []),
        ] as [(String, [String])])
    func aliases(alias: String, modules: [String]) {
        #expect(DebianIndexes.index.modules(for: alias).map(\.description) == modules)
    }

    @Test("a pattern whose kind is open is for every kind")
    func openKind() {
        var index = ModuleIndex()
        index.addLines(Array("alias acpi*:PNP0501:* serial\nalias *:x other\nalias broken\nalias a b c\n".utf8))
        #expect(index.modules(for: "acpi:PNP0501:") == ["serial"] && index.modules(for: "q:x") == ["other"])
        #expect(index.modules(for: "a") == ["b"])
    }

    @Test("lines that are none are passed over")
    func noise() {
        var index = ModuleIndex()
        index.addDependencies(Array("\n:\nreadme.txt: a.ko\nx.ko: y.txt z.ko\n".utf8))
        #expect(index.modules.keys.map(\.description) == ["x"] && index.modules["x"]?.dependencies == ["z"])
    }
}

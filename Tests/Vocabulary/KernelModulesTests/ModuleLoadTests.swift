import Testing

@testable import KernelModules

@Suite("What is loaded for a request")
struct ModuleLoadTests {
    private func names(_ answer: ModuleAnswer) -> [String]? {
        guard case .load(let loads) = answer else { return nil }
        return loads.map { $0.isOptional ? "(\($0.name))" : $0.name.description }
    }

    @Test(
        "what others use is loaded before them, and what a module is better with is tried around it",
        arguments: [
            ("virtio_blk", ["virtio_ring", "virtio", "virtio_blk"]),
            ("virtio-pci", ["virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci"]),
            ("ext4", ["(crc32c_intel)", "(crc32c_generic)", "jbd2", "mbcache", "crc16", "ext4"]),
            ("fs-ext4", ["(crc32c_intel)", "(crc32c_generic)", "jbd2", "mbcache", "crc16", "ext4"]),
            ("crypto-crc32c", ["(crc32c_intel)", "(crc32c_generic)"]), ("xts", ["(ecb)", "xts"]),
            ("uas", ["scsi_mod", "usb_storage", "uas", "(crc_t10dif)", "(t10_pi)", "(sd_mod)"]), ("fuse", []),
            ("sha256_generic", []),
        ])
    func closure(request: String, modules: [String]) {
        #expect(names(DebianIndexes.resolver().answer(request)) == modules)
    }

    @Test("a name that no module has is unknown, and one that is kept out says so")
    func refused() {
        #expect(DebianIndexes.resolver().answer("nowhere") == .unknown)
        #expect(DebianIndexes.resolver("install xts /bin/false").answer("xts") == .disabled)
        #expect(DebianIndexes.resolver("blacklist mmc_block").answer("mmc:block") == .unknown)
    }

    @Test("a module that is kept out by a blacklist still comes by its name and as a dependency, by no device")
    func blacklist() {
        let resolver = DebianIndexes.resolver("blacklist virtio_ring\nblacklist virtio-blk")
        #expect(names(resolver.answer("virtio_blk")) == ["virtio_ring", "virtio", "virtio_blk"])
        #expect(resolver.drivers(for: ["virtio:d00000002v0"]).isEmpty)
    }

    @Test("what is disabled comes in no way")
    func disabled() {
        let resolver = DebianIndexes.resolver("install ecb /bin/false")
        #expect(names(resolver.answer("xts")) == ["xts"])
    }

    @Test("drivers of all devices come once each, with their parameters and files, and may all fail")
    func drivers() {
        let resolver = DebianIndexes.resolver(words: [("virtio_blk.queue_depth", "64")])
        let loads = resolver.drivers(for: ["virtio:d00000002v0", "virtio:d00000002v1", "mmc:block", "nowhere:1"])
        #expect(loads.map(\.name.description) == ["virtio_ring", "virtio", "virtio_blk", "mmc_block"])
        #expect(loads.map(\.parameters) == ["", "", "queue_depth=64", ""])
        #expect(loads.last?.file == "kernel/drivers/mmc/core/mmc_block.ko.xz")
        #expect(loads.map(\.isOptional) == [true, true, true, true])
    }

    @Test("rings of soft dependencies end")
    func rings() {
        var index = ModuleIndex()
        index.addDependencies(Array("a.ko:\nb.ko:\n".utf8))
        index.addLines(Array("softdep a pre: b\nsoftdep b pre: a\nsoftdep b post: b".utf8))
        let answer = ModuleResolver(index, ModuleSettings()).answer("a")
        #expect(names(answer) == ["(b)", "a"])
    }

    @Test("what one can do without and another needs is needed")
    func promoted() {
        var index = ModuleIndex()
        index.addDependencies(Array("a.ko: d.ko s.ko\nd.ko:\ns.ko:\n".utf8))
        index.addLines(Array("softdep s pre: d".utf8))
        #expect(names(ModuleResolver(index, ModuleSettings()).answer("a")) == ["d", "s", "a"])
    }
}

/// Says which ways to start from a medium an image lacks drivers for.
package struct MediaDrivers: Equatable, Sendable {
    /// A way to start, and what Linux needs for it.
    struct Way {
        /// What is started from, for a sentence.
        var name: String
        /// The names of the modules, with underscores.
        var modules: [String]
    }

    static let ways = [
        Way(name: "a CD", modules: ["cdrom", "isofs", "sr_mod"]),
        Way(name: "a USB stick", modules: ["isofs", "sd_mod", "usb_storage", "xhci_pci"]),
        Way(name: "a copy on a stick with FAT", modules: ["nls_cp437", "vfat"]),
        Way(name: "the network, by UEFI", modules: ["isofs", "libnvdimm", "nd_pmem", "nfit"]),
    ]

    /// The modules of the kernel, as files and built in; nil when nobody could find out.
    package var kernel: Set<String>?
    /// The modules that the initramfs has, and those that are built in; nil when nobody could find out.
    package var initramfs: Set<String>?

    /// Holds what an image has.
    package init(kernel: Set<String>?, initramfs: Set<String>?) {
        self.kernel = kernel
        self.initramfs = initramfs
    }

    /// A sentence for each way that does not work, with what to do.
    package var warnings: [String] {
        guard let kernel else { return ["The drivers of the kernel could not be looked at."] }
        return Self.ways.compactMap { way in
            let missing = way.modules.filter { !kernel.contains($0) }
            guard missing.isEmpty else {
                return "The kernel lacks \(missing.joined(separator: ", ")), so it does not start from \(way.name). "
                    + "Take a kernel that has them."
            }
            return left(way)
        } + (initramfs == nil ? ["The drivers of the initramfs could not be looked at."] : [])
    }

    /// What the kernel has, and the initramfs was made without.
    private func left(_ way: Way) -> String? {
        guard let initramfs, case let missing = way.modules.filter({ !initramfs.contains($0) }), !missing.isEmpty else {
            return nil
        }
        return "The initramfs lacks \(missing.joined(separator: ", ")), so it does not start from \(way.name). "
            + "Make it with lifeboot_live=yes."
    }
}

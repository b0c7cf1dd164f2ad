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

    /// What was found out about the modules of a kernel or an initramfs.
    package enum Modules: Equatable, Sendable {
        /// Their names, with underscores, also of those that are built in.
        case known(Set<String>)
        /// They could not be looked at, and why, without full stop: that says nothing about them.
        case unknown(String)
    }

    /// The modules of the kernel, as files and built in.
    package var kernel: Modules
    /// The modules that the initramfs has, and those that are built in.
    package var initramfs: Modules

    /// Holds what an image has.
    package init(kernel: Modules, initramfs: Modules) {
        self.kernel = kernel
        self.initramfs = initramfs
    }

    /// A sentence for each way that does not work, with what to do.
    package var warnings: [String] {
        let kernel: Set<String>
        switch self.kernel {
        case .known(let modules): kernel = modules
        case .unknown(let cause): return [Self.notLooked("kernel", cause)]
        }
        let lacking = Self.ways.compactMap { way in
            let missing = way.modules.filter { !kernel.contains($0) }
            guard !missing.isEmpty else { return left(way) }
            return "The kernel lacks \(missing.joined(separator: ", ")), so it does not start from \(way.name). "
                + "Take a kernel that has them."
        }
        guard case .unknown(let cause) = initramfs else { return lacking }
        return lacking + [Self.notLooked("initramfs", cause)]
    }

    private static func notLooked(_ part: String, _ cause: String) -> String {
        "The drivers of the \(part) could not be looked at: \(cause)."
    }

    /// What the kernel has, and the initramfs was made without.
    private func left(_ way: Way) -> String? {
        guard case .known(let modules) = initramfs,
            case let missing = way.modules.filter({ !modules.contains($0) }), !missing.isEmpty
        else {
            return nil
        }
        return "The initramfs lacks \(missing.joined(separator: ", ")), so it does not start from \(way.name). "
            + "Make it with lifeboot_live=yes."
    }
}

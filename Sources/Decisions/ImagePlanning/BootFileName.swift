/// Reads the names that kernels and initrds have in `/boot` and in the folders of modules.
package enum BootFileName {
    /// The version in the name of a kernel in `/boot`; nil for what is none.
    static func kernel(_ name: Substring) -> KernelVersion? {
        version(name, after: ["vmlinuz-", "vmlinux-", "Image-"])
    }

    /// The version in the name of an initrd in `/boot`, as Debian, kernel-install and dracut write it; nil for what is none.
    static func initrd(_ name: Substring) -> KernelVersion? {
        let stem = name.hasSuffix(".img") ? name.dropLast(4) : name
        return version(stem, after: ["initrd.img-", "initramfs-", "initrd-"])
    }

    /// Says whether a kernel of that version is one for emergencies or for looking for faults, which is not what a machine
    /// starts from unless somebody says so.
    static func isSpecial(_ version: KernelVersion) -> Bool {
        let words = version.description.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.contains { specialWords.contains(String($0)) }
    }

    private static let specialWords: Set<String> = ["rescue", "debug", "dbg", "kdump"]

    /// Endings of copies, of what package managers put aside, of signatures, and of forms that no boot loader starts.
    private static let lookalikes: Set<String> = [
        "old", "bak", "backup", "orig", "save", "saved", "copy", "disabled", "tmp", "temp", "part", "new", "swp",
        "dpkg-tmp", "dpkg-new", "dpkg-old", "dpkg-dist", "dpkg-bak", "rpmsave", "rpmnew", "rpmorig",
        "signed", "unsigned", "sig", "sign", "p7s", "asc", "gpg", "hmac", "md5", "sha256", "sha512", "sum",
        "gz", "bz2", "xz", "zst", "zstd", "lz4", "lzma", "lzo", "efi", "elf", "map", "config", "debug", "dbg",
    ]

    private static func version(_ name: Substring, after prefixes: [String]) -> KernelVersion? {
        guard let prefix = prefixes.first(where: { name.hasPrefix($0) }), !isLookalike(name) else { return nil }
        return KernelVersion(String(name.dropFirst(prefix.count)))
    }

    private static func isLookalike(_ name: Substring) -> Bool {
        // rpm's temporary names have a semicolon, editors' a tilde.
        if name.hasSuffix("~") || name.contains(";") { return true }
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return lookalikes.contains(ending) || ending.hasPrefix("old-")
    }
}

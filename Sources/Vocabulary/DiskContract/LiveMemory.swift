/// Says how much memory a live system takes that runs from a copy in memory.
package enum LiveMemory {
    /// What stays for the system that runs from there, in bytes.
    private static let reserve: Int64 = 512 << 20

    /// The memory of a machine that takes a copy of some bytes, in bytes.
    ///
    /// A copy of a medium has its own size, and as much again for what is written and cached. What comes in the initramfs is
    /// there twice while the kernel unpacks it, and then takes at most half of the memory
    /// (Documentation/filesystems/ramfs-rootfs-initramfs.rst). The rest is room to work.
    package static func needed(for size: Int64) -> Int64 { size / 2 * 5 + reserve }
}

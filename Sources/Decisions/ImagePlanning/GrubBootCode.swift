import DiskContract
package import Faults

// Joins GRUB's BIOS boot code to a disk, as `grub-install` does (GRUB 2.06, `util/setup.c`), without a block device.

/// Says why boot code cannot be joined.
package typealias GrubBootCodeError = Fault<GrubBootCodeFault>

/// Names the part of GRUB, or the disk, that does not fit the others.
package enum GrubBootCodeFault: FaultKind {
    /// `boot.img`.
    case bootImage
    /// The sector with the protective MBR.
    case protective
    /// `core.img`.
    case core
}

extension GrubBootCodeError {
    fileprivate init(_ kind: GrubBootCodeFault, cause: String) {
        self.init(
            kind, "installing", kind == .core ? "core.img" : "boot.img", cause: cause,
            remedy: "Install the grub-pc-bin package of a supported GRUB.")
    }
}

/// Prepares the two pieces that BIOS boots from: `boot.img` in sector 0 and the core image in the BIOS partition.
package enum GrubBootCode {
    /// Bytes in a sector: BIOS and `boot.img` count in no others.
    package static let sectorSize = 512
    /// Where `boot.img` keeps the number of the sector it loads (`GRUB_BOOT_MACHINE_KERNEL_SECTOR`).
    static let kernelSectorOffset = 0x5C
    /// Where `boot.img` jumps over its check of the drive number (`GRUB_BOOT_MACHINE_DRIVE_CHECK`).
    static let driveCheckOffset = 0x66
    /// Where the table of the protective MBR and its disk signature lie.
    static let tableRange = 0x1B8..<0x1FE
    /// Where `diskboot.img`, the core's first sector, keeps its first block list: start, sectors, segment.
    static let blockListOffset = 0x1F4

    /// Bytes of each of the two places for a core image in the BIOS partition; GRUB's core has less than half of it.
    package static let slotSize = 512 << 10

    /// Which place sector 0 loads the core image from; nil when it is neither.
    ///
    /// - Parameter partitionSector: the number of the BIOS partition's first sector.
    package static func slot(of bootSector: [UInt8], partitionSector: UInt64) -> Int? {
        guard bootSector.count == sectorSize else { return nil }
        let sector = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bootSector[kernelSectorOffset + $1]) << (8 * UInt64($1)) }
        return (0..<2).first { coreSector(slot: $0, partitionSector: partitionSector) == sector }
    }

    /// The number of the first sector of a place, 0 or 1, for a core image.
    package static func coreSector(slot: Int, partitionSector: UInt64) -> UInt64 {
        partitionSector &+ UInt64(max(0, slot) * slotSize / sectorSize)
    }

    /// Makes sector 0 out of `boot.img` and the sector that holds the protective MBR.
    ///
    /// - Parameter coreSector: the number of the core image's first sector.
    /// - Throws: when one of them is not a boot sector, or there is no protective MBR.
    package static func bootSector(
        _ bootImage: [UInt8], over protective: [UInt8], coreSector: UInt64
    ) throws(GrubBootCodeError) -> [UInt8] {
        guard bootImage.count == sectorSize, bootImage.suffix(2) == [0x55, 0xAA] else {
            throw GrubBootCodeError(.bootImage, cause: "it is not a boot sector")
        }
        guard protective.count == sectorSize else {
            throw GrubBootCodeError(.protective, cause: "the disk has no protective MBR")
        }
        var sector = bootImage
        sector.replaceSubrange(tableRange, with: protective[tableRange])
        put(coreSector, into: &sector, at: kernelSectorOffset)
        // Two no-operations: trust the BIOS less. Some pass 0 or 1 as the drive they booted from.
        sector.replaceSubrange(driveCheckOffset..<driveCheckOffset + 2, with: [0x90, 0x90])
        return sector
    }

    /// Makes the contents of the BIOS partition out of the core image.
    ///
    /// - Parameters:
    ///   - coreSector: the number of the partition's first sector.
    ///   - limit: the partition's size in bytes.
    /// - Throws: when the core is too large or its block list does not describe one contiguous run.
    package static func core(
        _ core: [UInt8], coreSector: UInt64, limit: Int
    ) throws(GrubBootCodeError) -> [UInt8] {
        let sectors = (core.count + sectorSize - 1) / sectorSize
        guard sectors > 1, sectors * sectorSize <= limit else {
            throw GrubBootCodeError(
                .core, cause: "its \(core.count) bytes do not fit the \(limit) bytes of the BIOS partition")
        }
        let listed = Int(core[blockListOffset + 8]) | Int(core[blockListOffset + 9]) << 8
        guard listed == sectors - 1 else {
            throw GrubBootCodeError(
                .core, cause: "its block list names \(listed) sectors instead of \(sectors - 1)")
        }
        var result = core + [UInt8](repeating: 0, count: sectors * sectorSize - core.count)
        put(coreSector + 1, into: &result, at: blockListOffset)
        return result
    }

    /// Puts a number in place, least byte first.
    private static func put(_ value: UInt64, into bytes: inout [UInt8], at offset: Int) {
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
}

/// Lists the modules in GRUB's core image: everything that `grub/grub.cfg` uses, so that none is loaded at boot.
package enum GrubModules {
    private static let common = [
        "part_gpt", "fat", "ext2", "normal", "configfile", "loadenv", "probe", "regexp", "test", "true", "echo",
        "sleep", "reboot", "linux", "boot", "hashsum", "gcry_sha256", "serial", "terminal", "minicmd", "ls", "search",
        "password_pbkdf2",
    ]

    /// For `grub-mkimage -O i386-pc`.
    package static let bios = ["biosdisk"] + common
    /// For `grub-mkimage -O x86_64-efi`; the kernel inherits the screen that the video modules set up.
    package static let efi = common + ["all_video", "efi_gop"]
    /// What reads a medium besides: a CD or a copy of it, on a disk with any table.
    private static let medium = ["iso9660", "part_msdos", "exfat"]
    /// For `grub-mkimage -O i386-pc-eltorito`.
    package static let mediumBIOS = bios + medium
    /// For `grub-mkimage -O x86_64-efi` on a medium.
    package static let mediumEFI = efi + medium
    /// Where GRUB looks for its configuration on a medium.
    package static let mediumPrefix = "/boot/grub"
    /// Where GRUB looks for its configuration, on the disk it was loaded from.
    package static let prefix = "(,gpt\(Partition.boot.number))/grub"
}

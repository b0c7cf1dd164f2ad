package import ImageModel

/// Says how xorriso makes one file that boots from CD and stick under BIOS and UEFI, the same bytes each time.
package struct ISOVolume: Equatable, Sendable {
    /// The longest label that ISO 9660 holds.
    package static let maximumLabelLength = 32
    /// Where GRUB's core for BIOS lies on the medium; xorriso writes into it where it lies.
    package static let biosCore = "/boot/grub/eltorito.img"
    /// Where xorriso puts the list of what boots.
    package static let catalog = "/boot/grub/boot.cat"

    /// What a desktop shows; nothing finds the medium by it.
    package var label: String
    /// The time of the volume and of each file.
    package var time: UTCTime
    /// The GUID of the partition table, from which xorriso derives those of the partitions.
    package var identifier: String

    /// Describes a volume.
    package init(label: String, time: UTCTime, identifier: String) {
        self.label = label
        self.time = time
        self.identifier = identifier
    }

    /// Whether a text is a label that all systems show as it is.
    package static func isLabel(_ text: String) -> Bool {
        (1...maximumLabelLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
            }
    }

    /// The arguments of xorriso.
    ///
    /// - Parameters:
    ///   - output: the file to make.
    ///   - tree: a folder with `biosCore`; all else comes by the commands.
    ///   - partition: the FAT image that UEFI reads, from a CD as El Torito and from a stick as a partition.
    ///   - bootSector: GRUB's boot sector for sticks.
    ///   - commands: the file with `commands(for:)`.
    package func arguments(
        output: String, tree: String, partition: String, bootSector: String, commands: String
    ) -> [String] {
        [
            "-report_about", "WARNING", "-as", "mkisofs", "-o", output, "-V", label, "-iso-level", "3",
            "-R", "-J", "-joliet-long", "-uid", "0", "-gid", "0",
            "--modification-date=\(modificationDate)", "--set_all_file_dates", "=\(time.seconds)",
            "--gpt_disk_guid", String(identifier.filter { $0 != "-" }),
            "-c", String(Self.catalog.dropFirst()), "-b", String(Self.biosCore.dropFirst()),
            "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
            "--grub2-mbr", bootSector, "-partition_offset", "16",
            "-append_partition", "2", "0xef", partition, "-appended_part_as_gpt",
            "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot",
            tree, "--", "-options_from_file", commands,
        ]
    }

    /// The commands that put files on the medium from where they are, with nothing of the host but their content.
    ///
    /// - Returns: nil when a path of the host has both kinds of quotation marks, which xorriso cannot read.
    package static func commands(for content: MediaContent) -> String? {
        // Patterns are off: a `*` in a path of the host is a star.
        var lines = ["-disk_pattern off", "-iso_rr_pattern off"]
        var permissions: [String] = []
        for entry in content.entries {
            guard case .file(let source, _, let mode) = entry.kind else {
                lines.append("-mkdir \"\(entry.path)\" --")
                continue
            }
            guard let source = quoted(source) else { return nil }
            lines.append("-map \(source) \"\(entry.path)\"")
            if mode != 0o644 { permissions.append("-chmod 0\(String(mode, radix: 8)) \"\(entry.path)\" --") }
        }
        lines += ["-find / -type d -exec chmod 0755 --", "-find / -type f -exec chmod 0644 --"]
        return (lines + permissions).map { $0 + "\n" }.joined()
    }

    private static func quoted(_ path: String) -> String? {
        guard !path.contains("\n") else { return nil }
        if !path.contains("\"") { return "\"\(path)\"" }
        return path.contains("'") ? nil : "'\(path)'"
    }

    /// The time as xorriso takes it, to the hundredth of a second.
    private var modificationDate: String { time.description.filter(\.isNumber) + "00" }
}

/// Sizes the FAT image of a medium that UEFI reads.
package enum MediaPartition {
    /// Enough clusters of one sector for FAT16, which every firmware reads.
    private static let minimum: Int64 = 4 << 10

    /// The size in KiB for some bytes of content, with room for the tables of FAT.
    package static func kibibytes(for bytes: Int64) -> Int64 {
        let needed = bytes / 1024 + 1
        return max(minimum, (needed + needed / 32 + 128 + 1023) / 1024 * 1024)
    }
}

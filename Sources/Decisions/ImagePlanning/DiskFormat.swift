import Faults

/// What kind of file a disk becomes.
package enum DiskFormat: String, CaseIterable, Sendable {
    /// The bytes of the disk, sparse.
    case raw
    /// QEMU's copy-on-write format.
    case qcow2
    /// The fixed format of Hyper-V and Azure: the bytes of the disk, and a footer.
    case vhd
    /// What Google Compute Engine imports: `disk.raw` in a compressed archive.
    case gce
    /// VMware's compressed format, written once from front to back (streamOptimized).
    case vmdk

    /// How the names of such files end, behind a dot.
    package var ending: String { self == .gce ? "tar.gz" : rawValue }

    /// The format that the name of a file says; nil when it says none.
    package init?(ofFile name: String) {
        guard let format = DiskFormat.allCases.first(where: { name.hasSuffix(".\($0.ending)") }) else { return nil }
        self = format
    }

    /// The size of a disk is a multiple of this: of 1 MiB for all that we make, which Azure wants as well; of 1 GiB for GCE.
    package var unit: Int64 { self == .gce ? 1 << 30 : DiskLayout.alignment }

    /// The smallest disk: Azure takes no VHD below 20 MiB.
    package var smallest: Int64 { self == .vhd ? 20 << 20 : unit }

    /// The largest disk: the VHD specification knows none above 2,040 GiB.
    package var largest: Int64 { self == .vhd ? 2040 << 30 : DiskLayout.maximumSize }

    /// The sizes that sectors can have: a VHD has sectors of 512 bytes, and GCE attaches disks of no others.
    package var sectorSizes: [Int64] {
        self == .vhd || self == .gce ? [DiskSizes.sectorSizes[0]] : DiskSizes.sectorSizes
    }

    /// The size of the disk that holds so many bytes.
    package func size(holding bytes: Int64) -> Int64 {
        max(smallest, (bytes + unit - 1) / unit * unit)
    }
}

extension DiskLayout {
    /// Places the partitions on a disk of a size that the format can have; the persistent partition takes what rounding adds,
    /// unless it was given a size.
    ///
    /// - Throws: when a size that was asked for is none for the format, or as for every disk.
    package init(_ sizes: DiskSizes, for format: DiskFormat) throws(DiskLayoutError) {
        try Self.check(sizes, for: format)
        var layout = try DiskLayout(sizes)
        let size = format.size(holding: layout.size)
        guard size <= format.largest else {
            throw .format(
                format, "\(layout.size >> 20) MiB are more than its \(format.largest >> 30) GiB",
                remedy: "Make the disk smaller, or take another format.")
        }
        if size != layout.size {
            var sizes = sizes
            sizes.disk = size
            layout = try DiskLayout(sizes)
        }
        self = layout
    }

    private static func check(_ sizes: DiskSizes, for format: DiskFormat) throws(DiskLayoutError) {
        guard format.sectorSizes.contains(sizes.sectorSize) else {
            throw .format(
                format, "its disks have no sectors of \(sizes.sectorSize) bytes",
                remedy: "Leave out --sector-size, or take another format.")
        }
        guard let disk = sizes.disk, format.unit != alignment, disk % format.unit != 0 else { return }
        throw .format(
            format, "\(disk) bytes are not a whole number of GiB",
            remedy: "Take --size \(disk / format.unit + 1)G, or leave it out.")
    }
}

extension DiskLayoutError {
    fileprivate static func format(_ format: DiskFormat, _ cause: String, remedy: String) -> DiskLayoutError {
        DiskLayoutError(.format, "laying out", "a disk as \(format.rawValue)", cause: cause, remedy: remedy)
    }
}

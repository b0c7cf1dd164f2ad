import DocumentTree
import Faults
import ImagePlanning
package import SystemPackage

/// A disk of the machine, as far as it takes to tell it from the others.
package struct DiskCandidate: Equatable, Sendable {
    /// The kernel's own node, which another start may give to another disk.
    package var path: FilePath
    /// The size in bytes.
    package var size: Int64
    /// Bytes in a sector.
    package var sectorSize: Int64 = 512
    /// Its names in `/dev/disk/by-id`.
    package var identifiers: [String] = []
    /// Its names in `/dev/disk/by-path`.
    package var places: [String] = []
    /// Its serial number; nil when it shows none.
    package var serial: String?
    /// Its World Wide Name as the kernel writes it; nil when it shows none.
    package var wideName: String?
    /// Whether it can be taken out.
    package var isRemovable = false
    /// Whether it is memory that looks like a disk.
    package var isMemory = false
    /// Whether the system that runs comes from it.
    package var isMedium = false

    /// Describes a disk of which only node and size are known.
    package init(path: FilePath, size: Int64) {
        self.path = path
        self.size = size
    }

    /// Node, size and names, for a list of disks.
    var title: String {
        let parts =
            ["\(path)", "\(size >> 20) MiB", serial.map { "serial \($0)" } ?? "no serial number"]
            + (identifiers.isEmpty ? ["no by-id name"] : identifiers.map { "by-id \($0)" })
        return parts.joined(separator: ", ")
    }
}

/// Says of which disk an `install.yaml` speaks; all that it says must hold.
package struct DiskSelection: Equatable, Sendable {
    /// Which disk is meant of several that fit otherwise.
    package enum Preference: String, CaseIterable, Sendable {
        /// The smallest.
        case smallest
        /// The largest.
        case largest
    }

    /// A name in `/dev/disk/by-id`.
    package var identifier: String?
    /// A name in `/dev/disk/by-path`.
    package var place: String?
    /// The serial number.
    package var serial: String?
    /// The World Wide Name.
    package var wideName: String?
    /// The sizes that it may have.
    package var size: DiskSizeRange?
    /// Which one of several.
    package var preference: Preference?

    /// Speaks of no disk yet.
    package init() {}

    /// Why a disk is not the one; nil when all that is said is true of it.
    ///
    /// Only what a disk has at every start counts: what is on it, and whether it is in use, is judged afterwards, so that
    /// the same file never speaks of another disk.
    func reasonAgainst(_ disk: DiskCandidate, _ sizes: DiskSizes) -> String? {
        if disk.isMedium { return "this system runs from it" }
        if disk.isMemory { return "it is memory" }
        if disk.isRemovable { return "it can be taken out" }
        if let identifier, !disk.identifiers.contains(identifier) { return "it is not by-id \(identifier)" }
        if let place, !disk.places.contains(place) { return "it is not by-path \(place)" }
        if let serial, disk.serial != serial { return "its serial number is not \(serial)" }
        if let wideName, disk.wideName.map(Self.plain) != Self.plain(wideName) { return "its wwn is not \(wideName)" }
        if let size, !size.contains(disk.size) { return "its size is not in \(size.text)" }
        var sizes = sizes
        (sizes.disk, sizes.sectorSize) = (disk.size, disk.sectorSize)
        // What a small disk holds must not be lost because nobody named sizes, and the large one is missing. Whether the image
        // fits is said by the plan.
        if namesOne { sizes = DiskContent(oem: 0, recovery: 0, image: 0).sizes(sizes) }
        do throws(DiskLayoutError) { _ = try DiskLayout(sizes) } catch { return "\(error.subject): \(error.cause)" }
        return nil
    }

    /// Whether it speaks of one disk by what no other has.
    private var namesOne: Bool { identifier != nil || place != nil || serial != nil || wideName != nil }

    /// A World Wide Name without the words that stand before it.
    private static func plain(_ name: String) -> String {
        var text = name.lowercased()
        for prefix in ["wwn-", "naa.", "0x"] where text.hasPrefix(prefix) { text.removeFirst(prefix.count) }
        return text
    }
}

extension DiskSelection {
    /// Every key that says which disk is meant.
    static let table = DocumentTable<DiskSelection>(
        "the disk",
        [
            DocumentKey("by-id", .diskName(in: "/dev/disk/by-id"), "A name of the disk in `/dev/disk/by-id`.") {
                $0.identifier = $1
            },
            DocumentKey(
                "by-path", .diskName(in: "/dev/disk/by-path"),
                "Its name in `/dev/disk/by-path`: where it is plugged in, whichever disk that is."
            ) { $0.place = $1 },
            DocumentKey("serial", .text, "Its serial number.") { $0.serial = $1 },
            DocumentKey(
                "wwn", .text, "Its World Wide Name, such as `0x5000c500a1b2c3d4`, `naa.5000c500a1b2c3d4` or `eui.…`."
            ) { $0.wideName = $1 },
            DocumentKey("size", .sizeRange, "The sizes that it may have, such as `100G..2T`, `100G..` or `..2T`.") {
                $0.size = $1
            },
            DocumentKey(
                "choose", .choice,
                "Which one is taken of several disks of which all else is true. Two of the same size are one too many."
            ) { $0.preference = $1 },
        ])
}

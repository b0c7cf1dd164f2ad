package import SystemPackage

/// Describes the FAT32 filesystem of the boot partition, and makes it with `mkfs.fat`.
///
/// Clusters are 1 KiB, or one sector where that is larger, so that the boot environment is one cluster and never scattered.
package struct FATFormat: Equatable, Sendable {
    /// The label: at most 11 characters in capitals.
    package var label: String
    /// The size in bytes.
    package var size: Int64
    /// The volume id, eight hexadecimal digits; nil for a random one.
    package var identifier: String?
    /// Where the filesystem begins in a file that holds a disk; 0 for a partition.
    package var offset: Int64 = 0
    /// Bytes in a sector of the disk; Linux mounts no filesystem whose sectors are smaller.
    package var sectorSize: Int64 = 512
    /// Whether everything but the label is to be the same in two runs.
    package var isReproducible = false

    /// Describes a filesystem.
    package init(label: String, size: Int64) {
        self.label = label
        self.size = size
    }

    /// Makes it; everything that was there is lost.
    ///
    /// - Throws: `FilesystemError` when the device is in use or cannot be written.
    package func make(on device: FilePath, tools: FilesystemTools = FilesystemTools()) throws(FilesystemError) {
        do {
            try tools.run("mkfs.fat", arguments + [device.string, "\(size / 1024)"])
        } catch {
            throw .program("formatting", device, error)
        }
    }

    /// The options of `mkfs.fat`.
    var arguments: [String] {
        (isReproducible ? ["--invariant"] : []) + (offset > 0 ? ["--offset", "\(offset / sectorSize)"] : [])
            + ["-F", "32", "-S", "\(sectorSize)", "-s", "\(max(1, 1024 / sectorSize))", "-n", label]
            + (identifier.map { ["-i", $0] } ?? [])
    }
}

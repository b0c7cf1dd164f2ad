package import SystemPackage

/// Describes an ext4 filesystem that GRUB can read, and makes it with `mke2fs`.
package struct Ext4Format: Equatable, Sendable {
    /// What ext4 may use, chosen one by one, so that neither the host's configuration nor its version decides.
    ///
    /// GRUB 2.06 (Debian 12) refuses `metadata_csum_seed`, and `orphan_file` is new to kernels before 5.15.
    /// Not `metadata_csum` (docs/decisions/0017-no-metadata-checksums.md); `uninit_bg` keeps checks quick, and its
    /// checksums lie in the sector of what they cover.
    package static let features =
        "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,"
        + "huge_file,dir_nlink,extra_isize,uninit_bg"
    /// Bytes in a block.
    package static let blockSize: Int64 = 4096

    /// What the blocks held before.
    package enum Ground: Equatable, Sendable {
        /// Zeros: a new file. Nothing has to be zeroed or discarded, neither now nor at the first mount.
        case zeros
        /// Anything. Inode tables are zeroed now when the filesystem is small, else at its first mount.
        case unknown
    }

    /// The label, at most 16 bytes.
    package var label: String
    /// The size in bytes.
    package var size: Int64
    /// Bytes for each inode: images are a few large files, what the user keeps is many small ones.
    package var bytesPerInode: Int
    /// What the blocks held before.
    package var ground: Ground
    /// Where the filesystem begins in a file that holds a disk; 0 for a partition.
    package var offset: Int64 = 0
    /// The UUID; nil for a random one.
    package var identifier: String?
    /// The seed of the directory hash; nil for a random one.
    package var hashSeed: String?

    /// Describes a filesystem.
    package init(label: String, size: Int64, bytesPerInode: Int, ground: Ground) {
        self.label = label
        self.size = size
        self.bytesPerInode = bytesPerInode
        self.ground = ground
    }

    /// The journal: small, because a machine writes little here; an image is written around it.
    package var journalSize: Int64 { size >= 256 << 20 ? 8 << 20 : 4 << 20 }

    /// Makes it; everything that was there is lost.
    ///
    /// Mounted filesystems are refused by `mke2fs`.
    ///
    /// - Throws: `FilesystemError` when the device is in use or cannot be written.
    package func make(on device: FilePath, tools: FilesystemTools = FilesystemTools()) throws(FilesystemError) {
        do {
            try tools.run("mke2fs", arguments + [device.string, "\(size / 1024)k"])
        } catch {
            throw .program("formatting", device, error)
        }
    }

    /// The options of `mke2fs`.
    var arguments: [String] {
        [
            "-q", "-F", "-t", "ext4", "-b", "\(Self.blockSize)", "-I", "256", "-i", "\(bytesPerInode)", "-m", "0",
            "-O", Self.features, "-L", label,
        ] + (identifier.map { ["-U", $0] } ?? [])
            + ["-J", "size=\(journalSize >> 20)", "-E", extendedOptions.joined(separator: ",")]
    }

    private var extendedOptions: [String] {
        (offset > 0 ? ["offset=\(offset)"] : []) + (hashSeed.map { ["hash_seed=\($0)"] } ?? [])
            + ["root_owner=0:0"] + groundOptions
    }

    private var groundOptions: [String] {
        switch ground {
        case .zeros: ["nodiscard", "assume_storage_prezeroed=1", "lazy_itable_init=1"]
        case .unknown: ["discard", "lazy_itable_init=\(tableSize > 64 << 20 ? 1 : 0)", "lazy_journal_init=0"]
        }
    }

    /// Bytes of all inode tables.
    private var tableSize: Int64 { size / Int64(max(1, bytesPerInode)) * 256 }
}

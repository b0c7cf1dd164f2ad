import CFdisk
import Glibc
import SystemPackage

/// Owns libfdisk's context of one disk.
@safe
struct FdiskContext: ~Copyable {
    private let context: OpaquePointer
    private let path: FilePath

    /// Opens a disk.
    ///
    /// The corresponding C functions are `fdisk_new_context`, `fdisk_save_user_sector_size` and `fdisk_assign_device`.
    ///
    /// - Parameter sectorSize: for a file, which does not say it; nil asks the device.
    init(_ path: FilePath, readOnly: Bool = false, sectorSize: Int64? = nil) throws(PartitionTableError) {
        guard let context = unsafe fdisk_new_context() else {
            throw PartitionTableError("opening", path, code: 0)
        }
        unsafe fdisk_disable_dialogs(context, 1)
        if let sectorSize {
            let size = UInt32(clamping: sectorSize)
            unsafe fdisk_save_user_sector_size(context, size, size)
        }
        let code = unsafe fdisk_assign_device(context, path.string, readOnly ? 1 : 0)
        guard code == 0 else {
            unsafe fdisk_unref_context(context)
            throw PartitionTableError("opening", path, code: code)
        }
        unsafe self.context = unsafe context
        self.path = path
    }

    /// Applies the lines of a script.
    ///
    /// The corresponding C function is `fdisk_apply_script`.
    borrowing func apply(_ lines: [String]) throws(PartitionTableError) {
        guard let script = unsafe fdisk_new_script(context) else {
            throw PartitionTableError("describing", path, code: 0)
        }
        defer { unsafe fdisk_unref_script(script) }
        let parsed = unsafe read(lines, into: script)
        guard parsed == 0 else { throw PartitionTableError("describing", path, code: parsed) }
        let code = unsafe fdisk_apply_script(context, script)
        guard code == 0 else { throw PartitionTableError("partitioning", path, code: code) }
    }

    /// Writes what was applied.
    ///
    /// The corresponding C function is `fdisk_write_disklabel`.
    borrowing func write() throws(PartitionTableError) {
        let code = unsafe fdisk_write_disklabel(context)
        guard code == 0 else { throw PartitionTableError("writing the table of", path, code: code) }
    }

    /// Whether the disk has a GPT.
    var isGPT: Bool { unsafe fdisk_is_labeltype(context, FDISK_DISKLABEL_GPT) == 1 }

    /// Bytes of a sector.
    var sectorSize: Int64 { Int64(unsafe fdisk_get_sector_size(context)) }

    /// Sectors of the disk.
    var sectors: Int64 { Int64(clamping: unsafe fdisk_get_nsectors(context)) }

    /// Reads the partitions that are in use.
    ///
    /// The corresponding C functions are `fdisk_get_npartitions` and `fdisk_get_partition`.
    borrowing func entries() throws(PartitionTableError) -> [DiskTable.Entry] {
        var entries: [DiskTable.Entry] = []
        let count = unsafe fdisk_get_npartitions(context)
        for index in 0..<count where unsafe fdisk_is_partition_used(context, index) == 1 {
            entries.append(try entry(index))
        }
        return entries
    }

    private borrowing func entry(_ index: Int) throws(PartitionTableError) -> DiskTable.Entry {
        var found: OpaquePointer?
        let code = unsafe fdisk_get_partition(context, index, &found)
        guard code == 0, let partition = unsafe found else { throw PartitionTableError("reading", path, code: code) }
        defer { unsafe fdisk_unref_partition(partition) }
        let name = unsafe fdisk_partition_get_name(partition).map { unsafe String(cString: $0) } ?? ""
        return DiskTable.Entry(
            number: index + 1, name: name, start: Int64(clamping: unsafe fdisk_partition_get_start(partition)),
            sectors: Int64(clamping: unsafe fdisk_partition_get_size(partition)))
    }

    deinit {
        unsafe fdisk_deassign_device(context, 1)
        unsafe fdisk_unref_context(context)
    }
}

/// Parses the lines: 0 or a negative error number.
///
/// The corresponding C function is `fdisk_script_read_file`.
private func read(_ lines: [String], into script: OpaquePointer) -> Int32 {
    var bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    return unsafe bytes.withUnsafeMutableBytes { buffer in
        guard let file = unsafe fmemopen(buffer.baseAddress, buffer.count, "r") else { return -ENOMEM }
        defer { unsafe fclose(file) }
        return unsafe fdisk_script_read_file(script, file)
    }
}

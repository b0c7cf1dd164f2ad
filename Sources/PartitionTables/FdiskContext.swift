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
    /// The corresponding C functions are `fdisk_new_context` and `fdisk_assign_device`.
    init(_ path: FilePath) throws(PartitionTableError) {
        guard let context = unsafe fdisk_new_context() else {
            throw PartitionTableError("open", path, code: 0)
        }
        unsafe fdisk_disable_dialogs(context, 1)
        let code = unsafe fdisk_assign_device(context, path.string, 0)
        guard code == 0 else {
            unsafe fdisk_unref_context(context)
            throw PartitionTableError("open", path, code: code)
        }
        unsafe self.context = unsafe context
        self.path = path
    }

    /// Applies the lines of a script.
    ///
    /// The corresponding C function is `fdisk_apply_script`.
    borrowing func apply(_ lines: [String]) throws(PartitionTableError) {
        guard let script = unsafe fdisk_new_script(context) else {
            throw PartitionTableError("describe", path, code: 0)
        }
        defer { unsafe fdisk_unref_script(script) }
        let parsed = unsafe read(lines, into: script)
        guard parsed == 0 else { throw PartitionTableError("describe", path, code: parsed) }
        let code = unsafe fdisk_apply_script(context, script)
        guard code == 0 else { throw PartitionTableError("partition", path, code: code) }
    }

    /// Writes what was applied.
    ///
    /// The corresponding C function is `fdisk_write_disklabel`.
    borrowing func write() throws(PartitionTableError) {
        let code = unsafe fdisk_write_disklabel(context)
        guard code == 0 else { throw PartitionTableError("write the table of", path, code: code) }
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

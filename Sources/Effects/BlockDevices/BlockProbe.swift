import CBlkid
import Glibc
import LinuxSystem
import SystemPackage

/// Owns one use of libblkid's low-level probing, which reads the device itself and neither udev nor a cache.
@safe struct BlockProbe: ~Copyable {
    private let handle: blkid_probe
    private let path: FilePath

    private init(handle: blkid_probe, path: FilePath) {
        unsafe self.handle = handle
        self.path = path
    }

    /// Opens a device or a file that holds one.
    static func open(_ path: FilePath) throws(BlockDeviceError) -> BlockProbe {
        guard let handle = unsafe blkid_new_probe_from_filename(path.string) else {
            throw .unreadable(path, "\(Errno(rawValue: errno))")
        }
        return unsafe BlockProbe(handle: handle, path: path)
    }

    /// Reads where the device stands in its disk's partition table.
    borrowing func readPartition(into device: inout BlockDevice) throws(BlockDeviceError) {
        unsafe blkid_probe_enable_superblocks(handle, 0)
        unsafe blkid_probe_enable_partitions(handle, 1)
        unsafe blkid_probe_set_partitions_flags(handle, BLKID_PARTS_ENTRY_DETAILS)
        // Two tables at once (-2) are an old one beside the new: the entry's own values are there all the same.
        if run() == -1 { throw .unreadable(path, "its partition table: \(Errno(rawValue: errno))") }
        device.partitionUUID = value("PART_ENTRY_UUID")?.lowercased()
        device.partitionLabel = value("PART_ENTRY_NAME")
    }

    /// Reads the whole partition table of a disk: the entries by their numbers; nil when it has none that can be made out.
    borrowing func readTable() -> [Int: (uuid: String?, label: String?)]? {
        unsafe blkid_probe_enable_superblocks(handle, 0)
        unsafe blkid_probe_enable_partitions(handle, 1)
        guard let table = unsafe blkid_probe_get_partitions(handle) else { return nil }
        var entries: [Int: (uuid: String?, label: String?)] = [:]
        for index in 0..<(unsafe blkid_partlist_numof_partitions(table)) {
            guard let entry = unsafe blkid_partlist_get_partition(table, index) else { continue }
            let uuid = unsafe blkid_partition_get_uuid(entry).map { unsafe String(cString: $0).lowercased() }
            let label = unsafe blkid_partition_get_name(entry).map { unsafe String(cString: $0) }
            entries[Int(unsafe blkid_partition_get_partno(entry))] = (uuid.nonempty, label.nonempty)
        }
        return entries
    }

    /// Reads what file system is on the device; what cannot be made out becomes the device's `problem`.
    borrowing func readFilesystem(into device: inout BlockDevice) {
        unsafe blkid_probe_enable_partitions(handle, 0)
        unsafe blkid_probe_enable_superblocks(handle, 1)
        unsafe blkid_probe_set_superblocks_flags(
            handle, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE)
        switch run() {
        case 0:
            device.filesystemType = value("TYPE")
            device.label = value("LABEL")
            device.uuid = value("UUID")
        case 1: break
        case -2: device.problem = "marks of more than one file system; wipefs -n shows them"
        default: device.problem = "cannot be read: \(Errno(rawValue: errno))"
        }
    }

    private borrowing func run() -> Int32 {
        errno = 0
        return unsafe blkid_do_safeprobe(handle)
    }

    private borrowing func value(_ name: String) -> String? {
        var data: UnsafePointer<CChar>?
        guard unsafe blkid_probe_lookup_value(handle, name, &data, nil) == 0, let data = unsafe data else { return nil }
        return unsafe Optional(String(cString: data)).nonempty
    }

    deinit {
        unsafe blkid_free_probe(handle)
    }
}

extension String? {
    /// The text, when it is one.
    fileprivate var nonempty: String? { self?.isEmpty == false ? self : nil }
}

/// Says which libblkid is linked.
package enum BlkidLibrary {
    /// The version, as `2.38.1`.
    ///
    /// The corresponding C function is `blkid_get_library_version`.
    package static var version: String {
        var text: UnsafePointer<CChar>?
        _ = unsafe blkid_get_library_version(&text, nil)
        return unsafe text.map { unsafe String(cString: $0) } ?? "unknown"
    }
}

import CBlkid

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

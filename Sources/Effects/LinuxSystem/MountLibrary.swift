import CMount

/// Says which libmount is linked.
package enum MountLibrary {
    /// The version, as `2.38.1`.
    ///
    /// The corresponding C function is `mnt_get_library_version`.
    package static var version: String {
        var text: UnsafePointer<CChar>?
        _ = unsafe mnt_get_library_version(&text)
        return unsafe text.map { unsafe String(cString: $0) } ?? "unknown"
    }
}

import LinuxSystem
package import SystemPackage

/// Tells how large a device or file is.
package enum DeviceSize {
    /// Its size in bytes.
    ///
    /// The corresponding C function is `lseek`.
    ///
    /// - Throws: `FilesystemError` when it cannot be opened.
    package static func of(_ device: FilePath) throws(FilesystemError) -> Int64 {
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: device)
            return try file.use { (file) throws(Errno) in try catchingErrno { try file.seek(offset: 0, from: .end) } }
        } catch {
            throw .system("measuring", device, error)
        }
    }
}

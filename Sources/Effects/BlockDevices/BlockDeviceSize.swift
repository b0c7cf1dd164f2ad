import LinuxSystem
package import SystemPackage

/// Asks for the size of a block device.
package enum BlockDeviceSize {
    /// The size in bytes, as the end of the device says.
    ///
    /// - Throws: `BlockDeviceError` when it cannot be opened.
    package static func of(_ path: FilePath) throws(BlockDeviceError) -> Int64 {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path).use { (file) throws(Errno) in
                try catchingErrno { try file.seek(offset: 0, from: .end) }
            }
        } catch { throw .unreadable(path, "\(error)") }
    }
}

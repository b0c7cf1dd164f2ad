import CLinux
package import SystemPackage

/// Goes past the page cache.
package enum DirectAccess {
    /// Does something with the options for `O_DIRECT`, and without where the filesystem or the disk's sector size refuses it.
    ///
    /// - Throws: what the body throws.
    package static func trying<Result: ~Copyable>(
        _ body: (FileDescriptor.OpenOptions) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        do throws(Errno) {
            return try body(FileDescriptor.OpenOptions(rawValue: clinux_direct))
        } catch {
            guard error == .invalidArgument || error == .notSupported else { throw error }
            return try body([])
        }
    }
}

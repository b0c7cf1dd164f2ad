import CLinux
package import SystemPackage

/// Reserves space for a file that grows, whose length says how much of it is there.
package enum SpaceReservation {
    /// Gives a file blocks for so many bytes and leaves its length alone; makes it when it is not there.
    ///
    /// The corresponding C function is `fallocate` with `FALLOC_FL_KEEP_SIZE`. On filesystems that cannot reserve, a full
    /// disk shows later.
    ///
    /// - Returns: whether there was enough space.
    /// - Throws: `SystemError` when the file cannot be opened or the filesystem fails in another way.
    package static func reserve(_ path: FilePath, bytes: Int) throws(SystemError) -> Bool {
        do throws(Errno) {
            let file = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            let descriptor = file.descriptor.rawValue
            guard bytes > 0 else { return true }
            do throws(Errno) {
                _ = try systemCall { clinux_reserve(descriptor, off_t(bytes)) }
            } catch {
                // Some filesystems keep what they could reserve; cutting the file where it ends gives that back.
                let length = try catchingErrno { try file.descriptor.seek(offset: 0, from: .end) }
                try catchingErrno { try file.descriptor.resize(to: length) }
                throw error
            }
            return true
        } catch {
            switch error {
            case .noSpace, .diskQuotaExceeded, .fileTooLarge: return false
            case .notSupported, .noFunction: return true
            default: throw .file("reserving space for", path, error)
            }
        }
    }
}

import Glibc
package import SystemPackage

/// Holds an exclusive lock on a file until it is dropped, or this process ends in whatever way.
package final class FileLock: Sendable {
    private let file: FileDescriptor

    /// Waits until nobody else holds the lock; the file is made when it is not there, and stays empty.
    ///
    /// - Throws: `SystemError` when the file cannot be made or locked. The corresponding C function is `flock`.
    package init(_ path: FilePath) throws(SystemError) {
        do throws(Errno) {
            let owner = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow], permissions: [.ownerReadWrite])
            let descriptor = owner.descriptor.rawValue
            _ = try systemCall { flock(descriptor, LOCK_EX) }
            file = owner.release()
        } catch {
            throw .file("locking", path, error)
        }
    }

    deinit { try? file.close() }
}

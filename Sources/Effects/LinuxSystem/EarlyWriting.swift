import CLinux
import Glibc
package import SystemPackage

/// Spreads the work of a flush over the time before it.
package enum EarlyWriting {
    /// Lets the disk begin with what of a file is only in memory, so that a flush later has less to wait for.
    ///
    /// The corresponding C function is `sync_file_range`. It makes nothing durable, and where a filesystem does not have it
    /// the flush does all of the work.
    package static func start(_ file: FileDescriptor) { clinux_start_writing(file.rawValue) }

    /// Waits until the disk was given a part of a file, and takes that out of the page cache: what is read there next comes
    /// from the disk.
    ///
    /// The corresponding C functions are `sync_file_range`, or `fdatasync` where a filesystem does not have it, and
    /// `posix_fadvise`. It makes nothing durable.
    ///
    /// - Throws: the `errno` of a write that failed.
    package static func finish(_ file: FileDescriptor, _ part: Range<Int>) throws(Errno) {
        let (descriptor, start, count) = (file.rawValue, Int64(part.lowerBound), Int64(part.count))
        do throws(Errno) {
            _ = try systemCall { clinux_finish_writing(descriptor, start, count) }
        } catch {
            guard [.illegalSeek, .invalidArgument, .noFunction, .notSupported].contains(error) else { throw error }
            _ = try systemCall { fdatasync(descriptor) }
        }
        // Advice only: a filesystem in memory has no other copy to read.
        _ = posix_fadvise(descriptor, off_t(start), off_t(count), POSIX_FADV_DONTNEED)
    }
}

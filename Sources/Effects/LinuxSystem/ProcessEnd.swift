import CLinux
import Glibc
package import SystemPackage

/// Watches for the end of a process, whoever's it is.
package enum ProcessEnd {
    /// Waits until a process has ended; one that is not there has.
    ///
    /// The corresponding C functions are `pidfd_open` and `poll`.
    ///
    /// - Returns: false when the deadline passed before.
    /// - Throws: `Errno` where the kernel cannot watch a process (before Linux 5.3).
    package static func wait(for identifier: Int32, until deadline: Deadline) throws(Errno) -> Bool {
        let process: CInt
        do throws(Errno) { process = try systemCall { clinux_pidfd_open(identifier) } } catch {
            if error == .noSuchProcess { return true }
            throw error
        }
        let owner = OwnedDescriptor(owning: FileDescriptor(rawValue: process))
        return try owner.use { (process) throws(Errno) in
            var watched = pollfd(fd: process.rawValue, events: Int16(POLLIN), revents: 0)
            return try systemCall { unsafe poll(&watched, 1, deadline.pollTimeout) } > 0
        }
    }

    /// Asks a process to end; one that is not there has.
    ///
    /// The corresponding C function is `kill` with `SIGTERM`.
    ///
    /// - Throws: the `errno` of the call.
    package static func demand(of identifier: Int32) throws(Errno) {
        do throws(Errno) { _ = try systemCall { kill(identifier, SIGTERM) } } catch {
            if error != .noSuchProcess { throw error }
        }
    }
}

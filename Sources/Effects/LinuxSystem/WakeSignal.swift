import CLinux
import Glibc
import SystemPackage

/// Wakes one thread that waits in `poll(2)` from another one.
package final class WakeSignal: Sendable {
    private let descriptor: OwnedDescriptor

    /// Makes one that has not been raised.
    ///
    /// The corresponding C function is `eventfd`.
    ///
    /// - Throws: `SystemError` when the kernel has no descriptor left.
    package init() throws(SystemError) {
        do throws(Errno) {
            descriptor = OwnedDescriptor(owning: FileDescriptor(rawValue: try systemCall { clinux_event() }))
        } catch { throw .wake(error) }
    }

    /// What `poll` watches.
    var watched: Int32 { descriptor.descriptor.rawValue }

    /// Wakes whoever waits, or will; never blocks.
    package func raise() {
        let one: [UInt64] = [1]
        unsafe _ = one.withUnsafeBytes { unsafe write(watched, $0.baseAddress, $0.count) }
    }

    /// Takes the signal back; false when it was not raised.
    func take() -> Bool {
        var count: [UInt64] = [0]
        return unsafe count.withUnsafeMutableBytes { unsafe read(watched, $0.baseAddress, $0.count) } > 0
    }

    /// Waits until it is raised; false when the deadline passed first.
    ///
    /// - Throws: `SystemError` when waiting fails.
    package func wait(until deadline: Deadline) throws(SystemError) -> Bool {
        do throws(Errno) {
            while true {
                if take() { return true }
                var polled = pollfd(fd: watched, events: Int16(POLLIN), revents: 0)
                if try systemCall({ unsafe poll(&polled, 1, deadline.pollTimeout) }) == 0 { return false }
            }
        } catch { throw .wake(error) }
    }
}

extension SystemError {
    fileprivate static func wake(_ errno: Errno) -> SystemError {
        SystemError("waiting for", "a thread", errno, remedy: "Free some descriptors or memory.")
    }
}

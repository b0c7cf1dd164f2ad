import CLinux
import Glibc
package import SystemPackage

/// Holds an armed hardware watchdog: without `keepAlive` in time, the machine resets.
///
/// Dropping the handle leaves it armed, as does the end of this process: whoever runs next has to take it over.
package struct Watchdog: ~Copyable {
    private let descriptor: FileDescriptor
    /// The device node.
    package let path: FilePath
    /// The seconds that the driver chose.
    package let timeout: Int

    /// Arms the machine's first watchdog; nil when there is none.
    /// - Parameter timeout: seconds; the driver may round.
    /// - Throws: `SystemError` when there is one that cannot be opened or set.
    package static func arm(
        timeout: Int, devices: [FilePath] = ["/dev/watchdog0", "/dev/watchdog"]
    ) throws(SystemError) -> Watchdog? {
        for path in devices {
            do throws(Errno) {
                let owner = try OwnedDescriptor(opening: path, .writeOnly)
                return try Watchdog(arming: owner.release(), path, timeout)
            } catch {
                let absent: [Errno] = [.noSuchFileOrDirectory, .operationNotSupportedByDevice, .noSuchAddressOrDevice]
                if !absent.contains(error) { throw .watchdog("arming", path, error) }
            }
        }
        return nil
    }

    private init(arming descriptor: FileDescriptor, _ path: FilePath, _ timeout: Int) throws(Errno) {
        self.descriptor = descriptor
        self.path = path
        let seconds = Int32(clamping: timeout)
        do throws(Errno) {
            self.timeout = Int(try systemCall { clinux_watchdog_timeout(descriptor.rawValue, seconds) })
        } catch {
            // Opening armed it; a watchdog that cannot be set is not left ticking.
            _ = try? descriptor.writeAll([UInt8(ascii: "V")])
            try? descriptor.close()
            throw error
        }
    }

    /// Starts the timeout anew.
    ///
    /// The corresponding C call is `ioctl` with `WDIOC_KEEPALIVE`.
    package borrowing func keepAlive() throws(SystemError) {
        let number = descriptor.rawValue
        do throws(Errno) {
            _ = try systemCall { clinux_watchdog_keepalive(number) }
        } catch {
            throw .watchdog("serving", path, error)
        }
    }

    /// Stops the watchdog by the magic close; drivers with `nowayout` go on ticking.
    /// - Throws: `SystemError` when it cannot be stopped.
    package consuming func disarm() throws(SystemError) {
        do throws(Errno) {
            _ = try catchingErrno { try descriptor.writeAll([UInt8(ascii: "V")]) }
        } catch {
            throw .watchdog("disarming", path, error)
        }
    }

    deinit {
        // Closing without the magic letter keeps it armed.
        try? descriptor.close()
    }
}

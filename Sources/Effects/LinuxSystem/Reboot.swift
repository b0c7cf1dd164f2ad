import CLinux
import Glibc
import SystemPackage

/// Brings the machine down at once, without stopping services.
package enum Reboot: String, Sendable {
    /// Start again.
    case restart
    /// Switch off.
    case powerOff = "power-off"
    /// Stop and stay on.
    case halt

    /// Flushes all filesystems and brings the machine down.
    ///
    /// The corresponding C function is `reboot`.
    /// - Throws: `SystemError` when the kernel refuses; otherwise it does not return.
    package func perform() throws(SystemError) -> Never {
        sync()
        let action =
            switch self {
            case .restart: CLINUX_RESTART
            case .powerOff: CLINUX_POWER_OFF
            case .halt: CLINUX_HALT
            }
        clinux_reboot(action)
        throw .reboot(rawValue, Errno(rawValue: errno))
    }
}

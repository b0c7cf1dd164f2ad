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

    /// Starts again without waiting for a disk that does not answer; what goes to others is sent on its way
    /// (Documentation/admin-guide/sysrq.rst, `s` and `b`).
    ///
    /// - Throws: `SystemError` when the kernel refuses; otherwise it does not return.
    package static func restartAtOnce() throws(SystemError) -> Never {
        for key in ["s", "b"] {
            guard (try? SettingFile.write(key, to: "/proc/sysrq-trigger")) != nil else { break }
        }
        try Reboot.restart.perform()
    }

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

import CLinux
import Glibc
import SystemPackage

/// Turns signals that ask this process to end into a question that it asks itself where it can stop.
package enum Interruption {
    /// From now on `SIGINT`, `SIGTERM` and `SIGHUP` are only noted; programs that are started get them as usual.
    ///
    /// The corresponding C function is `sigaction`.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func catchSignals() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { clinux_catch_interruptions() } } catch {
            throw .file("catching signals for", "this process", error)
        }
    }

    /// Whether one of them has come.
    package static var isRequested: Bool { clinux_interruption() != 0 }
}

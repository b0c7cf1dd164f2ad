import Glibc
import SystemPackage

/// What the kernel calls this machine.
package enum KernelNames {
    /// The hostname.
    ///
    /// The corresponding C function is `uname`.
    package static var hostname: String { name { $0.nodename } }

    /// The machine type in the kernel's words, such as `x86_64`.
    package static var machine: String { name { $0.machine } }

    /// The kernel's release, such as `6.1.0-28-amd64`.
    package static var release: String { name { $0.release } }

    /// Sets the hostname until the next boot.
    ///
    /// The corresponding C function is `sethostname`.
    ///
    /// - Throws: `SystemError` without the right to.
    package static func set(hostname: String) throws(SystemError) {
        do throws(Errno) {
            _ = try systemCall { unsafe sethostname(hostname, hostname.utf8.count) }
        } catch { throw SystemError("setting the hostname to", hostname, error, remedy: "Run this as root.") }
    }

    private static func name<Field>(_ field: (utsname) -> Field) -> String {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return "" }
        var value = field(names)
        return unsafe withUnsafeBytes(of: &value) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// What this process may do with a file, its effective rights counted.
package enum FileAccess {
    /// What is asked.
    package enum Right: Sendable {
        case read, write, execute
    }

    /// Whether it may; also no when the file is not there.
    ///
    /// The corresponding C function is `faccessat` with `AT_EACCESS`.
    package static func allows(_ right: Right, _ path: String) -> Bool {
        let mode =
            switch right {
            case .read: R_OK
            case .write: W_OK
            case .execute: X_OK
            }
        return unsafe faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }
}

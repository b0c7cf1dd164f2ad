import SystemPackage

/// Reads what the kernel says about itself below `/proc`.
package enum Procfs {
    /// Returns the kernel's command line without the newline at its end.
    /// - Throws: `SystemError` when `/proc` cannot be read.
    package static func commandLine() throws(SystemError) -> String {
        let bytes = try FileBytes.read("/proc/cmdline", limit: 1 << 16)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Returns the mounts of this process, in mount order.
    /// - Throws: `SystemError` when `/proc` cannot be read.
    package static func mounts() throws(SystemError) -> [MountEntry] {
        MountEntry.parse(String(decoding: try FileBytes.read("/proc/self/mountinfo", limit: 1 << 24), as: UTF8.self))
    }
}

extension Procfs {
    /// The kernel's id of this boot; `unknown` when it cannot be read, because a record is better than none.
    package static var bootID: String {
        let bytes = try? FileBytes.read("/proc/sys/kernel/random/boot_id", limit: 64)
        return bytes.map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) } ?? "unknown"
    }
}

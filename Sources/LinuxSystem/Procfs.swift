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

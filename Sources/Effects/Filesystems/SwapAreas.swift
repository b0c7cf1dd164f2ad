import Faults
package import LinuxSystem
import SystemPackage

/// Reads which swap the kernel uses (proc(5), `/proc/swaps`).
package enum SwapAreas {
    /// The paths of files and devices; none where the kernel has no swapping.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func inUse() throws(SystemError) -> [String] {
        paths(String(decoding: try FileBytes.readIfPresent("/proc/swaps", limit: 1 << 20) ?? [], as: UTF8.self))
    }

    /// The paths in a text of the kernel's, which has a line of titles first.
    static func paths(_ text: String) -> [String] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            line.split(whereSeparator: \.isWhitespace).first.map { MountEntry.unescaped(String($0)) }
        }
    }
}

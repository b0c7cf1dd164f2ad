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
            line.split(whereSeparator: \.isWhitespace).first.map { unescaped($0) }
        }
    }

    /// Undoes `\040` and the like, by which white space stands in a path.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.utf8.count == 3, let value = UInt8(digits, radix: 8) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

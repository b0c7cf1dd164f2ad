package import SystemPackage

/// One mount as `/proc/self/mountinfo` tells it (proc(5)).
package struct MountEntry: Equatable, Sendable {
    /// Major and minor number of the filesystem's device, as `8:1`.
    package let device: String
    /// The folder of the filesystem that is seen at the target.
    package let root: FilePath
    /// The mount point.
    package let target: FilePath
    /// Flags of this mount.
    package let options: [String]
    /// The filesystem's type.
    package let filesystem: String
    /// The device, or a word.
    package let source: String
    /// Options of the filesystem.
    package let superOptions: [String]

    /// Reads one line; nil when it is not one.
    package init?(line: Substring) {
        let fields = line.split(separator: " ").map(String.init)
        guard let dash = fields.dropFirst(6).firstIndex(of: "-"), fields.count >= dash + 4 else { return nil }
        device = fields[2]
        root = FilePath(Self.unescaped(fields[3]))
        target = FilePath(Self.unescaped(fields[4]))
        options = fields[5].split(separator: ",").map(String.init)
        filesystem = fields[dash + 1]
        source = Self.unescaped(fields[dash + 2])
        superOptions = fields[dash + 3].split(separator: ",").map { Self.unescaped(String($0)) }
    }

    /// Reads the whole file, in mount order; lines that are no mounts are left out.
    package static func parse(_ text: String) -> [MountEntry] {
        text.split(separator: "\n").compactMap { MountEntry(line: $0) }
    }

    /// Undoes the escapes, such as `\040`, by which white space stands in the kernel's tables of mounts and of swap.
    package static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(Substring(rest.prefix(3))), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reads what the kernel says about itself below `/proc`.
package enum Procfs {
    /// Returns the kernel's command line without the newline at its end.
    /// - Throws: `SystemError` when `/proc` cannot be read.
    package static func commandLine() throws(SystemError) -> String {
        text(ofCommandLine: try FileBytes.read("/proc/cmdline", limit: 1 << 16))
    }

    /// The text without the newline at its end; one inside of it is white space to the kernel, and hides nothing.
    static func text(ofCommandLine bytes: [UInt8]) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
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

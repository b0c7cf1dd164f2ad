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
        superOptions = fields[dash + 3].split(separator: ",").map(String.init)
    }

    /// Reads the whole file, in mount order; lines that are no mounts are left out.
    package static func parse(_ text: String) -> [MountEntry] {
        text.split(separator: "\n").compactMap { MountEntry(line: $0) }
    }

    /// Undoes the kernel's `\040` escapes.
    private static func unescaped(_ text: String) -> String {
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

/// One file or folder of an archive that a kernel unpacks as an initramfs, without its content
/// (Documentation/driver-api/early-userspace/buffer-format.rst, `newc`).
///
/// Everything belongs to root, and nothing of the host but what is given here is in it.
package struct CpioEntry: Equatable, Sendable {
    /// The largest file: sizes have eight hexadecimal digits.
    package static let maximumFileSize = Int64(UInt32.max)
    /// What begins at a multiple of this, in bytes: names, contents, and archives that follow one another.
    package static let alignment: Int64 = 4

    /// Its path without a slash in front.
    package var path: String
    /// Type and permission bits, as `st_mode`.
    package var mode: UInt32
    /// The bytes of its content.
    package var size: Int64 = 0
    /// Its time in seconds since 1970.
    package var time: Int64 = 0

    /// A folder that everybody may enter.
    package static func folder(_ path: String, time: Int64) -> CpioEntry {
        CpioEntry(path: path, mode: 0o040755, time: time)
    }

    /// A regular file.
    package static func file(_ path: String, size: Int64, permissions: UInt16, time: Int64) -> CpioEntry {
        CpioEntry(path: path, mode: 0o100000 | UInt32(permissions), size: size, time: time)
    }

    /// The bytes before its content.
    ///
    /// - Parameter number: an inode's number, another one for each entry of an archive.
    package func header(number: Int64) -> [UInt8] {
        let name = Array(path.utf8) + [0]
        // Number, mode, owner, group, links, time, size, two devices, the length of the name, and a sum that nobody reads.
        let fields = [number, Int64(mode), 0, 0, 1, time, size, 0, 0, 0, 0, Int64(name.count), 0]
        let head = Array("070701".utf8) + fields.flatMap { Self.digits($0) } + name
        return head + Self.padding(after: Int64(head.count))
    }

    /// The bytes behind a content of some size.
    package static func padding(after size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((alignment - size % alignment) % alignment))
    }

    /// The end of an archive.
    package static var trailer: [UInt8] { CpioEntry(path: "TRAILER!!!", mode: 0).header(number: 0) }

    private static func digits(_ number: Int64) -> [UInt8] {
        let text = Array(String(UInt32(clamping: number), radix: 16, uppercase: true).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: 8 - text.count) + text
    }
}

import Glibc
import LinuxSystem
package import SystemPackage

/// Overwrites where filesystems, volumes and tables keep their signatures.
package enum SignatureWipe {
    /// Bytes at the beginning: a whole LUKS2 header with its key slots, so that no key opens what was there.
    package static let head: Int64 = 16 << 20
    /// Bytes at the end: the second copy of a GPT, and of RAID signatures.
    package static let tail: Int64 = 1 << 20

    /// Writes zeros over both ends of a device or file, durably.
    ///
    /// The device is opened with `O_EXCL`, so one that is mounted or held is refused by the kernel.
    /// - Throws: `FilesystemError` when it is in use or cannot be written.
    package static func run(_ device: FilePath) throws(FilesystemError) {
        do throws(Errno) {
            let exclusive = FileDescriptor.OpenOptions(rawValue: O_EXCL)
            let file = try OwnedDescriptor(opening: device, .readWrite, options: exclusive)
            try file.use { (file) throws(Errno) in
                let size = try catchingErrno { try file.seek(offset: 0, from: .end) }
                for range in ranges(size) { try zero(range, in: file) }
                _ = try systemCall { fsync(file.rawValue) }
            }
        } catch {
            throw .system("wiping", device, error)
        }
    }

    /// The ranges to overwrite in a device of that size.
    static func ranges(_ size: Int64) -> [Range<Int64>] {
        let end = min(size, head)
        return [0..<end, max(end, size - tail)..<size].filter { !$0.isEmpty }
    }

    private static func zero(_ range: Range<Int64>, in file: FileDescriptor) throws(Errno) {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var place = range.lowerBound
        while place < range.upperBound {
            let count = Int(min(Int64(zeros.count), range.upperBound - place))
            _ = try catchingErrno { try file.writeAll(toAbsoluteOffset: place, zeros.prefix(count)) }
            place += Int64(count)
        }
    }
}

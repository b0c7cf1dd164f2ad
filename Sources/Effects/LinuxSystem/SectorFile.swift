import CLinux
import Glibc
package import SystemPackage

// Preallocated files that GRUB shares with Linux, or that must not move: written in place, sector by sector, past the
// page cache. No filesystem metadata changes, so it does not matter that GRUB cannot replay a journal.

/// Reads and writes a preallocated file in place.
package enum SectorFile {
    /// Bytes that a disk writes whole or not at all.
    package static let sectorSize = 512

    /// Reads a file from the disk, past the page cache where the filesystem allows.
    /// - Throws: `SystemError` when it cannot be read or has more bytes than the limit.
    package static func read(_ path: FilePath, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        do throws(Errno) {
            let buffer = AlignedBuffer(atLeast: limit + 1)
            let count = try DirectAccess.trying { (direct) throws(Errno) in
                try OwnedDescriptor(opening: path, options: direct.union(.withoutWaiting)).use { (file) throws(Errno) in
                    try buffer.read(file, at: 0)
                }
            }
            guard count <= limit else { throw .fileTooLarge }
            return buffer.bytes(count)
        } catch {
            if error == .fileTooLarge { throw .tooLarge(path, limit: limit) }
            throw .file("reading", path, error)
        }
    }

    /// Writes bytes over what is there, only the sectors that differ, in order, each durable before the next; then reads
    /// them back.
    /// - Parameters:
    ///   - bytes: whole sectors.
    ///   - offset: where they go, a multiple of the sector size.
    ///   - growing: whether a file that lost its second half (512 bytes where 1,024 are needed) may be made whole. It
    ///     stays in its first cluster of 1 KiB, so nothing moves.
    /// - Throws: `SystemError` when the bytes are not inside the file, or cannot be written or do not come back.
    package static func write(
        _ bytes: [UInt8], at offset: Int64 = 0, to path: FilePath, growing: Bool = false
    ) throws(SystemError) {
        let (end, overflow) = offset.addingReportingOverflow(Int64(bytes.count))
        guard bytes.count % sectorSize == 0, offset >= 0, offset % Int64(sectorSize) == 0, !overflow else {
            throw .file("writing", path, .invalidArgument)
        }
        try checkSize(path, end, growing: growing && offset == 0 && end == 1024)
        do throws(Errno) {
            try DirectAccess.trying { (direct) throws(Errno) in
                try writeSectors(bytes, at: offset, path, options: direct)
            }
        } catch {
            throw .file("writing", path, error)
        }
        try verify(bytes, at: offset, path)
    }

    private static func checkSize(_ path: FilePath, _ needed: Int64, growing: Bool) throws(SystemError) {
        let size: Int64
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: path, .readWrite, options: [.noFollow, .withoutWaiting])
            size = try catchingErrno { try file.descriptor.seek(offset: 0, from: .end) }
            if size == 512, growing {
                try catchingErrno { try file.descriptor.resize(to: 1024) }
                _ = try systemCall { fsync(file.descriptor.rawValue) }
                return
            }
        } catch {
            throw .file("opening", path, error)
        }
        guard size >= needed else { throw .wrongSize(path, size: size, needed: needed) }
    }

    private static func writeSectors(
        _ bytes: [UInt8], at offset: Int64, _ path: FilePath, options: FileDescriptor.OpenOptions
    ) throws(Errno) {
        let durable = FileDescriptor.OpenOptions(rawValue: O_DSYNC)
        let file = try OwnedDescriptor(
            opening: path, .readWrite, options: options.union([durable, .noFollow, .withoutWaiting]))
        try file.use { (file) throws(Errno) in try writeSectors(bytes, at: offset, file) }
    }

    private static func writeSectors(_ bytes: [UInt8], at offset: Int64, _ file: FileDescriptor) throws(Errno) {
        let buffer = AlignedBuffer(atLeast: sectorSize)
        for start in stride(from: 0, to: bytes.count, by: sectorSize) {
            let sector = bytes[start..<min(start + sectorSize, bytes.count)]
            let place = offset + Int64(start)
            if try buffer.read(file, at: place) >= sectorSize, buffer.bytes(sectorSize) == Array(sector) {
                continue
            }
            buffer.fill(sector)
            try buffer.write(sectorSize, to: file, at: place)
        }
    }

    private static func verify(_ bytes: [UInt8], at offset: Int64, _ path: FilePath) throws(SystemError) {
        let buffer = AlignedBuffer(atLeast: bytes.count)
        do throws(Errno) {
            let count = try DirectAccess.trying { (direct) throws(Errno) in
                try OwnedDescriptor(opening: path, options: direct.union(.withoutWaiting)).use { (file) throws(Errno) in
                    try buffer.read(file, at: offset)
                }
            }
            guard count >= bytes.count, buffer.bytes(bytes.count) == bytes else { throw .ioError }
        } catch {
            throw error == .ioError ? .notKept(path) : .file("reading back", path, error)
        }
    }
}

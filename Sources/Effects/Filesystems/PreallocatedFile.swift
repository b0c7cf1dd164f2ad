package import Faults
import Glibc
import LinuxSystem
package import SystemPackage

/// Owns a file whose blocks were all reserved before the first byte was written, so that a full disk shows at the start.
package struct PreallocatedFile: ~Copyable {
    /// The file's path, for messages.
    package let path: FilePath
    /// Size in bytes.
    package let size: Int
    private let file: OwnedDescriptor

    /// Opens a file, makes it when it is not there, and gives it blocks for its whole size; what it holds stays.
    ///
    /// The corresponding C function is `posix_fallocate`, which writes zeros where the filesystem cannot reserve. It
    /// takes all there is before it finds out that there is too little, from everyone, so the free space is asked first.
    ///
    /// - Throws: `PreallocationError`; with `ENOSPC` it names what is needed and what is free, and none of it is taken.
    package init(_ path: FilePath, size: Int) throws(PreallocationError) {
        let file = try Self.open(path)
        try Self.reserve(size, file.descriptor, path)
        self.file = file
        self.path = path
        self.size = size
    }

    private static func reserve(
        _ size: Int, _ file: FileDescriptor, _ path: FilePath
    ) throws(PreallocationError) {
        let before = try status(file, path)
        let free = try FreeSpace.bytes(at: path)
        guard size - Int(clamping: before.allocated) <= free else {
            throw .noSpace(path, needed: size, free: free)
        }
        do throws(Errno) { try reserve(size, file) } catch {
            // Someone else was faster. What was there stays; the rest is given back.
            _ = ftruncate(file.rawValue, off_t(before.size))
            guard error == .noSpace else { throw .call("reserving space for", path, error) }
            throw .noSpace(path, needed: size, free: try FreeSpace.bytes(at: path))
        }
    }

    private static func status(_ file: FileDescriptor, _ path: FilePath) throws(PreallocationError) -> FileStatus {
        do throws(Errno) { return try FileStatus.of(file) } catch { throw .call("looking at", path, error) }
    }

    private static func open(_ path: FilePath) throws(PreallocationError) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch { throw .call("opening", path, error) }
    }

    private static func reserve(_ size: Int, _ file: FileDescriptor) throws(Errno) {
        if size > 0 {
            var code = EINTR
            while code == EINTR { code = posix_fallocate(file.rawValue, 0, off_t(size)) }
            if code != 0 { throw Errno(rawValue: code) }
        }
        // Takes away what an older, longer file has too much.
        _ = try systemCall { ftruncate(file.rawValue, off_t(size)) }
    }

    /// Writes bytes at a place inside the file.
    ///
    /// The corresponding C function is `pwrite`.
    ///
    /// - Throws: `PreallocationError` when they do not fit or cannot be written.
    package borrowing func write(_ bytes: Span<UInt8>, at offset: Int) throws(PreallocationError) {
        guard offset >= 0, offset <= size, bytes.count <= size - offset else {
            throw .call("writing", path, .invalidArgument)
        }
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor, at: offset) } catch {
            throw .call("writing", path, error)
        }
    }

    /// Reads so many bytes into the front of the buffer; returns their number, fewer only at the end of the file.
    ///
    /// The corresponding C function is `pread`.
    ///
    /// - Throws: `PreallocationError` when they cannot be read.
    package borrowing func read(
        into buffer: inout [UInt8], count: Int, at offset: Int
    ) throws(PreallocationError) -> Int {
        do throws(Errno) {
            return try FileBlock.read(file.descriptor, into: &buffer, count: count, at: offset)
        } catch { throw .call("reading", path, error) }
    }

    /// Lets the disk begin with what was written, so that a flush later has less to wait for.
    package borrowing func startWriting() { EarlyWriting.start(file.descriptor) }

    /// Waits until the disk was given a part, and takes that out of the page cache, so that the next read is from the disk.
    ///
    /// - Throws: `PreallocationError` when the disk does not take it.
    package borrowing func settle(_ part: Range<Int>) throws(PreallocationError) {
        do throws(Errno) { try EarlyWriting.finish(file.descriptor, part) } catch {
            throw .call("flushing", path, error)
        }
    }

    /// Makes durable what was written.
    ///
    /// The corresponding C function is `fdatasync`.
    ///
    /// - Throws: `PreallocationError` when the disk does not take it.
    package borrowing func flush() throws(PreallocationError) {
        let descriptor = file.descriptor.rawValue
        do throws(Errno) { _ = try systemCall { fdatasync(descriptor) } } catch { throw .call("flushing", path, error) }
    }

    /// Makes the file durable and takes it out of the page cache, so that the next reads are from the disk.
    ///
    /// The corresponding C functions are `fsync` and `posix_fadvise`.
    ///
    /// - Throws: `PreallocationError` when the disk does not take it.
    package borrowing func flushAndForget() throws(PreallocationError) {
        let descriptor = file.descriptor.rawValue
        do throws(Errno) { _ = try systemCall { fsync(descriptor) } } catch { throw .call("flushing", path, error) }
        // Advice only: a filesystem in memory has no other copy to read. What follows is one pass from start to end.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }
}

/// Says why a file could not be given its space, or be written or read in it.
package typealias PreallocationError = Fault<PreallocationFault>

/// Names what fails with a file that is given its space before it is written.
package enum PreallocationFault: FaultKind {
    /// A call failed.
    case call(Errno)
    /// There is not enough space.
    case noSpace

    /// No space, when that is what the kernel says, too.
    package var refusal: RefusalKind? { errno == .noSpace ? .space : nil }

    /// The error number.
    var errno: Errno {
        switch self {
        case .call(let errno): errno
        case .noSpace: .noSpace
        }
    }
}

extension PreallocationError {
    /// The error number.
    package var errno: Errno { kind.errno }

    /// A call failed.
    static func call(_ operation: String, _ path: FilePath, _ errno: Errno) -> PreallocationError {
        PreallocationError(
            .call(errno), operation, path.string, cause: errno.description,
            remedy: errno == .ioError
                ? "The disk cannot be read or written; check the kernel log and the disk's health."
                : "Check that the filesystem is mounted writable, and the kernel log.")
    }

    /// There is not enough space.
    package static func noSpace(_ path: FilePath, needed: Int, free: Int) -> PreallocationError {
        PreallocationError(
            .noSpace, "reserving space for", path.string,
            cause: "\(needed) bytes are needed and \(free) are free",
            remedy: "Remove what no longer is needed there, or use a larger partition.")
    }
}

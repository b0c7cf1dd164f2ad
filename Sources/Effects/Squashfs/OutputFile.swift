// The output as libsquashfs sees it. Its own one truncates the file first, which would give preallocated space back, and
// loses the error number, which tells a full disk from a broken one.
import CSquashfs
import Glibc
import LinuxSystem
import SystemPackage

/// Owns an output file whose logical size is what was written, whatever the file's is.
@safe
struct OutputFile: ~Copyable {
    /// What libsquashfs is given.
    let handle: UnsafeMutablePointer<sqfs_file_t>
    private let state: UnsafeMutablePointer<csquashfs_file_t>
    private let file: OwnedDescriptor

    /// Opens a file without giving up space that it already has.
    init(path: FilePath) throws(Errno) {
        file = try OwnedDescriptor(
            opening: path, .readWrite, options: [.create, .noFollow],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: csquashfs_file_t())
        unsafe state.pointee.descriptor = file.descriptor.rawValue
        unsafe state.pointee.base.read_at = { file, offset, buffer, size in
            guard let buffer = unsafe buffer else { return SQFS_ERROR_ARG_INVALID.rawValue }
            return unsafe OutputFile.transfer(file, offset, size) { descriptor, count, done, place in
                unsafe pread(descriptor, buffer + done, count, place)
            }
        }
        unsafe state.pointee.base.write_at = { file, offset, buffer, size in
            guard let buffer = unsafe buffer else { return SQFS_ERROR_ARG_INVALID.rawValue }
            let status = unsafe OutputFile.transfer(file, offset, size) { descriptor, count, done, place in
                unsafe pwrite(descriptor, buffer + done, count, place)
            }
            if status == 0 { unsafe OutputFile.extend(file, to: offset &+ UInt64(size)) }
            return status
        }
        unsafe state.pointee.base.get_size = { file in
            unsafe OutputFile.state(UnsafeMutablePointer(mutating: file))?.pointee.size ?? 0
        }
        unsafe state.pointee.base.truncate = { file, size in
            unsafe OutputFile.state(file)?.pointee.size = size
            return 0
        }
        unsafe handle = unsafe UnsafeMutableRawPointer(state).assumingMemoryBound(to: sqfs_file_t.self)
    }

    /// Bytes of the filesystem so far.
    var size: UInt64 { unsafe state.pointee.size }

    /// The error number of the last call that failed.
    var error: Errno? { unsafe state.pointee.error == 0 ? nil : Errno(rawValue: state.pointee.error) }

    /// Appends zeros up to a multiple of so many bytes, and ends the file there.
    borrowing func finish(alignment: Int) throws(Errno) -> Int {
        let size = Int(clamping: size)
        let (end, overflow) = size.addingReportingOverflow((alignment - size % alignment) % alignment)
        guard !overflow else { throw .fileTooLarge }
        let zeros = [UInt8](repeating: 0, count: end - size)
        let file = file.descriptor
        _ = try catchingErrno { try file.writeAll(toAbsoluteOffset: Int64(size), zeros) }
        try catchingErrno { try file.resize(to: Int64(end)) }
        return end
    }

    private static func state(_ file: UnsafeMutablePointer<sqfs_file_t>?) -> UnsafeMutablePointer<csquashfs_file_t>? {
        unsafe file.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: csquashfs_file_t.self) }
    }

    private static func extend(_ file: UnsafeMutablePointer<sqfs_file_t>?, to end: UInt64) {
        guard let state = unsafe state(file) else { return }
        unsafe state.pointee.size = unsafe max(state.pointee.size, end)
    }

    /// Calls until all bytes are moved; 0, or libsquashfs's code for input and output errors.
    private static func transfer(
        _ file: UnsafeMutablePointer<sqfs_file_t>?, _ offset: UInt64, _ size: Int,
        _ call: (_ descriptor: Int32, _ count: Int, _ done: Int, _ place: off_t) -> Int
    ) -> Int32 {
        guard let state = unsafe state(file), let begin = off_t(exactly: offset) else { return SQFS_ERROR_IO.rawValue }
        let descriptor = unsafe state.pointee.descriptor
        var done = 0
        do throws(Errno) {
            while done < size {
                let count = try systemCall { call(descriptor, size - done, done, begin + off_t(done)) }
                guard count > 0 else { throw .ioError }
                done += count
            }
            return 0
        } catch {
            unsafe state.pointee.error = error.rawValue
            return SQFS_ERROR_IO.rawValue
        }
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }
}

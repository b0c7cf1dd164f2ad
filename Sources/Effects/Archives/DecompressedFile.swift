// Reads a part of a file through whatever compression it has: an initramfs is several archives behind each other, each
// compressed in its own way, and a kernel may be compressed as a whole.
import CArchive
import LinuxSystem
package import SystemPackage

/// Reads a file from some place on, decompressed; what is not compressed comes as it is.
@safe
package struct DecompressedFile: ~Copyable {
    private let archive: OpaquePointer
    private let path: FilePath
    private let start: Int64
    // libarchive reads from it as long as the archive is open.
    private let input: BoundedInput

    /// Opens a file.
    ///
    /// The corresponding C functions are `archive_read_support_format_raw` and `archive_read_open`.
    ///
    /// - Parameters:
    ///   - start: the byte of the file at which to begin.
    ///   - end: the byte before which to end; nil for the end of the file.
    /// - Throws: `ArchiveError` when the file cannot be read, or there is nothing at that place.
    package init(path: FilePath, from start: Int64 = 0, to end: Int64? = nil) throws(ArchiveError) {
        let input: BoundedInput
        do throws(Errno) {
            input = try BoundedInput(path, from: start, to: end ?? .max)
        } catch { throw .file(path, error) }
        let archive = try unsafe Self.archive(reading: input, path)
        unsafe self.archive = unsafe archive
        self.path = path
        self.start = start
        self.input = input
    }

    private static func archive(reading input: BoundedInput, _ path: FilePath) throws(ArchiveError) -> OpaquePointer {
        guard let archive = unsafe archive_read_new() else { throw .damaged(path, "out of memory") }
        unsafe TarSource.supportFilters(archive, isLayer: false)
        unsafe archive_read_support_filter_lzma(archive)
        unsafe archive_read_support_format_raw(archive)
        var header: OpaquePointer?
        var status = unsafe input.open(archive)
        if status >= ARCHIVE_WARN { status = unsafe archive_read_next_header(archive, &header) }
        if status >= ARCHIVE_WARN, status != ARCHIVE_EOF { return unsafe archive }
        let message = unsafe TarSource.message(archive)
        unsafe archive_read_free(archive)
        throw .damaged(path, status == ARCHIVE_EOF ? "it is empty" : message)
    }

    /// The place in the file up to which it was used.
    package var position: Int64 { start + (unsafe archive_filter_bytes(archive, -1)) }

    /// Whether there is a compression, not plain bytes.
    package var isCompressed: Bool { unsafe archive_filter_count(archive) > 1 }

    /// Reads on into the front of the buffer; returns the number of bytes, 0 only at the end.
    ///
    /// The corresponding C function is `archive_read_data`.
    ///
    /// - Throws: `ArchiveError` when it is damaged or cannot be read.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        let count = unsafe buffer.withUnsafeMutableBytes { memory in
            unsafe archive_read_data(archive, memory.baseAddress, memory.count)
        }
        guard count >= 0 else { throw .damaged(path, unsafe TarSource.message(archive)) }
        return count
    }

    /// The first bytes of a file, decompressed; fewer when it has fewer.
    ///
    /// - Throws: as `init` and `read`.
    package static func head(of path: FilePath, count: Int) throws(ArchiveError) -> [UInt8] {
        var content = try DecompressedFile(path: path)
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
        while head.count < count, case let got = try content.read(into: &buffer), got > 0 {
            head += buffer.prefix(min(got, count - head.count))
        }
        return head
    }

    deinit { unsafe archive_read_free(archive) }
}

/// Gives libarchive the bytes of a part of a file.
@safe
private final class BoundedInput {
    private let file: OwnedDescriptor
    private let memory: UnsafeMutableRawBufferPointer
    private var left: Int64

    init(_ path: FilePath, from start: Int64, to end: Int64) throws(Errno) {
        file = try OwnedDescriptor(opening: path)
        unsafe memory = .allocate(byteCount: TarSource.blockLength, alignment: 16)
        left = max(0, end - start)
        let descriptor = file.descriptor
        _ = try catchingErrno { try descriptor.seek(offset: start, from: .start) }
    }

    /// The next bytes, valid until the next call; nil on failure.
    private func next() -> UnsafeRawBufferPointer? {
        let wanted = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.prefix(Int(min(Int64(memory.count), left))))
        guard let count = unsafe try? file.descriptor.read(into: wanted) else { return nil }
        left -= Int64(count)
        return unsafe UnsafeRawBufferPointer(rebasing: memory.prefix(count))
    }

    /// Gives an archive its bytes from here; it must be freed before this.
    func open(_ reader: OpaquePointer) -> Int32 {
        unsafe archive_read_open(
            reader, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, context, buffer in
                guard let context = unsafe context, let buffer = unsafe buffer else { return Int(ARCHIVE_FATAL) }
                let input = unsafe Unmanaged<BoundedInput>.fromOpaque(context).takeUnretainedValue()
                guard let bytes = unsafe input.next() else { return Int(ARCHIVE_FATAL) }
                unsafe buffer.pointee = bytes.baseAddress
                return bytes.count
            }, nil)
    }

    deinit { unsafe memory.deallocate() }
}

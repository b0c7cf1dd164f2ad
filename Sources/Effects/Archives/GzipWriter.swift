import CArchive
import Faults

/// Compresses a stream as `gzip -n` does: nothing but the content and the level decides about the bytes.
@safe
package struct GzipWriter: ~Copyable {
    /// Bytes that are given to the receiver at once, except at the end.
    private static let blockLength = 1 << 18
    /// zlib's own choice between time and size.
    private static let level = "6"

    private let archive: OpaquePointer
    private let receiver: Receiver

    /// Takes what comes out.
    private final class Receiver {
        let take: (Span<UInt8>) -> Bool

        init(_ take: @escaping (Span<UInt8>) -> Bool) { self.take = take }
    }

    /// Begins a stream.
    ///
    /// The corresponding C functions are `archive_write_set_format_raw` and `archive_write_add_filter_gzip`.
    ///
    /// - Parameter receive: takes what comes out; false ends the stream with an error.
    /// - Throws: `ArchiveError` when libarchive cannot compress, or without memory.
    package init(receive: @escaping (Span<UInt8>) -> Bool) throws(ArchiveError) {
        let receiver = Receiver(receive)
        unsafe archive = unsafe try Self.archive(receiver)
        self.receiver = receiver
    }

    @unsafe
    private static func archive(_ receiver: Receiver) throws(ArchiveError) -> OpaquePointer {
        guard let archive = unsafe archive_write_new() else { throw .compressing("out of memory") }
        guard let entry = unsafe archive_entry_new() else {
            unsafe archive_write_free(archive)
            throw .compressing("out of memory")
        }
        defer { unsafe archive_entry_free(entry) }
        if unsafe open(archive, entry, receiver) { return unsafe archive }
        let message = unsafe TarSource.message(archive)
        unsafe archive_write_free(archive)
        throw .compressing(message)
    }

    @unsafe
    private static func open(_ archive: OpaquePointer, _ entry: OpaquePointer, _ receiver: Receiver) -> Bool {
        let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
        unsafe archive_entry_set_filetype(entry, CUnsignedInt(0o100_000))
        return unsafe archive_write_set_format_raw(archive) == ARCHIVE_OK
            && archive_write_add_filter_gzip(archive) == ARCHIVE_OK
            && archive_write_set_filter_option(archive, "gzip", "compression-level", level) == ARCHIVE_OK
            && archive_write_set_filter_option(archive, "gzip", "timestamp", nil) == ARCHIVE_OK
            && archive_write_set_bytes_per_block(archive, CInt(blockLength)) == ARCHIVE_OK
            && archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK
            && archive_write_open(
                archive, context, nil,
                { _, context, bytes, count in
                    guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
                    let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
                    let block = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
                    return unsafe receiver.take(Span<UInt8>(_unsafeBytes: block)) ? count : -1
                }, nil) == ARCHIVE_OK
            && archive_write_header(archive, entry) == ARCHIVE_OK
    }

    /// Takes the next bytes.
    ///
    /// The corresponding C function is `archive_write_data`.
    ///
    /// - Throws: `ArchiveError` when the receiver does not go on.
    package mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            let count = unsafe rest.withUnsafeBytes { unsafe archive_write_data(archive, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .compressing("what is compressed cannot be written") }
            done += count
        }
    }

    /// Ends the stream; nothing comes out afterwards.
    ///
    /// The corresponding C function is `archive_write_close`.
    ///
    /// - Throws: as `write`.
    package mutating func finish() throws(ArchiveError) {
        guard unsafe archive_write_close(archive) == ARCHIVE_OK else {
            throw .compressing("what is compressed cannot be written")
        }
    }

    deinit {
        // Else freeing would write what is left of a stream that was given up.
        unsafe archive_write_fail(archive)
        unsafe archive_write_free(archive)
    }
}

extension ArchiveError {
    fileprivate static func compressing(_ cause: String) -> ArchiveError {
        ArchiveError(
            .file, "writing", "an archive", cause: cause,
            remedy: "Check that there is room for it, and that libarchive is whole.")
    }
}

// Decompresses a file for the reader of tar archives and shows what comes out to somebody who computes a digest of it:
// one pass over the layers of a container image serves both.
import CArchive
import SystemPackage

/// Shows decompressed bytes of an archive on their way to its reader; false ends the reading.
package typealias ContentObserver = (Span<UInt8>) -> Bool

/// Owns the decompressing half of a tar archive that is observed.
@safe
final class ContentStream {
    private let archive: OpaquePointer
    private let observer: ContentObserver
    private var isAtEnd = false
    /// Whether the observer asked to stop.
    private(set) var isStopped = false

    /// Opens a file as one stream of bytes.
    init?(path: FilePath, isLayer: Bool, observer: @escaping ContentObserver) {
        guard let archive = unsafe archive_read_new() else { return nil }
        unsafe self.archive = unsafe archive
        self.observer = observer
        unsafe TarSource.supportFilters(archive, isLayer: isLayer)
        unsafe archive_read_support_format_raw(archive)
        unsafe archive_read_support_format_empty(archive)
        let length = TarSource.blockLength
        let status = unsafe path.withPlatformString { unsafe archive_read_open_filename(archive, $0, length) }
        var header: OpaquePointer?
        let first = unsafe status < ARCHIVE_WARN ? status : archive_read_next_header(archive, &header)
        isAtEnd = first == ARCHIVE_EOF
        isBroken = first < ARCHIVE_WARN
    }

    /// Whether the file could not be opened or decompressed.
    private(set) var isBroken: Bool

    /// What libarchive says of the failure.
    var message: String { unsafe TarSource.message(archive) }

    /// Bytes of the file consumed so far.
    var position: Int64 { unsafe archive_filter_bytes(archive, -1) }

    /// The next bytes, valid until the next call; empty at the end, nil on failure.
    func next() -> UnsafeRawBufferPointer? {
        guard !isBroken, !isStopped else { return nil }
        while !isAtEnd {
            var data: UnsafeRawPointer?
            var length = 0
            var offset: Int64 = 0
            let status = unsafe archive_read_data_block(archive, &data, &length, &offset)
            if status == ARCHIVE_EOF { break }
            guard status >= ARCHIVE_WARN else {
                isBroken = true
                return nil
            }
            if length == 0 { continue }
            let bytes = unsafe UnsafeRawBufferPointer(start: data, count: length)
            guard unsafe observer(Span<UInt8>(_unsafeBytes: bytes)) else {
                isStopped = true
                return nil
            }
            return unsafe bytes
        }
        isAtEnd = true
        return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Shows the observer what the reader of the archive did not want: all behind the end of the archive.
    func drain() -> Bool {
        while let bytes = unsafe next() { if unsafe bytes.isEmpty { return true } }
        return false
    }

    /// Gives an archive its bytes from here; it must be freed before this.
    func open(_ reader: OpaquePointer) -> Int32 {
        unsafe archive_read_open(
            reader, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, context, buffer in
                guard let context = unsafe context, let buffer = unsafe buffer else { return Int(ARCHIVE_FATAL) }
                let stream = unsafe Unmanaged<ContentStream>.fromOpaque(context).takeUnretainedValue()
                guard let bytes = unsafe stream.next() else { return Int(ARCHIVE_FATAL) }
                unsafe buffer.pointee = bytes.baseAddress
                return bytes.count
            }, nil)
    }

    deinit { unsafe archive_read_free(archive) }
}

import CArchive
import SystemPackage

/// Gives the decompressed bytes of a file, one piece after the other.
protocol ByteStream: AnyObject {
    /// Bytes of the file consumed so far.
    var position: Int64 { get }

    /// The next bytes, valid until the next call; none at the end.
    ///
    /// - Throws: `ArchiveError` when the file is damaged or cannot be read.
    func next() throws(ArchiveError) -> UnsafeRawBufferPointer
}

/// Decompresses a file by libarchive, whichever compression it has.
@safe
final class FilteredFile: ByteStream {
    private let archive: OpaquePointer
    private let path: FilePath
    private var isAtEnd = false

    /// Opens a file as one stream of bytes.
    ///
    /// The corresponding C functions are `archive_read_support_format_raw` and `archive_read_open_filename`.
    ///
    /// - Throws: `ArchiveError` when it cannot be opened or decompressed.
    init(path: FilePath, isLayer: Bool) throws(ArchiveError) {
        guard let archive = unsafe archive_read_new() else { throw .damaged(path, "out of memory") }
        unsafe self.archive = unsafe archive
        self.path = path
        unsafe TarSource.supportFilters(archive, isLayer: isLayer)
        unsafe archive_read_support_format_raw(archive)
        unsafe archive_read_support_format_empty(archive)
        let length = TarSource.blockLength
        let status = unsafe path.withPlatformString { unsafe archive_read_open_filename(archive, $0, length) }
        var header: OpaquePointer?
        let first = unsafe status < ARCHIVE_WARN ? status : archive_read_next_header(archive, &header)
        isAtEnd = first == ARCHIVE_EOF
        guard first >= ARCHIVE_WARN else { throw .damaged(path, unsafe TarSource.message(archive)) }
    }

    var position: Int64 { unsafe archive_filter_bytes(archive, -1) }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        while !isAtEnd {
            var data: UnsafeRawPointer?
            var length = 0
            var offset: Int64 = 0
            let status = unsafe archive_read_data_block(archive, &data, &length, &offset)
            if status == ARCHIVE_EOF { break }
            guard status >= ARCHIVE_WARN else { throw .damaged(path, unsafe TarSource.message(archive)) }
            if length > 0 { return unsafe UnsafeRawBufferPointer(start: data, count: length) }
        }
        isAtEnd = true
        return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }

    deinit { unsafe archive_read_free(archive) }
}

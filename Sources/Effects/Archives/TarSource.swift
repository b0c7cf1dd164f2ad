// Reads tar archives through libarchive. Everything a warning is about is kept as a note; bytes of names pass through
// unchanged because the program never sets a locale.
import CArchive
import Glibc
package import SystemPackage

/// Reads a tar archive of any common compression, from its start to its end.
@safe
package struct TarSource: EntrySource, ~Copyable {
    /// Bytes read from the file at a time.
    static let blockLength = 1 << 20

    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()

    private let archive: OpaquePointer
    private let path: FilePath
    private var block = ContentBlock(size: 0)
    private let stream: ContentStream?

    /// Opens an archive.
    ///
    /// The corresponding C function is `archive_read_open_filename`.
    ///
    /// - Throws: `ArchiveError` when the file cannot be opened or is no tar archive.
    ///
    /// - Parameter isLayer: whether it is a layer of a container image, which nobody vouches for yet.
    package init(path: FilePath, isLayer: Bool = false) throws(ArchiveError) {
        try self.init(
            path: path, isLayer: isLayer, stream: ContentStream(path: path, isLayer: isLayer, observer: nil))
    }

    /// Opens an archive and shows all of its decompressed bytes to an observer, those behind its last entry when `next`
    /// returned nil.
    ///
    /// - Throws: `ArchiveError` as without, and when the observer asks to stop.
    package init(
        path: FilePath, isLayer: Bool = false, observer: @escaping ContentObserver
    ) throws(ArchiveError) {
        try self.init(
            path: path, isLayer: isLayer, stream: ContentStream(path: path, isLayer: isLayer, observer: observer))
    }

    private init(path: FilePath, isLayer: Bool, stream: ContentStream?) throws(ArchiveError) {
        guard let archive = unsafe archive_read_new() else { throw .damaged(path, "out of memory") }
        if let error = unsafe Self.open(archive, path, isLayer, stream) {
            unsafe archive_read_free(archive)
            throw error
        }
        unsafe self.archive = unsafe archive
        self.path = path
        self.stream = stream
    }

    private static func open(
        _ archive: OpaquePointer, _ path: FilePath, _ isLayer: Bool, _ stream: ContentStream?
    ) -> ArchiveError? {
        unsafe archive_read_support_format_tar(archive)
        unsafe archive_read_support_format_empty(archive)
        let status: Int32
        if let stream {
            status = unsafe stream.open(archive)
        } else {
            unsafe supportFilters(archive, isLayer: isLayer)
            status = unsafe path.withPlatformString { unsafe archive_read_open_filename(archive, $0, blockLength) }
        }
        return status < ARCHIVE_WARN ? unsafe failure(path, archive, stream) : nil
    }

    private static func failure(
        _ path: FilePath, _ archive: OpaquePointer, _ stream: ContentStream?
    ) -> ArchiveError {
        if let failure = stream?.failure { return failure }
        return unsafe .damaged(path, message(archive))
    }

    /// Lets an archive be compressed in any of the usual ways, a layer in those that layers have (OCI image specification,
    /// layer.md): a few bytes of xz can ask for 1 GiB of memory.
    static func supportFilters(_ archive: OpaquePointer, isLayer: Bool) {
        // A filter that libarchive lacks answers with a warning and fails when the file needs it.
        unsafe archive_read_support_filter_gzip(archive)
        unsafe archive_read_support_filter_zstd(archive)
        guard !isLayer else { return }
        unsafe archive_read_support_filter_bzip2(archive)
        unsafe archive_read_support_filter_xz(archive)
        unsafe archive_read_support_filter_lz4(archive)
    }

    static func message(_ archive: OpaquePointer) -> String {
        guard let text = unsafe archive_error_string(archive) else { return "libarchive gives no reason" }
        return unsafe String(cString: text)
    }

    /// Bytes of the file consumed so far, for progress.
    package var position: Int64 {
        if let stream { return stream.position }
        return unsafe archive_filter_bytes(archive, -1)
    }

    /// Goes to the next entry; sockets are passed over with a note.
    ///
    /// The corresponding C function is
    /// `archive_read_next_header`.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        while true {
            var header: OpaquePointer?
            // A name that is not ASCII fails for want of memory when an earlier call, of anybody, left this number.
            errno = 0
            let status = unsafe archive_read_next_header(archive, &header)
            if status == ARCHIVE_EOF {
                guard stream?.drain() ?? true else { throw unsafe Self.failure(path, archive, stream) }
                return nil
            }
            guard status >= ARCHIVE_WARN, let header = unsafe header else {
                throw unsafe Self.failure(path, archive, stream)
            }
            let entry = try unsafe HeaderReader(header, in: path).entry()
            if status == ARCHIVE_WARN { unsafe addWarning(Self.message(archive)) }
            if unsafe archive_entry_acl_types(header) != 0 { notes.add("access control lists are not kept") }
            if let entry {
                block = ContentBlock(size: entry.contentSize)
                return entry
            }
            notes.add("sockets are left out")
        }
    }

    /// Keeps a warning, except the one about names that are not ASCII: their bytes are right all the same.
    private mutating func addWarning(_ warning: String) {
        if warning.contains("can't be converted from UTF-8 to current locale") { return }
        notes.add(warning)
    }

    /// Reads content of the current entry, holes of sparse files as zeros.
    ///
    /// The corresponding C function is `archive_read_data_block`; `archive_read_data` loses holes.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        while block.isUsed {
            if try !loadBlock() { break }
        }
        let hole = min(max(0, block.offset - block.position), Int64(buffer.count))
        if hole > 0 {
            for index in 0..<Int(hole) { buffer[index] = 0 }
            block.position += hole
            return Int(hole)
        }
        return block.copy(into: &buffer)
    }

    /// Takes the next piece of data; false at the end, where a last hole may be left.
    private mutating func loadBlock() throws(ArchiveError) -> Bool {
        var data: UnsafeRawPointer?
        var length = 0
        var offset: Int64 = 0
        let status = unsafe archive_read_data_block(archive, &data, &length, &offset)
        guard status >= ARCHIVE_WARN else { throw unsafe Self.failure(path, archive, stream) }
        if status == ARCHIVE_EOF {
            block.finish()
            return false
        }
        guard offset >= block.position, length >= 0 else { throw .damaged(path, "pieces of a file overlap") }
        unsafe block.begin(UnsafeRawBufferPointer(start: data, count: length), at: offset)
        return true
    }

    deinit { unsafe archive_read_free(archive) }
}

/// Keeps the piece of content that libarchive lent last; valid until the next call to libarchive.
@safe
private struct ContentBlock {
    private var data = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private let size: Int64
    private var isLast: Bool
    /// Where the piece lies in the file.
    private(set) var offset: Int64 = 0
    /// Bytes of the file given out so far.
    var position: Int64 = 0

    init(size: Int64) {
        self.size = size
        isLast = size == 0
    }

    /// Whether another piece is wanted.
    var isUsed: Bool { unsafe !isLast && position >= offset + Int64(data.count) }

    mutating func begin(_ data: UnsafeRawBufferPointer, at offset: Int64) {
        unsafe self.data = unsafe data
        self.offset = offset
    }

    /// Ends with what is left as a hole.
    mutating func finish() {
        unsafe data = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        offset = max(size, position)
        isLast = true
    }

    /// Copies bytes from the position on; 0 at the end.
    mutating func copy(into buffer: inout [UInt8]) -> Int {
        let begin = Int(position - offset)
        guard begin >= 0, unsafe begin < data.count else { return 0 }
        let length = unsafe min(buffer.count, data.count - begin)
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: data[begin..<(begin + length)]))
        }
        position += Int64(length)
        return length
    }
}

// Decompresses a file for the reader of tar archives and shows what comes out to somebody who computes a digest of it:
// one pass over the layers of a container image serves both.
import CArchive
import SystemPackage

/// Shows decompressed bytes of an archive on their way to its reader; false ends the reading.
package typealias ContentObserver = (Span<UInt8>) -> Bool

/// Owns the decompressing half of a tar archive.
@safe
final class ContentStream {
    private let bytes: any ByteStream
    private let path: FilePath
    private let observer: ContentObserver?
    /// Why there are no further bytes; nil as long as there are, and at the end.
    private(set) var failure: ArchiveError?

    /// Opens a file; nil when nobody observes it and libarchive reads it as well alone.
    ///
    /// - Throws: `ArchiveError` when it cannot be opened or decompressed.
    init?(path: FilePath, isLayer: Bool, observer: ContentObserver?) throws(ArchiveError) {
        if let file = try Self.fast(path) {
            bytes = file
        } else if observer != nil {
            bytes = try FilteredFile(path: path, isLayer: isLayer)
        } else {
            return nil
        }
        self.path = path
        self.observer = observer
    }

    /// What reads a file better than libarchive does.
    private static func fast(_ path: FilePath) throws(ArchiveError) -> (any ByteStream)? {
        #if WITH_IGZIP
            return try GzipFile(path: path)
        #else
            return nil
        #endif
    }

    /// Bytes of the file consumed so far.
    var position: Int64 { bytes.position }

    /// The next bytes, valid until the next call; empty at the end, nil on failure.
    private func next() -> UnsafeRawBufferPointer? {
        guard failure == nil else { return nil }
        do throws(ArchiveError) {
            let piece = try unsafe bytes.next()
            if let observer, unsafe !piece.isEmpty, unsafe !observer(Span<UInt8>(_unsafeBytes: piece)) {
                throw .damaged(path, "the reading was stopped")
            }
            return unsafe piece
        } catch {
            failure = error
            return nil
        }
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
}

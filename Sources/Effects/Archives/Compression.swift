import CArchive
import Faults
import LinuxSystem
import SystemPackage

/// Compresses what is in memory.
package enum Compression {
    /// The level of zstd: beyond it an index of packages hardly gets smaller, and takes long.
    private static let level = "9"
    /// What compression can add to bytes that it cannot make smaller, in bytes, beside a share of 1/128 (zstd, `ZSTD_compressBound`).
    private static let overhead = 1 << 16

    /// The bytes as one zstd frame (RFC 8878); the same bytes with the same library.
    ///
    /// The corresponding C functions are `archive_write_set_format_raw` and `archive_write_open_memory`.
    ///
    /// - Throws: `ArchiveError` when libarchive cannot.
    package static func zstd(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: bytes.count + bytes.count / 128 + overhead)
        var used = 0
        guard let archive = unsafe archive_write_new() else { throw fault("out of memory") }
        defer { unsafe archive_write_free(archive) }
        let reason = unsafe result.withUnsafeMutableBytes { memory -> String? in
            let isDone = unsafe write(bytes, archive, memory, &used)
            return isDone ? nil : unsafe TarSource.message(archive)
        }
        if let reason { throw fault(reason) }
        return Array(result.prefix(used))
    }

    /// The place is written to until the archive is closed, so it is closed here.
    private static func write(
        _ bytes: [UInt8], _ archive: OpaquePointer, _ memory: UnsafeMutableRawBufferPointer, _ used: inout Int
    ) -> Bool {
        guard unsafe archive_write_add_filter_zstd(archive) == ARCHIVE_OK,
            unsafe archive_write_set_filter_option(archive, "zstd", "compression-level", level) == ARCHIVE_OK,
            unsafe archive_write_set_format_raw(archive) == ARCHIVE_OK,
            // No padding behind the frame.
            unsafe archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK,
            unsafe archive_write_open_memory(archive, memory.baseAddress, memory.count, &used) == ARCHIVE_OK,
            let entry = unsafe archive_entry_new()
        else { return false }
        defer { unsafe archive_entry_free(entry) }
        // A regular file (AE_IFREG), the only kind that has content.
        unsafe archive_entry_set_filetype(entry, 0o100000)
        guard unsafe archive_write_header(archive, entry) == ARCHIVE_OK else { return false }
        let count = unsafe bytes.withUnsafeBytes { unsafe archive_write_data(archive, $0.baseAddress, $0.count) }
        return count == bytes.count && (unsafe archive_write_close(archive)) == ARCHIVE_OK
    }

    private static func fault(_ cause: String) -> ArchiveError {
        ArchiveError(
            .file, "compressing", "with zstd", cause: cause,
            remedy: "Check that there is memory, and that libarchive has zstd.")
    }
}

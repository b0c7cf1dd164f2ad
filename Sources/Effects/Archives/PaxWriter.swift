// Archives are written here and not by libarchive, so that the same entries give the same bytes with every version of it:
// their digest is the key by which a build is found again.

/// Writes entries as a POSIX.1-2001 pax archive: ustar headers, and extended ones only for what does not fit those.
///
/// The same entries give the same bytes. Extended attributes go to `SCHILY.xattr.` records, as star and GNU tar write them.
package struct PaxWriter {
    /// Bytes of a header, and the unit in which content is padded.
    static let blockLength = 512

    private let sink: (Span<UInt8>) throws(ArchiveError) -> Void
    private var remaining: Int64 = 0
    private var padding = 0

    /// Writes to a sink, which takes all bytes it is given.
    package init(sink: @escaping (Span<UInt8>) throws(ArchiveError) -> Void) { self.sink = sink }

    /// Writes an entry's header; its content must follow by `write`.
    ///
    /// - Throws: `ArchiveError` when content of the entry before is missing, or what the sink throws.
    package mutating func begin(_ entry: ArchiveEntry) throws(ArchiveError) {
        try finishContent()
        let records = PaxHeader.records(entry)
        if !records.isEmpty {
            let count = Int64(records.count)
            try put(PaxHeader.block(name: Array("PaxHeader".utf8), type: "x", size: count))
            try put(records + [UInt8](repeating: 0, count: Self.padding(count)))
        }
        try put(PaxHeader.block(entry))
        remaining = entry.contentSize
        padding = Self.padding(remaining)
    }

    /// Writes the next bytes of the current entry's content.
    ///
    /// - Throws: `ArchiveError` when there are more than the header said, or what the sink throws.
    package mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        guard Int64(bytes.count) <= remaining else { throw .changed("more") }
        remaining -= Int64(bytes.count)
        try sink(bytes)
    }

    /// Ends the archive.
    ///
    /// - Throws: as `begin`.
    package mutating func finish() throws(ArchiveError) {
        try finishContent()
        try put([UInt8](repeating: 0, count: 2 * Self.blockLength))
    }

    private mutating func finishContent() throws(ArchiveError) {
        guard remaining == 0 else { throw .changed("fewer") }
        if padding > 0 { try put([UInt8](repeating: 0, count: padding)) }
        padding = 0
    }

    private func put(_ bytes: [UInt8]) throws(ArchiveError) { try sink(bytes.span) }

    private static func padding(_ size: Int64) -> Int { Int((512 - size % 512) % 512) }
}

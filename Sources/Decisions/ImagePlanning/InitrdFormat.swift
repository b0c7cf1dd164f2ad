/// Names what an initramfs, or a part of one, begins with.
package enum InitrdFormat: String, Equatable, Sendable, CaseIterable {
    /// An archive, not compressed: `newc` with or without checksums (Documentation/driver-api/early-userspace/buffer-format.rst).
    case cpio
    /// RFC 1952.
    case gzip
    /// bzip2.
    case bzip2
    /// The format before xz.
    case lzma
    /// The xz format.
    case xz
    /// lzop's format.
    case lzo
    /// The legacy frame of LZ4, which the kernel reads.
    case lz4
    /// RFC 8878.
    case zstd

    /// Recognises the first bytes; nil for what no kernel unpacks (lib/decompress.c, `compressed_formats`).
    package init?(head: [UInt8]) {
        let magics: [(InitrdFormat, [UInt8])] = [
            (.cpio, Array("070701".utf8)), (.cpio, Array("070702".utf8)), (.gzip, [0x1F, 0x8B]), (.gzip, [0x1F, 0x9E]),
            (.bzip2, Array("BZh".utf8)), (.lzma, [0x5D, 0, 0]), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
            (.lzo, [0x89, 0x4C, 0x5A]), (.lz4, [0x02, 0x21, 0x4C, 0x18]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
        ]
        guard let format = magics.first(where: { head.starts(with: $0.1) })?.0 else { return nil }
        self = format
    }
}

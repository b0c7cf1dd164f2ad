/// Which media type a plain file has, by its name: what firmware, boot loaders and browsers look at.
package enum FileType {
    private static let byExtension = [
        "cfg": text, "conf": text, "efi": "application/efi", "gz": "application/gzip", "html": "text/html",
        "ipxe": text, "iso": "application/vnd.efi.iso", "img": "application/vnd.efi.img", "json": "application/json",
        "sha256": text, "txt": text, "xz": "application/x-xz", "yaml": "application/yaml", "zst": "application/zstd",
    ]
    private static let text = "text/plain; charset=utf-8"

    /// The type; bytes of no particular kind where the name does not say.
    package static func of(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return BlobType.unknown }
        return byExtension[name[name.index(after: dot)...].lowercased()] ?? BlobType.unknown
    }
}

/// What a blob is, as far as a registry knows.
package enum BlobType {
    /// Bytes of no particular kind (RFC 2046 4.5.1).
    package static let unknown = "application/octet-stream"
}

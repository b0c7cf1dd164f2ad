package import SystemPackage

extension FilePath {
    /// Paths that the initramfs or the kernel mounts itself; a layout must not.
    private static let reserved: Set<FilePath> = ["/", "/proc", "/sys", "/dev", "/run", "/usr", "/lifeboot"]

    /// Reads the path of a mount point: absolute, no `.` or `..`, nothing the system needs for itself.
    ///
    /// - Throws: `LayoutError` for anything else.
    package static func mountPoint(_ text: String) throws(LayoutError) -> FilePath {
        let path = FilePath(text)
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.contains(".."), !parts.contains("."),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw LayoutError("'\(text)' must be an absolute path without '..'") }
        guard !reserved.contains(path), !["proc", "sys", "dev", "run"].contains(parts.first ?? "") else {
            throw LayoutError("\(path) belongs to the system and cannot be mounted over")
        }
        return path
    }
}

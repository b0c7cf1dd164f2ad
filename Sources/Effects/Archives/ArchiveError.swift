import SystemPackage

/// Says which archive or tree could not be read or written, why, and what the operator can do.
package struct ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted: `reading`.
    package var operation: String
    /// The file, or the file and the entry in it.
    package var subject: String
    /// What happened, libarchive's own words included.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// A file that cannot be opened or read.
    static func file(_ path: FilePath, _ error: Errno) -> ArchiveError {
        ArchiveError(
            operation: "reading", subject: path.string, cause: error.description,
            remedy: "Check that the path is right and readable")
    }

    /// An archive that libarchive refuses.
    static func damaged(_ path: FilePath, _ cause: String) -> ArchiveError {
        ArchiveError(
            operation: "reading", subject: path.string, cause: cause,
            remedy: "Check that it is a complete tar archive (gzip, bzip2, xz, zstd or plain)")
    }

    /// An entry that names something outside the tree or nothing at all.
    static func name(_ path: FilePath, _ name: String) -> ArchiveError {
        ArchiveError(
            operation: "reading", subject: path.string, cause: "the entry '\(name)' leads outside the tree",
            remedy: "Make the archive again without '..' in names")
    }

    /// A layer that does not fit those below it.
    static func layer(_ entry: EntryPath, _ cause: String) -> ArchiveError {
        ArchiveError(
            operation: "merging", subject: entry.description, cause: cause, remedy: "Build the container image again")
    }
}

package import Faults
import LinuxSystem
import SystemPackage
package import TreeModel

/// Says which archive or tree could not be read or written, why, and what the operator can do.
package typealias ArchiveError = Fault<ArchiveFault>

/// Names what is wrong with an archive.
package enum ArchiveFault: FaultKind {
    /// A file that cannot be opened or read.
    case file
    /// An archive that libarchive refuses.
    case damaged
    /// An entry that names something outside the tree or nothing at all.
    case name
    /// A layer that does not fit those below it.
    case layer
    /// Layers that cost more than a system needs.
    case excess
    /// An entry of which only those that come later tell what becomes of it; not an error of anybody.
    case unsettled
}

extension ArchiveError {
    /// A file that cannot be opened or read.
    static func file(_ path: FilePath, _ error: Errno) -> ArchiveError {
        ArchiveError(
            .file, "reading", path.string, cause: error.description,
            remedy: "Check that the path is right and readable.")
    }

    /// A folder that cannot be read, or a file in it.
    static func folder(_ error: SystemError) -> ArchiveError {
        ArchiveError(
            .file, error.operation, error.subject, cause: error.cause, remedy: error.remedy, underlying: error)
    }

    /// An archive that libarchive refuses.
    static func damaged(_ path: FilePath, _ cause: String) -> ArchiveError {
        ArchiveError(
            .damaged, "reading", path.string, cause: cause,
            remedy: "Check that it is a complete tar archive (gzip, bzip2, xz, zstd or plain).")
    }

    /// An entry that names something outside the tree or nothing at all.
    static func name(_ path: FilePath, _ name: String) -> ArchiveError {
        ArchiveError(
            .name, "reading", path.string, cause: "the entry '\(name)' leads outside the tree",
            remedy: "Make the archive again without '..' in names.")
    }

    /// A layer that does not fit those below it.
    static func layer(_ entry: EntryPath, _ cause: String) -> ArchiveError {
        ArchiveError(
            .layer, "merging", entry.description, cause: cause, remedy: "Build the container image again.")
    }

    /// Layers that cost more than a system needs.
    static func excess(_ entry: EntryPath, _ cause: String) -> ArchiveError {
        ArchiveError(
            .excess, "merging", entry.description, cause: cause,
            remedy: "Check that it is the system that you mean; none needs that much.")
    }

    /// An entry of which only those that come later tell what becomes of it: the layers are to be read twice.
    package static func unsettled(_ entry: EntryPath) -> ArchiveError {
        ArchiveError(
            .unsettled, "merging", entry.description, cause: "what becomes of it is known when all layers are read",
            remedy: "Report this; it is a fault.")
    }

    /// Content that is not as long as it was said to be.
    static func changed(_ which: String) -> ArchiveError {
        ArchiveError(
            .file, "writing", "an archive", cause: "a file has \(which) bytes than it had before",
            remedy: "Do not change the tree while it is packed.")
    }
}

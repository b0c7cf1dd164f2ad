package import Archives
import Faults
import Squashfs
package import SystemPackage
import TreeModel

/// Reads the root of a finished image as if it were the archive that it was made of.
package struct SquashfsSource: EntrySource, ~Copyable {
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()

    private let path: FilePath
    private var reader: SquashfsReader

    /// Opens a squashfs.
    ///
    /// - Throws: `SquashfsError` when it cannot be read, is damaged, or is no squashfs.
    package init(path: FilePath) throws {
        self.path = path
        reader = try SquashfsReader(path: path)
    }

    /// Goes to the next entry; owners, times and attributes are not read.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        let entry: SquashfsReader.Entry?
        do throws(SquashfsError) { entry = try reader.next() } catch { throw failure(error) }
        guard let entry else { return nil }
        guard let place = EntryPath(normalizing: entry.path) else {
            throw failure(.entry(entry.path, "its name leads outside the tree"))
        }
        return ArchiveEntry(path: place, kind: Self.kind(entry.kind), permissions: entry.permissions)
    }

    /// Reads content of the current entry.
    package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        do throws(SquashfsError) { return try reader.read(into: &buffer) } catch { throw failure(error) }
    }

    private static func kind(_ kind: SquashfsReader.Kind) -> ArchiveEntry.Kind {
        switch kind {
        case .file(let size): .regular(size: Int64(size))
        case .directory: .directory
        case .link(let target): .symbolicLink(target: target)
        case .other: .fifo
        }
    }

    private func failure(_ error: SquashfsError) -> ArchiveError {
        ArchiveError(
            .damaged, "reading", path.string, because: error,
            remedy: "Check it with 'boatyard image verify', or build it again.")
    }
}

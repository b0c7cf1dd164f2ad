import TreeModel

@testable import Archives

// Entries of layers, as short as the tests of what becomes of them want them.

func file(_ path: EntryPath) -> ArchiveEntry { ArchiveEntry(path: path, kind: .regular(size: 1)) }
func folder(_ path: EntryPath) -> ArchiveEntry { ArchiveEntry(path: path, kind: .directory) }
func link(_ path: EntryPath, to target: String) -> ArchiveEntry {
    ArchiveEntry(path: path, kind: .symbolicLink(target: Array(target.utf8)))
}
func hard(_ path: EntryPath, to target: EntryPath) -> ArchiveEntry {
    ArchiveEntry(path: path, kind: .hardLink(target: target))
}

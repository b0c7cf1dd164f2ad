package import ContainerBuilds
import LinuxSystem
import SystemPackage

/// Images that builds keep in buildah's store, by the keys of what they hold: containers that other packages are built in, and
/// what `prepare` has left.
///
/// Each has a note with its size, which is made when all of it is on the disk: what a cut has left half made has none. The time
/// of the note says when it was last used.
package struct KeptImages: Sendable {
    private static let limit = 64
    private static let repository = "localhost/boatyard-build"

    /// Where they are.
    package let store: BuildStore

    /// Names those of a store.
    package init(_ store: BuildStore) { self.store = store }

    /// The name of one in the store.
    static func name(_ key: String) -> String { "\(repository):\(key)" }

    /// Whether one is there; asking counts as a use.
    ///
    /// - Throws: `SystemError` when that cannot be found out.
    func has(_ key: String) throws(SystemError) -> Bool {
        guard try FileStatus.of(store.note(of: key)) != nil, let name = FilePath.Component(key) else { return false }
        // A store that nobody may write to is none that is pruned.
        try? DirectoryHandle(root: store.notes).setModified(name, WallClock.secondsSince1970)
        return true
    }

    /// Keeps the tree of a container.
    ///
    /// - Throws: `ProcessError`, `SystemError`.
    func keep(_ container: borrowing BuildContainer, as key: String) throws {
        let size = try Self.size(ofContainerAt: container.mount())
        try container.commit(as: Self.name(key))
        try Folders.make(store.notes)
        // buildah flushes nothing: after a cut the note must not be all that is there.
        try Folders.flushFilesystem(store.folder)
        try AtomicFile.write(Array(String(size).utf8), to: store.note(of: key))
    }

    /// Takes the note away of one that is to be removed, or is not there.
    ///
    /// - Throws: `SystemError`.
    func forget(_ key: String) throws(SystemError) {
        guard try FileStatus.of(store.note(of: key)) != nil else { return }
        try Folders.removeFile(store.note(of: key))
    }

    /// All of them: key, bytes, and when it was last used, in seconds since 1970.
    ///
    /// - Throws: `SystemError` when the notes cannot be read.
    func all() throws(SystemError) -> [(key: String, size: Int64, lastUse: Int64)] {
        guard try FileStatus.of(store.notes) != nil else { return [] }
        var all: [(key: String, size: Int64, lastUse: Int64)] = []
        for key in try Folders.names(of: store.notes) {
            let note = store.note(of: key)
            guard let status = try FileStatus.of(note), let text = try FileBytes.readIfPresent(note, limit: Self.limit)
            else { continue }
            all.append((key, Int64(String(decoding: text, as: UTF8.self)) ?? 0, status.modified))
        }
        return all
    }

    /// Removes all containers of the store, and all images that have no note; only for who holds the cache's lock.
    ///
    /// That is what was forgotten, what a cut has left, and bases, which are read again in no time.
    func sweep() {
        let buildah = Buildah(store)
        guard (try? FileStatus.of(store.folder)) != nil, let images = try? buildah.images() else { return }
        // An image that a container is made of cannot be removed.
        buildah.removeAll()
        let kept = Set((try? all())?.map { Self.name($0.key) } ?? [])
        for (identifier, names) in images where kept.isDisjoint(with: names) { buildah.removeImage(identifier) }
    }

    /// Bytes of a container that its store has for it alone: those of the layer above its image, or, where trees are copied,
    /// of all of it.
    private static func size(ofContainerAt root: FilePath) throws(SystemError) -> Int64 {
        let layer = root.lastComponent == "merged" ? root.removingLastComponent().appending("diff") : root
        var walk = try FolderWalk(layer)
        var size: Int64 = 0
        while let file = try walk.next() { size += file.kind == .regular ? file.stamp.size : 0 }
        return size
    }
}

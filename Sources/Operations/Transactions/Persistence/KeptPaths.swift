import BootModel
import DiskContract
package import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Finds the paths that are kept on the persistent partition: the table of mounts says what the boot has made of the layout.
package enum KeptPaths {
    /// The kept paths that are seen now, in the order of their names.
    ///
    /// - Parameter store: where the persistent partition is mounted.
    package static func find(in mounts: [MountEntry], store: FilePath) -> [KeptPath] {
        guard let partition = mounts.last(where: { $0.target == store }) else { return [] }
        // What is mounted later hides what was mounted before on the same place.
        let seen = Dictionary(mounts.map { ($0.target, $0) }) { _, last in last }.values
        return seen.compactMap { kept($0, partition) }.sorted { $0.path.string < $1.path.string }
    }

    private static func kept(_ mount: MountEntry, _ partition: MountEntry) -> KeptPath? {
        if mount.filesystem == "overlay" {
            guard let upper = mount.superOptions.first(where: { $0.hasPrefix(upperOption) }) else { return nil }
            let path = FilePath(String(upper.dropFirst(upperOption.count)))
            var kept = kept(mount.target, .overlay, path, below: partition.target, PersistentStore.upper)
            // The last one is the image's, by the name that it had before the system changed its root.
            kept?.layers = Array(lowerFolders(mount).dropLast())
            return kept
        }
        guard mount.device == partition.device else { return nil }
        return kept(mount.target, .bind, mount.root, below: partition.root, PersistentStore.data)
    }

    private static let upperOption = "upperdir="

    /// The lower layers of an overlay from the top down, in the older form of the option and in that of Linux 6.8.
    private static func lowerFolders(_ mount: MountEntry) -> [FilePath] {
        mount.superOptions.flatMap { option -> [FilePath] in
            guard option.hasPrefix("lowerdir"), let sign = option.firstIndex(of: "=") else { return [] }
            return option[option.index(after: sign)...].split(separator: ":").map { FilePath(String($0)) }
        }
    }

    /// The kept path whose content lies at `state/NAME/CONTENT` below the partition; nil when this is no such place.
    private static func kept(
        _ path: FilePath, _ mode: PersistMode, _ place: FilePath, below root: FilePath, _ content: FilePath.Component
    ) -> KeptPath? {
        guard place.starts(with: root) else { return nil }
        let rest = FilePath(root: nil, place.components.dropFirst(root.components.count))
        guard rest.components.count == 3, rest.starts(with: PersistentStore.folder), rest.lastComponent == content
        else {
            return nil
        }
        return KeptPath(path, mode, in: rest.removingLastComponent())
    }

    /// Folders on the partition that keep something that no path of this boot shows, by their names.
    ///
    /// - Throws: `SystemError` when they cannot be listed.
    package static func unused(besides kept: [KeptPath], store: FilePath) throws(SystemError) -> [String] {
        let names = try Folders.names(of: store.appending(PersistentStore.folder.components))
        let used = Set(kept.compactMap { $0.folder.lastComponent?.string })
        return names.filter { !used.contains($0) }
    }
}

/// A kept path from both sides: what is there, and what the image has below it.
struct KeptViews: ~Copyable {
    /// What is there; no name leads to what is mounted in it.
    let here: DirectoryHandle
    /// What the path would be if nothing were kept.
    let image: DirectoryHandle
    /// Of an overlay its upper layer, which names all that can differ; of a bind the same as `here`.
    let layer: DirectoryHandle
    /// The folder of the path in the store.
    let folder: DirectoryHandle

    /// Takes the mount of the path away for this process, which must have mounts of its own by then, to see what it hides.
    ///
    /// - Throws: `SystemError` when a side cannot be opened.
    init(_ kept: KeptPath, store: FilePath) throws(SystemError) {
        let content = kept.mode == .overlay ? PersistentStore.upper : PersistentStore.data
        let folder = try Self.open(kept.folder, in: DirectoryHandle(root: store, crossesMounts: false))
        let layer = try Self.open(FilePath(root: nil, [content]), in: folder)
        let here = try DirectoryHandle(root: kept.path, crossesMounts: false)
        try Mount.unmount(kept.path, lazy: true)
        if !kept.layers.isEmpty {
            try Mount.overlay(
                lower: kept.layers + [kept.path], upper: nil, work: nil, on: kept.path,
                options: ["redirect_dir=nofollow", "metacopy=off"])
        }
        let image = try DirectoryHandle(root: kept.path, crossesMounts: false)
        self.init(here: here, image: image, layer: layer, folder: folder)
    }

    private static func open(
        _ name: FilePath, in folder: borrowing DirectoryHandle
    ) throws(SystemError) -> DirectoryHandle {
        guard let inner = try folder.descend(Array(name.components)) else {
            throw .file("opening", folder.path.appending(name.components), .notDirectory)
        }
        return inner
    }

    /// Takes folders that were opened already; for tests.
    init(
        here: consuming DirectoryHandle, image: consuming DirectoryHandle, layer: consuming DirectoryHandle,
        folder: consuming DirectoryHandle
    ) {
        self.here = here
        self.image = image
        self.layer = layer
        self.folder = folder
    }
}

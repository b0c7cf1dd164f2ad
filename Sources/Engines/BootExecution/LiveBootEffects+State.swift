import BootModel
import DiskContract
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage

/// Where writes go: ephemeral overlays and persistent paths.
extension LiveBootEffects {
    /// Stacks an overlay over a path of the root; what lay in the store from an earlier boot is removed first.
    ///
    /// What cannot be removed is only put aside: whoever may write to the store could keep the machine from booting.
    mutating func overlay(_ path: FilePath, _ root: FilePath, _ store: FilePath) throws -> StepResult<UndoAction> {
        let name = path.storeName
        var note: String?
        do { try Folders.remove(store.appending(name), .tree) } catch {
            let aside = store.appending("\(name).unremovable-\(Procfs.bootID)")
            try Folders.rename(store.appending(name), to: aside)
            note = "\(error); it lies at \(aside) now"
        }
        var result = try stack(
            path, root, DirectoryHandle(root: store, crossesMounts: false).makeDirectory(FilePath(name)),
            isLabelledAnew: awaitedLabels != nil)
        try awaitedLabels?.add(path)
        result.note = note
        return result
    }

    /// Keeps a path across boots; no link on the store leads out of it.
    mutating func persist(
        _ path: FilePath, _ root: FilePath, _ store: FilePath, _ mode: PersistMode
    ) throws -> StepResult<UndoAction> {
        let folder = try DirectoryHandle(root: store, crossesMounts: false)
            .makeDirectory(PersistentStore.folder(of: path))
        let note = resetMarked(path, folder)
        var result =
            switch mode {
            case .overlay: try stack(path, root, folder)
            case .bind: try bind(path, root, folder)
            }
        result.note = note
        return result
    }

    /// Stacks `<folder>/upper` over a path; the root of the stack looks like the image's folder from the start.
    ///
    /// - Parameter isLabelledAnew: whether every file will get its label again: that must not copy what is in them.
    private mutating func stack(
        _ path: FilePath, _ root: FilePath, _ folder: borrowing DirectoryHandle, isLabelledAnew: Bool = false
    ) throws -> StepResult<UndoAction> {
        let point = try mountPoint(path, in: root)
        let (lower, place) = (try point.realPath, try folder.realPath)
        let work = try folder.makeDirectory(FilePath(root: nil, [PersistentStore.work])).realPath
        for folder in [place, work] { try SecurityLabel.copy(from: lower, to: folder) }
        if try FileStatus.of(place.appending(PersistentStore.upper), followingLinks: false) == nil {
            // A cut before the rename leaves upper.new, which nothing uses and the next boot removes.
            let new = place.appending("upper.new")
            try Folders.remove(new, .tree)
            try Folders.makeNew(new)
            try DirectoryAttributes.copy(from: lower, to: new)
            try Folders.rename(new, to: place.appending(PersistentStore.upper))
        }
        let upper = try folder.directory(FilePath(root: nil, [PersistentStore.upper])).realPath
        let layers = lowerLayers[path] ?? []
        // What others made may not lead to other files of the layers below it.
        let options =
            layers.isEmpty
            ? (isLabelledAnew ? ["metacopy=on"] : []) : ["redirect_dir=nofollow", "metacopy=off"]
        try Mount.overlay(
            lower: layers + [lower], upper: upper, work: work, on: point.mountTarget, options: options)
        mountPoints.append(path)
        return StepResult(undo: [.unmount(root.appending(path.components))])
    }

    /// Binds `<folder>/data` over a path, filled from the image at the first boot only.
    ///
    /// Order: copy to `data.new`, flush the file system, rename. A cut before the rename starts over at the next boot.
    private mutating func bind(
        _ path: FilePath, _ root: FilePath, _ folder: borrowing DirectoryHandle
    ) throws -> StepResult<UndoAction> {
        let point = try mountPoint(path, in: root)
        let place = try folder.realPath
        let data = place.appending(PersistentStore.data)
        try SecurityLabel.copy(from: point.realPath, to: place)
        switch try FileStatus.of(data, followingLinks: false)?.kind {
        case .directory: break
        case nil: try seed(data, from: try point.realPath, in: place)
        default: throw EffectError.alreadySeeded(path)
        }
        try Mount.bind(data, on: point.mountTarget)
        mountPoints.append(path)
        return StepResult(undo: [.unmount(root.appending(path.components))])
    }

    private func seed(_ data: FilePath, from image: FilePath, in folder: FilePath) throws {
        let new = folder.appending("data.new")
        try Folders.remove(new, .tree)
        try Folders.makeNew(new)
        try TreeCopy.copy(image, to: new) { serveWatchdog() }
        try Folders.flushFilesystem(folder)
        try Folders.rename(new, to: data)
        try Folders.flushFilesystem(folder)
    }
}

/// Where a layout may mount something.
extension LiveBootEffects {
    /// Opens a folder of the new root to mount on, makes it where it is missing, and refuses what belongs to the system.
    ///
    /// The layout's words were judged when it was read; here links have been followed, of the image and of volumes.
    func mountPoint(_ path: FilePath, in root: FilePath, forVolume: Bool = false) throws -> DirectoryHandle {
        let base = try DirectoryHandle(root: root)
        let point = try base.makeDirectory(path)
        let place = FilePath(root: "/", try point.realPath.components.dropFirst(base.realPath.components.count))
        // Only for debugging is everything writable.
        if path == "/" { return point }
        guard !(forVolume ? ReservedPaths.containVolume(place) : ReservedPaths.contain(place)) else {
            throw EffectError.reserved(path, place)
        }
        return point
    }
}

import BootModel
import LinuxSystem
import Plans
import SystemPackage

/// Where writes go: ephemeral overlays and persistent paths.
extension LiveBootEffects {
    /// Stacks an overlay over a path of the root; what lay in the store from an earlier boot is removed first.
    mutating func overlay(_ path: FilePath, _ root: FilePath, _ store: FilePath) throws -> StepResult<UndoAction> {
        let folder = store.appending(path.storeName)
        try Folders.remove(folder, .tree)
        return try stack(path, root, folder)
    }

    /// Keeps a path across boots.
    mutating func persist(
        _ path: FilePath, _ root: FilePath, _ store: FilePath, _ mode: PersistMode
    ) throws -> StepResult<UndoAction> {
        let folder = store.appending("state").appending(path.storeName)
        switch mode {
        case .overlay: return try stack(path, root, folder)
        case .bind: return try bind(path, root, folder)
        }
    }

    /// Stacks `<folder>/upper` over a path; the root of the stack looks like the image's folder from the start.
    private mutating func stack(_ path: FilePath, _ root: FilePath, _ folder: FilePath) throws -> StepResult<UndoAction>
    {
        let point = try DirectoryHandle(root: root).makeDirectory(path)
        let lower = try point.realPath
        let (upper, work) = (folder.appending("upper"), folder.appending("work"))
        try Folders.make(work)
        if try FileStatus.of(upper) == nil {
            // A cut before the rename leaves upper.new, which nothing uses and the next boot removes.
            let new = folder.appending("upper.new")
            try Folders.remove(new, .tree)
            try Folders.make(new)
            try DirectoryAttributes.copy(from: lower, to: new)
            try Folders.rename(new, to: upper)
        }
        try Mount.overlay(lower: [lower], upper: upper, work: work, on: point.mountTarget)
        mountPoints.append(path)
        return StepResult(undo: [.unmount(root.appending(path.components))])
    }

    /// Binds `<folder>/data` over a path, filled from the image at the first boot only.
    ///
    /// Order: copy to `data.new`, flush the file system, rename. A cut before the rename starts over at the next boot.
    private mutating func bind(_ path: FilePath, _ root: FilePath, _ folder: FilePath) throws -> StepResult<UndoAction>
    {
        let point = try DirectoryHandle(root: root).makeDirectory(path)
        let data = folder.appending("data")
        switch try FileStatus.of(data, followingLinks: false)?.kind {
        case .directory: break
        case nil: try seed(data, from: try point.realPath, in: folder)
        default: throw EffectError.alreadySeeded(path)
        }
        try Mount.bind(data, on: point.mountTarget)
        mountPoints.append(path)
        return StepResult(undo: [.unmount(root.appending(path.components))])
    }

    private func seed(_ data: FilePath, from image: FilePath, in folder: FilePath) throws {
        let new = folder.appending("data.new")
        try Folders.remove(new, .tree)
        try Folders.make(new)
        try TreeCopy.copy(image, to: new) { serveWatchdog() }
        try Folders.flushFilesystem(folder)
        try Folders.rename(new, to: data)
        try Folders.flushFilesystem(folder)
    }
}

extension FilePath {
    /// The name of this path's folder in a store: `/var/lib` becomes `var%2Flib`, which no other path becomes.
    var storeName: String {
        let text = components.map(\.string).joined(separator: "/")
        guard !text.isEmpty else { return "%root" }
        return text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%25")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    }
}

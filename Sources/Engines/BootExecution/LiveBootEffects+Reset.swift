import DiskContract
import LinuxSystem
import SystemPackage

/// What `lifeboot persistence reset` has left to this boot.
extension LiveBootEffects {
    /// Takes away what is marked in the folder of a kept path, before that is mounted, so that the image's own shows again.
    ///
    /// Order: what is marked is removed, the filesystem is flushed, then the mark goes. A cut leaves the mark, and the next
    /// boot goes on; nothing that is half removed is ever mounted. What cannot be removed keeps its mark, and the boot goes
    /// on with what is left of it.
    ///
    /// - Returns: what was done, or why it was not; nil when nothing is marked.
    func resetMarked(_ path: FilePath, _ folder: borrowing DirectoryHandle) -> String? {
        do throws(SystemError) {
            let mark = PersistentStore.mark
            guard let bytes = try folder.read(FilePath(root: nil, [mark]), limit: ResetMark.sizeLimit) else {
                return nil
            }
            let paths = ResetMark(bytes).paths
            for part in paths { try reset(part, folder) }
            let place = try folder.realPath
            try Folders.flushFilesystem(place)
            try Folders.removeFile(place.appending(mark))
            try Folders.flushEntry(place)
            return "reset: \(paths.map { path.appending($0.components).string }.joined(separator: ", "))"
        } catch { return "what was to be reset in \(path) was not: \(error)" }
    }

    private func reset(_ part: FilePath, _ folder: borrowing DirectoryHandle) throws(SystemError) {
        guard let name = part.lastComponent else {
            for name in [PersistentStore.upper, PersistentStore.work, PersistentStore.data] {
                try remove(name, in: folder)
            }
            return
        }
        // What is bound is changed while it is mounted, so only overlays have marks inside.
        guard let parent = try folder.descend([PersistentStore.upper] + part.components.dropLast()) else { return }
        try remove(name, in: parent)
    }

    private func remove(_ name: FilePath.Component, in folder: borrowing DirectoryHandle) throws(SystemError) {
        try Folders.remove(folder.mountTarget.appending(name), .tree) { serveWatchdog() }
    }
}

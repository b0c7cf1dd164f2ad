import DiskContract
package import ImageModel
import LinuxSystem
package import SystemPackage

/// The folder of images on a partition that is mounted: names, places and what makes them last.
///
/// Order of a deployment, and what a cut leaves: (1) the staging folder grows; a cut leaves it for the next try.
/// (2) all its files and the folder itself are flushed. (3) it is renamed to the image's id and the folder of images is
/// flushed: before it there is a staging folder, after it a whole image that no role names. (4) the filesystem is frozen
/// and thawed, so that GRUB, which replays no journal, sees it too. Only then may a role name it.
package struct ImageStore: Sendable {
    /// Where the partition is mounted.
    package let root: FilePath

    /// Names a mounted partition.
    package init(_ root: FilePath) { self.root = root }

    /// The folder of images.
    package var images: FilePath { root.appending(DiskFiles.images.components) }

    /// The folders of the images that are there, whole or not; staging folders are none.
    ///
    /// - Throws: `SystemError` when they cannot be listed.
    package var imageFolders: [FilePath] {
        get throws { try Folders.names(of: images).compactMap { ImageID($0) }.map { directory($0) } }
    }

    /// The folder of an image.
    package func directory(_ image: ImageID) -> FilePath { images.appending(image.description) }

    /// Makes a staging folder; one that is there is kept, because a download goes on in it.
    ///
    /// - Throws: `SystemError` when it cannot be made.
    package func makeStaging(_ name: String) throws -> FilePath {
        let path = images.appending(name)
        try Folders.make(path)
        try Folders.flushEntry(images)
        return path
    }

    /// Gives a staged image its name; see the type for the order.
    ///
    /// - Throws: `SystemError` when something cannot be flushed or renamed; the image then has no name yet, or has it and no
    ///   role names it.
    package func publish(_ staging: FilePath, as image: ImageID) throws {
        let target = directory(image)
        if staging != target {
            try Folders.flush(staging)
            try Folders.rename(staging, to: target)
        }
        try Folders.flushEntry(images)
        try FilesystemFreeze.flush(images)
    }

    /// Removes an image or a staging folder by its name, so that a cut leaves it under a staging name and never half.
    ///
    /// - Throws: `SystemError` when something in it cannot be removed.
    package func remove(_ name: String) throws {
        var path = images.appending(name)
        guard try FileStatus.of(path, followingLinks: false) != nil else { return }
        if !name.hasPrefix(DiskFiles.stagingPrefix) {
            let hidden = images.appending(DiskFiles.removed(name))
            try Folders.remove(hidden, .tree)
            try Folders.rename(path, to: hidden)
            try Folders.flushEntry(images)
            path = hidden
        }
        try Folders.remove(path, .tree)
        try Folders.flushEntry(images)
    }
}

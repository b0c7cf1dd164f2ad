package import SystemPackage

/// Where buildah keeps images and containers of ours: below boatyard's cache, never the user's own store.
package struct BuildStore: Equatable, Sendable {
    /// How layers lie over each other.
    package enum Driver: String, CaseIterable, Sendable {
        /// By the kernel; nothing is copied.
        case overlay
        /// By copies of whole trees; works everywhere.
        case vfs
    }

    /// boatyard's cache folder, in which programs are started: what they are given may be named from there.
    package let cache: FilePath
    /// The folder for both kinds of state.
    package let folder: FilePath
    /// How layers lie over each other.
    package let driver: Driver

    /// Names a store; each driver has one of its own.
    ///
    /// - Parameter cache: boatyard's cache folder.
    package init(in cache: FilePath, _ driver: Driver) {
        self.cache = cache
        folder = cache.appending("store-\(driver.rawValue)")
        self.driver = driver
    }

    /// The notes of what is kept as images, by keys.
    package var notes: FilePath { folder.appending("kept") }

    /// The note that what is left of a build, or of its preparation, is kept as an image; there is no need to ask buildah.
    ///
    /// - Parameter key: hexadecimal digits.
    package func note(of key: String) -> FilePath { notes.appending(key) }

    /// The options with which buildah uses this store and no other.
    package var options: [String] {
        [
            "--root", folder.appending("root").string, "--runroot", folder.appending("run").string,
            "--storage-driver", driver.rawValue,
        ]
    }
}

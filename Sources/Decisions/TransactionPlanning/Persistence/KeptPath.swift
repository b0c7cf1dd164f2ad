package import BootModel
import DiskContract
package import Faults
package import SystemPackage

/// A path of the system that is kept on the persistent partition, as it is mounted.
package struct KeptPath: Equatable, Sendable {
    /// The path.
    package var path: FilePath
    /// How it is kept.
    package var mode: PersistMode
    /// Its folder in the store, below the root of the persistent partition.
    package var folder: FilePath
    /// Folders that lie between it and the image's folder, the uppermost first: those of overlays of the vendor.
    package var layers: [FilePath]

    /// Names a path that is kept.
    package init(_ path: FilePath, _ mode: PersistMode, in folder: FilePath, over layers: [FilePath] = []) {
        (self.path, self.mode, self.folder, self.layers) = (path, mode, folder, layers)
    }

    /// The path of something in it.
    package func place(of part: FilePath) -> FilePath { path.appending(part.components) }

    /// Finds the kept path that something lies in: the deepest one.
    ///
    /// - Returns: the kept path, and what is asked for relative to it; empty for all of it.
    /// - Throws: `Refusal` when the text is no absolute path, or nothing that is kept.
    package static func holding(
        _ text: String, among kept: [KeptPath]
    ) throws(Refusal) -> (kept: KeptPath, part: FilePath) {
        let path = FilePath(text).lexicallyNormalized()
        guard path.isAbsolute else {
            throw Refusal(
                .notFound, "looking for", text, cause: "it is no absolute path",
                remedy: "Begin it with a slash; a relative path would mean something else in another folder.")
        }
        let holders = kept.filter { path.starts(with: $0.path) }
        guard let kept = holders.max(by: { $0.path.components.count < $1.path.components.count }) else {
            throw Refusal(
                .notFound, "looking for", text, cause: "it is in no path that persists",
                remedy: "`lifeboot persistence status` lists them. Links in it are not followed.")
        }
        return (kept, FilePath(root: nil, path.components.dropFirst(kept.path.components.count)))
    }
}

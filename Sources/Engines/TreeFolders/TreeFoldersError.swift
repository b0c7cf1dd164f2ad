import Archives
package import Faults
import SystemPackage
import TreeModel

/// Says what keeps a folder from being listed or packed.
package typealias TreeFoldersError = Fault<TreeFoldersFault>

/// Names what is wrong with a folder, or with the layer that is made of it.
package enum TreeFoldersFault: FaultKind {
    /// A file that is not what it was a moment ago.
    case changed
    /// Something that a layer cannot hold.
    case entry
    /// A layer that is none of a package.
    case layer
    /// A layer that cannot be written.
    case output
}

extension TreeFoldersError {
    static func changed(_ path: EntryPath) -> TreeFoldersError {
        TreeFoldersError(
            .changed, "reading", path.absolute, cause: "it changed meanwhile",
            remedy: "Let nothing write to the folder, and try again.")
    }

    static func entry(_ path: EntryPath, _ cause: String) -> TreeFoldersError {
        TreeFoldersError(
            .entry, "packing", path.absolute, cause: cause,
            remedy: "Change it in the last step, or leave it out by 'artefact.exclude'.")
    }

    static func layer(_ path: FilePath, _ cause: String) -> TreeFoldersError {
        TreeFoldersError(
            .layer, "reading", "layer \(path)", cause: cause,
            remedy: "Check that it is the layer of a package, and not one of another image.")
    }
}

import BuildPlanning
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage
import TreeModel

/// What counts of a package's folder: all but the file that describes it, and version control.
struct PackageFolder {
    private static let versionControl: Set<String> = [".git", ".hg", ".svn", ".bzr"]

    /// What counts, as a checkout means it.
    let entries: TreeListing

    /// Takes from the list of all that is in the folder what counts.
    init(_ all: TreeListing) {
        let own = PackageFile.fileName.string
        let counted = all.entries.filter { entry in
            entry.path.description != own
                && !(entry.path.folders + [entry.path]).contains { folder in
                    Self.versionControl.contains(String(decoding: folder.name, as: UTF8.self))
                }
        }
        entries = TreeListing(counted).asCheckout
    }

    /// The same as what enters a key, in byte order of paths.
    var files: [BuildSurroundings.File] {
        entries.entries.map { BuildSurroundings.File($0.path.description, Self.words($0)) }
    }

    private static func words(_ entry: TreeEntry) -> String {
        let mode = String(entry.permissions, radix: 8)
        return switch entry.kind {
        case .regular(_, let digest): "0\(mode) \(digest.registryText)"
        case .directory: "folder"
        case .symbolicLink(let target): "link to \(String(decoding: target, as: UTF8.self))"
        case .characterDevice, .blockDevice, .fifo: "nothing that is copied"
        }
    }
}

import Archives
import ImageAssembly
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

/// Tells what kind of root filesystem a path names, and where its entries and its digest come from.
enum ImageRootfs {
    /// A tar archive, or the layers of a container image, lowest first.
    case layers([FilePath], whiteouts: Bool, source: Digest)
    /// A folder, which has no digest.
    case directory(FilePath)

    /// Looks at a path; an OCI layout is a folder with the file `oci-layout`.
    ///
    /// - Throws: when there is nothing, or a layout is malformed.
    init(_ path: FilePath, progress: (TransferProgress) -> Void) throws {
        guard let status = try FileStatus.of(path) else {
            throw ImageBuildError.file("reading", path, .noSuchFileOrDirectory)
        }
        if status.kind != .directory {
            progress(TransferProgress("hashing the archive", done: 0))
            self = .layers([path], whiteouts: false, source: try ImageFileDigest.of(path).sha256)
        } else if try FileStatus.of(path.appending("oci-layout")) != nil {
            let layout = try ImageLayout(path: path, progress: progress)
            self = .layers(layout.layers, whiteouts: true, source: layout.digest)
        } else {
            self = .directory(path)
        }
    }

    /// Digest of what the image is built from; nil for a folder.
    var source: Digest? { if case .layers(_, _, let source) = self { source } else { nil } }
}

import Archives
import ImageAssembly
package import ImageModel
package import ImagePlanning
import LinuxSystem
import RegistryModel
package import SystemPackage

/// Says what image to build; what has a default can be set afterwards.
package struct ImageRequest: Sendable {
    /// The root filesystem: a tar archive, a folder or an OCI layout.
    package var rootfs: FilePath
    /// The folder to make.
    package var output: FilePath
    /// Name of the system; nil takes os-release's ID.
    package var name: String?
    /// Version; nil takes os-release's IMAGE_VERSION or VERSION_ID.
    package var version: String?
    /// Sequence number; nil takes the creation time.
    package var sequence: Int64?
    /// Kernel arguments.
    package var kernelArguments: [String] = []
    /// Boards that the image fits; none means all.
    package var boards: [String] = []
    /// The oldest agent that can boot the image.
    package var minimumAgent: AgentVersion?
    /// The kernel to take; nil takes the newest.
    package var kernelVersion: KernelVersion?
    /// Bytes in a block of the root image: a power of two from 4 KiB to 1 MiB.
    package var blockSize = 128 << 10
    /// zstd's level, 1 to 22.
    package var compressionLevel = 9
    /// Names of checks whose findings are accepted (`ImageChecks`).
    package var allowedChecks: Set<String> = []
    /// The time of `SOURCE_DATE_EPOCH`, to which newer file times are clamped; nil keeps them.
    package var sourceDate: UTCTime?
    /// The time now, for an image without source date.
    package var now: UTCTime

    /// Asks for an image with defaults.
    package init(rootfs: FilePath, output: FilePath, now: UTCTime) {
        self.rootfs = rootfs
        self.output = output
        self.now = now
    }

    /// When the image says it was made.
    package var createdAt: UTCTime { sourceDate ?? now }
}

/// What a build made.
package struct ImageBuildResult: Sendable {
    /// The image's id.
    package var id: ImageID
    /// Its manifest.
    package var manifest: Manifest
    /// What is worth saying about the root filesystem, sentences without full stop.
    package var notes: [String]
    /// What checks found that refuses no image, a sentence each.
    package var warnings: [String]
}

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

    /// Sends all files through a pass.
    ///
    /// - Throws: as `RootPacker.run`, and `ArchiveError` when the files cannot be read.
    func run(_ packer: inout RootPacker) throws -> RootFindings {
        switch self {
        case .directory(let folder):
            var source = try DirectorySource(path: folder)
            return try packer.run(&source)
        case .layers(let layers, let whiteouts, _):
            var source = try LayeredSource(layers: layers, whiteouts: whiteouts)
            return try packer.run(&source)
        }
    }

    /// Digest of what the image is built from; nil for a folder.
    var source: Digest? { if case .layers(_, _, let source) = self { source } else { nil } }
}

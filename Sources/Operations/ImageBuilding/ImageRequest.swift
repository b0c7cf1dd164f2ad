import Archives
import Faults
import ImageAssembly
package import ImageModel
package import ImagePlanning
import LinuxSystem
import RegistryAccess
package import RegistryModel
package import SoftwareBills
package import SystemPackage

/// Says what image to build; what has a default can be set afterwards.
package struct ImageRequest: Sendable {
    /// The root filesystem: a tar archive or a folder, or a container image in a layout, an archive or a registry.
    package var rootfs: SourceReference
    /// How registries are reached.
    package var access = RegistryConfiguration(authFiles: [])
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
    /// Directories of images that machines have: what differs from their root files is kept as patches.
    package var patchBases: [FilePath] = []
    /// Names of checks whose findings are accepted (`ImageChecks`).
    package var allowedChecks: Set<String> = []
    /// Who publishes the image, for the bill of its software; nil when nobody said it.
    package var organization: String?
    /// Whether the bill lists all files.
    package var listsFiles = false
    /// What the image was built from, where its root filesystem was made out of that before; nil for the latter itself.
    package var base: SoftwareBill.Base?
    /// What the image is made of besides what its root filesystem says, for the statement of how it was built.
    package var materials: [ProvenanceStatement.Material] = []
    /// The version of boatyard.
    package var builderVersion = "unknown"
    /// Bytes of the partitions `recovery` and `state` that the image has to fit into; those that are not named do not count.
    package var sizeLimits: [String: Int64] = [:]
    /// Globs of programs that may run as their owner or group; nil only reports all of them.
    package var setuid: [String]?
    /// Globs of what everybody may write; nil only reports all of it.
    package var worldWritable: [String]?
    /// The time of `SOURCE_DATE_EPOCH`, to which newer file times are clamped; nil keeps them.
    package var sourceDate: UTCTime?
    /// The time now, for an image without source date.
    package var now: UTCTime

    /// Asks for an image of a tar archive, a folder or whatever is there, with defaults.
    package init(rootfs: FilePath, output: FilePath, now: UTCTime) {
        self.init(rootfs: .file(.init(rootfs)), output: output, now: now)
    }

    /// Asks for an image with defaults.
    package init(rootfs: SourceReference, output: FilePath, now: UTCTime) {
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

    /// Looks at what a reference names; a container image that is no folder is fetched into the staging folder.
    ///
    /// - Throws: when there is nothing, or what is there is no root filesystem; the errors of the source.
    init(
        _ reference: SourceReference, _ access: RegistryConfiguration, in staging: FilePath,
        progress: @escaping (TransferProgress) -> Void
    ) throws {
        switch reference {
        case .file(let entry):
            let entry = try LocalSource.present(entry, as: reference.kind)
            self = try Self.whatever(entry, access, staging, progress)
        case .layout(let entry) where entry.tag == nil && entry.digest == nil:
            self = try Self.layout(LocalSource.present(entry, as: reference.kind).path, progress)
        default: self = try Self.container(reference, access, staging, progress)
        }
    }

    /// Decides by what is there; an OCI layout is a folder with the file `oci-layout`.
    private static func whatever(
        _ entry: SourceReference.Entry, _ access: RegistryConfiguration, _ staging: FilePath,
        _ progress: @escaping (TransferProgress) -> Void
    ) throws -> ImageRootfs {
        let isFolder = try FileStatus.of(entry.path)?.kind == .directory
        let isLayout = try isFolder && FileStatus.of(entry.path.appending("oci-layout")) != nil
        if isLayout, entry.tag == nil, entry.digest == nil { return try layout(entry.path, progress) }
        if try isLayout || (!isFolder && LocalSource.isContainer(entry.path)) {
            return try container(.file(entry), access, staging, progress)
        }
        if isFolder { return .directory(entry.path) }
        progress(TransferProgress("hashing the archive", done: 0))
        return .layers([entry.path], whiteouts: false, source: try ImageFileDigest.of(entry.path).sha256)
    }

    private static func layout(_ path: FilePath, _ progress: (TransferProgress) -> Void) throws -> ImageRootfs {
        let layout = try ImageLayout(path: path, progress: progress)
        return .layers(layout.layers, whiteouts: true, source: layout.digest)
    }

    private static func container(
        _ reference: SourceReference, _ access: RegistryConfiguration, _ staging: FilePath,
        _ progress: @escaping (TransferProgress) -> Void
    ) throws -> ImageRootfs {
        let container = try ContainerRootfs(reference, access, in: staging, progress: progress)
        return .layers(container.layers, whiteouts: true, source: container.digest)
    }

    /// Sends all files through a pass.
    ///
    /// Layers are read once where that tells what becomes of them, else twice.
    ///
    /// - Parameters:
    ///   - staging: the folder that the packer writes to; layers that lie there stay.
    ///   - packer: makes what takes the files; is told whether that is tentative, and called again when it was in vain.
    /// - Throws: as `RootPacker.run`, and `ArchiveError` when the files cannot be read.
    func run(in staging: FilePath, _ packer: (_ isTentative: Bool) throws -> RootPacker) throws -> RootFindings {
        switch self {
        case .directory(let folder):
            var source = try DirectorySource(path: folder)
            var packer = try packer(false)
            return try packer.run(&source)
        case .layers(let layers, let whiteouts, _):
            do {
                var source = DescendingSource(layers: layers, whiteouts: whiteouts)
                var packer = try packer(true)
                return try packer.run(&source)
            } catch let error as ArchiveError where error.kind == .unsettled {
                try ContainerRootfs.clean(staging, of: .packed)
            }
            var source = try LayeredSource(layers: layers, whiteouts: whiteouts)
            var packer = try packer(false)
            return try packer.run(&source)
        }
    }

    /// Whether it is a container image, not an archive or a folder.
    var isContainer: Bool { if case .layers(_, whiteouts: true, _) = self { true } else { false } }

    /// Digest of what the image is built from; nil for a folder.
    var source: Digest? { if case .layers(_, _, let source) = self { source } else { nil } }
}

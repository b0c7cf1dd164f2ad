package import ImageModel
import ImagePlanning

/// What the manifest of a new image says beside what its files say; nil takes what os-release has.
package struct ManifestDraft: Equatable, Sendable {
    /// Name of the system; nil takes os-release's IMAGE_ID or ID.
    package var name: String?
    /// Version; nil takes os-release's IMAGE_VERSION or VERSION_ID.
    package var version: String?
    /// Sequence number; nil takes the creation time.
    package var sequence: Int64?
    /// When the image was made.
    package var createdAt: UTCTime
    /// Machine type; nil takes that of kernel and first process.
    package var architecture: String?
    /// Kernel arguments.
    package var kernelArguments: [String] = []
    /// Boards that the image fits; none means all.
    package var boards: [String] = []
    /// The oldest agent that can boot the image.
    package var minimumAgent: AgentVersion?
    /// Digest of what the image is made from.
    package var source: Digest?

    /// Begins with a time.
    package init(createdAt: UTCTime) { self.createdAt = createdAt }

    /// The sequence number that the manifest will have.
    package var effectiveSequence: Int64 { sequence ?? max(0, createdAt.seconds) }

    /// Makes the manifest and checks that a machine can read it.
    ///
    /// - Throws: `ImageAssemblyError` or `ImagePlanningError` when the root filesystem does not say what it is, or says it
    ///   in a form that no manifest can hold.
    package func manifest(
        _ findings: RootFindings, root: Manifest.Root, kernel: Manifest.File, initrd: Manifest.File,
        chunks: Manifest.File
    ) throws -> Manifest {
        guard let release = findings.osRelease else {
            throw ImagePlanningError(
                "reading os-release of", "neither /etc/os-release nor /usr/lib/os-release is a file",
                remedy: "Install what names the system, such as base-files.")
        }
        let fields = OSReleaseText.fields(of: release)
        let field: (String) -> String? = { name in fields.first { $0.name == name }?.value }
        var manifest = Manifest(
            name: name ?? field("IMAGE_ID") ?? field("ID") ?? "linux",
            version: version ?? field("IMAGE_VERSION") ?? field("VERSION_ID") ?? "0",
            sequence: effectiveSequence, createdAt: createdAt,
            architecture: architecture ?? findings.architecture ?? ImageArchitecture.host, osRelease: fields,
            root: root, kernel: kernel, initrd: initrd)
        manifest.kernelArguments = kernelArguments
        manifest.boards = boards
        manifest.minimumAgent = minimumAgent
        manifest.source = source
        manifest.chunks = chunks
        try Self.check(manifest)
        return manifest
    }

    /// What is signed must be what a machine can read.
    private static func check(_ manifest: Manifest) throws {
        var readBack = try Manifest(parsing: manifest.serialized())
        readBack.document = manifest.document
        guard readBack == manifest else {
            throw ImageAssemblyError.unsuitable(
                "making", "the manifest", "it does not read back as it was written",
                remedy: "Give other names, versions or boards.")
        }
    }
}

/// Names architectures in OCI's spelling.
package enum ImageArchitecture {
    /// The architecture of this machine; `unknown`, which no image is for, on one without a name here.
    package static var host: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #elseif arch(riscv64)
            "riscv64"
        #else
            "unknown"
        #endif
    }
}

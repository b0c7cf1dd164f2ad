package import Archives
package import ImageModel
package import ImagePlanning

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
    /// Machine type; nil takes that of the programs in the image.
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

    /// Reads the architecture out of the first 20 bytes of an ELF file: `e_machine` (elf(5)), nil for others.
    static func of(elf header: [UInt8]) -> String? {
        guard header.count >= 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]), header[5] == 1 else { return nil }
        switch UInt16(header[18]) | UInt16(header[19]) << 8 {
        case 62: return "amd64"
        case 183: return "arm64"
        case 3: return "386"
        case 243: return "riscv64"
        default: return nil
        }
    }
}

/// What was found in a root filesystem on its way into an image.
package struct RootFindings {
    /// Kernels, left out of the root image.
    package var kernels: [BootFileChoice.Candidate] = []
    /// Initrds, left out of the root image.
    package var initrds: [BootFileChoice.Candidate] = []
    /// Content of small files by path: os-release and keys.
    package var texts: [String: [UInt8]] = [:]
    /// Kernel versions that have modules.
    package var moduleVersions: Set<KernelVersion> = []
    /// Whether there is a first process.
    package var hasInit = false
    /// Whether there is an agent, without which no initramfs of this image can mount its root.
    package var hasAgent = false
    /// Whether the image refuses to be booted with a signature of the machine (`/usr/lib/lifeboot/refuse-local-images`).
    package var refusesLocalSignature = false
    /// The architecture of its programs; nil when there are none.
    package var architecture: String?
    /// What is worth saying, with counts.
    package var notes = ArchiveNotes()

    /// Begins with nothing.
    package init() {}

    /// The content of os-release; nil when there is none.
    var osRelease: [UInt8]? { RootfsRules.osReleases.lazy.compactMap { texts[$0] }.first }
}

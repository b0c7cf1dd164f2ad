// manifest.json: what an image is. Its bytes are signed and give the image its id, so they are never written anew on a
// machine; ManifestParsing.swift reads them, ManifestWriting.swift is for the builder.
package import JSONText

/// Describes an image (`manifest.json`, docs/on-disk-layout.md).
package struct Manifest: Equatable, Sendable {
    /// The major schema version understood: another one is refused, a newer minor one is read.
    package static let majorSchema = 1

    /// Schema version as `major.minor`.
    package var schema = "\(majorSchema).0"
    /// Name of the system, as in `debian-appliance`: letters, digits, `.`, `_`, `-`.
    package var name: String
    /// Version shown to people: as `name`, and `+`, `~`, `:`.
    package var version: String
    /// Number that grows with each release and decides what a downgrade is; at least 0.
    package var sequence: Int64
    /// When the image was built, or the source date when one was given.
    package var createdAt: UTCTime
    /// Machine type in OCI's spelling: `amd64`, `arm64`.
    package var architecture: String
    /// Fields of the image's os-release in file order.
    package var osRelease: [Field]
    /// The root filesystem.
    package var root: Root
    /// The kernel.
    package var kernel: File
    /// The initramfs.
    package var initrd: File
    /// The chunk index of the root file; nil when the image has none.
    package var chunks: File?
    /// Parts of patches of the root file, each for machines with one other root file (`RootPatch`); in the order in which they
    /// are applied.
    package var patches: [Patch] = []
    /// Kernel arguments, each printable ASCII without space, quotes, `\` and `$`, so that neither GRUB's environment block nor
    /// its script language can change them.
    package var kernelArguments: [String] = []
    /// Digest of what the image was built from; nil when unknown.
    package var source: Digest?
    /// Digest of the image's SBOM; nil when there is none.
    package var sbom: Digest?
    /// Digest of the statement of how the image was built; nil when there is none.
    package var provenance: Digest?
    /// Boards that the image fits; none means all.
    package var boards: [String] = []
    /// The oldest agent that can boot the image; nil when any can.
    package var minimumAgent: AgentVersion?
    /// The document as read, with unknown fields; empty for a new manifest.
    package var document = JSONObject()

    /// Describes a new image; what has a default can be set afterwards.
    package init(
        name: String, version: String, sequence: Int64, createdAt: UTCTime, architecture: String, osRelease: [Field],
        root: Root, kernel: File, initrd: File
    ) {
        self.name = name
        self.version = version
        self.sequence = sequence
        self.createdAt = createdAt
        self.architecture = architecture
        self.osRelease = osRelease
        self.root = root
        self.kernel = kernel
        self.initrd = initrd
    }
}

extension Manifest {
    /// The file that GRUB's `hashsum` checks before it loads kernel and initrd (`boot.sha256`).
    package var bootDigests: [UInt8] {
        let lines = [(kernel, ImageFile.kernel), (initrd, .initrd)].map { "\($0.sha256)  \($1.rawValue)\n" }
        return Array(lines.joined().utf8)
    }

    /// Size and digest of a file; nil when the manifest does not say them, as of itself.
    package func file(_ file: ImageFile) -> File? {
        switch file {
        case .root: File(size: root.size, sha256: root.sha256)
        case .kernel: kernel
        case .initrd: initrd
        case .chunks: chunks
        case .manifest, .signature, .kernelEnvironment, .bootDigests: nil
        }
    }

    /// The files that make up nearly all of an image, with what is expected of each, in the order of `ImageFile.booted`.
    package var bootedFiles: [(file: ImageFile, expected: File)] {
        ImageFile.booted.compactMap { name in file(name).map { (name, $0) } }
    }

    /// The os-release field of that name, or nil.
    package func osRelease(_ name: String) -> String? { osRelease.first { $0.name == name }?.value }
}

extension Manifest {
    /// A part of a patch.
    package struct Patch: Equatable, Sendable {
        /// Digest of the root file that a machine must have for it.
        package var base: Digest
        /// Number of the first chunk in it.
        package var first: Int
        /// Number of the last chunk in it.
        package var last: Int
        /// Bytes of the root file that need not be fetched with it.
        package var covers: Int
        /// Size and digest of the part.
        package var file: File

        /// Describes a part.
        package init(base: Digest, first: Int, last: Int, covers: Int, file: File) {
            self.base = base
            self.first = first
            self.last = last
            self.covers = covers
            self.file = file
        }

        /// The file of the part with that number in an image directory.
        package static func name(_ number: Int) -> String { "root.patch-\(number)" }
    }
}

extension Manifest {
    /// Pairs the name and value of an os-release field.
    package struct Field: Equatable, Sendable {
        /// Name, as `VERSION_ID`.
        package var name: String
        /// Value, unquoted.
        package var value: String

        /// Pairs a name with a value.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Describes one file of the image.
    package struct File: Equatable, Sendable {
        /// Size in bytes, at least 1.
        package var size: Int
        /// Digest of the content.
        package var sha256: Digest

        /// Describes a file.
        package init(size: Int, sha256: Digest) {
            self.size = size
            self.sha256 = sha256
        }
    }

    /// Describes the root filesystem's file.
    package struct Root: Equatable, Sendable {
        /// Filesystem type as the kernel names it: `squashfs`.
        package var format: String
        /// Size in bytes with the verity tree.
        package var size: Int
        /// Digest of the whole file with the verity tree.
        package var sha256: Digest
        /// The verity tree.
        package var verity: VerityParameters

        /// Describes a root file.
        package init(format: String, size: Int, sha256: Digest, verity: VerityParameters) {
            self.format = format
            self.size = size
            self.sha256 = sha256
            self.verity = verity
        }
    }
}

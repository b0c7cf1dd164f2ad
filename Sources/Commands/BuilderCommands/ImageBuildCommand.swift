import ArgumentParser
import CommandOutput
import Cryptography
import ImageBuilding
package import ImageModel
import ImagePlanning
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage

/// Builds an image: `boatyard image build`.
struct ImageBuildCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a signed image out of a layer, or of a root filesystem.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Of a layer, its derivative.yaml says what is in the image: a base, packages, files, steps \
        (docs/derivatives.md). What of it has changed is built in containers as 'package build' builds, which \
        needs root or a user with subordinate ids; the rest comes from the cache.

        With --from nothing is run: the root filesystem is a tar archive (any compression), a folder, or a \
        container image: in an OCI layout, an archive of one or of 'docker save', or a registry. Its newest \
        kernel and that kernel's initrd are taken out of /boot or /usr/lib/modules; the rest becomes a squashfs \
        with a dm-verity tree behind it. The result is a folder with root.squashfs, root.chunks, vmlinuz, \
        initrd.img, manifest.json and manifest.sig, and with what is said of them: sbom.spdx.json, the packages \
        of dpkg, apk and boatyard that are in it, and provenance.json, what it was built from (docs/sbom.md).

        What would not boot is refused; 'boatyard image lint' asks the same without building, and \
        docs/image-checks.md has all checks.

        With SOURCE_DATE_EPOCH set, newer file times are clamped to it and the same input gives the same bytes, \
        but for the signature.

        With --check nothing is left but what is in the cache: the image is built and checked in a folder that \
        is thrown away, and what steps without a network, finalize commands and dracut make is made twice.
        """,
        statuses: [
            0: "built, or nothing was found",
            1: "found with --check: something is not the same when it is built twice",
            2: "not built, or it would not be, and nothing is left behind",
        ],
        examples: [
            "Build the image of the layer in this folder":
                "boatyard image build --key keys/lifeboot.key -o image",
            "Make one of a container image":
                "boatyard image build --from docker-archive:appliance.tar --key keys/lifeboot.key -o image",
        ])

    @Argument(
        help: ArgumentHelp("The derivative.yaml of a layer (default: that of --layer).", valueName: "file"),
        completion: .file())
    var file: String?
    @Option(
        name: [.customLong("from"), .customLong("rootfs")],
        help: ArgumentHelp(
            "The root filesystem, instead of a layer: a tar archive, a folder, or a container image: oci://…, oci:PATH[:NAME], oci-archive:PATH, docker-archive:PATH.",
            valueName: "source"))
    var rootfs: String?
    @Option(help: ArgumentHelp("The private key that signs (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String
    @OptionGroup
    var signing: SigningOptions
    @Option(name: [.short, .long], help: ArgumentHelp("The folder to make.", valueName: "dir"), completion: .directory)
    var output: String?
    @Flag(help: "Only check what a build would make of a layer, and whether it is the same twice.")
    var check = false
    @OptionGroup(title: "What the manifest says")
    var description: ImageDescriptionOptions
    @OptionGroup(title: "How it is built")
    var making: ImageMakingOptions
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @OptionGroup(title: "How a layer is built")
    var building: LayerImageOptions

    func validate() throws {
        if check == (output != nil) { throw ValidationError("--output or --check: give one of them") }
        if check, rootfs ?? building.containerfile ?? building.container != nil {
            throw ValidationError("--check is for the image of a layer, and writes nothing")
        }
        if rootfs != nil, file != nil { throw ValidationError("--from and a file: an image is built of one of both") }
        if building.containerfile != nil, rootfs ?? file != nil {
            throw ValidationError("--containerfile, --from and a file: an image is built of one of them")
        }
        if rootfs != nil, building.container != nil {
            throw ValidationError("--container writes what a layer is built to; copy the image of --from with skopeo")
        }
        guard rootfs == nil, building.containerfile == nil, description.name ?? description.version != nil else {
            return
        }
        throw ValidationError(
            "--name and --version are for --from; the image of a layer has those of its derivative.yaml")
    }

    func perform(_ output: Output) throws {
        let key = try signing.key(key)
        guard let target = self.output else { return try look(key, output) }
        let request: ImageRequest
        if let rootfs {
            request = try self.request(of: SourceReference(typed: rootfs), in: FilePath(target))
        } else {
            guard let build = try layerBuild(output) else { return }
            request = try self.request(of: build, in: FilePath(target))
        }
        output.print(["\(try Self.build(request, key, output).id) \(target)"])
    }

    /// Builds an image, and says what is worth saying of it.
    private static func build(
        _ request: ImageRequest, _ key: borrowing SigningKey, _ output: Output
    ) throws -> ImageBuildResult {
        let result = try ImageBuilder.build(request, key: key) { output.report($0) }
        for note in result.notes { output.note(note) }
        for warning in result.warnings { output.warn(warning) }
        return result
    }

    /// Builds where nobody sees it: sizes are known when all is packed.
    ///
    /// - Throws: `ExitCode` when something is not the same twice.
    private func look(_ key: borrowing SigningKey, _ output: Output) throws {
        guard let build = try layerBuild(output) else { return }
        let scratch = try PrivateFolder(
            in: ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : FilePath($0) } ?? "/tmp",
            prefix: "boatyard-check")
        let result = try Self.build(request(of: build, in: scratch.path.appending("image")), key, output)
        guard build.isSame else { throw ExitCode(ExitStatus.negative) }
        output.print(["\(result.manifest.name) \(result.manifest.version) is good."])
    }

    /// Builds the containers of what the layer says; nil inside, where no image is built.
    private func layerBuild(_ output: Output) throws -> LayerImageBuild? {
        var layer = layer
        if let file { layer.layer = try LayerImageOptions.folder(of: file) }
        return try building.build(layer, checking: check, output)
    }

    private func request(of build: LayerImageBuild, in target: FilePath) throws -> ImageRequest {
        var request = try request(of: build.container, in: target)
        build.apply(to: &request)
        return request
    }

    private func request(of rootfs: SourceReference, in target: FilePath) throws -> ImageRequest {
        guard let now = UTCTime(seconds: WallClock.secondsSince1970) else {
            throw ValidationError("the clock of this machine is not set")
        }
        var request = ImageRequest(rootfs: rootfs, output: target, now: now)
        request.access = layer.registry.configuration()
        request.builderVersion = ProgramVersion.text
        request.sourceDate = try Self.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))
        description.apply(to: &request)
        making.apply(to: &request)
        return request
    }

    /// Reads the variable; one that is set and not understood is an error, because the result would not be reproducible.
    static func sourceDate(_ value: String?) throws -> UTCTime? {
        guard let value else { return nil }
        guard let seconds = Int64(value), seconds >= 0, let time = UTCTime(seconds: seconds) else {
            throw ValidationError("SOURCE_DATE_EPOCH is '\(value)', expected seconds since 1970")
        }
        return time
    }
}

/// Holds what the manifest is to say.
struct ImageDescriptionOptions: ParsableArguments {
    @Option(help: "Name of the system (default: ID of os-release).")
    var name: String?
    @Option(help: "Version (default: IMAGE_VERSION or VERSION_ID of os-release).")
    var version: String?
    @Option(help: "A number that grows with each release (default: the time).")
    var sequence: Int64?
    @Option(help: ArgumentHelp("A kernel argument; give it as often as needed.", valueName: "argument"))
    var kernelArgument: [String] = []
    @Option(help: ArgumentHelp("A board that the image fits; as often as needed (default: all).", valueName: "name"))
    var board: [String] = []
    @Option(help: ArgumentHelp("The oldest agent that can boot the image.", valueName: "version"))
    var minimumAgent: AgentVersion?
    @Option(
        help: ArgumentHelp(
            "Who publishes the image, for the SBOM: a name, or a host, which the document's own name begins with then.",
            valueName: "name"))
    var organization: String?

    func validate() throws {
        if let organization, !Self.isOrganization(organization) {
            throw ValidationError("--organization takes a line of 1 to 200 characters without parentheses")
        }
        if let name, !ManifestText.isName(name) {
            throw ValidationError("--name takes letters, digits, '.', '_' and '-', at most 64")
        }
        if let version, !ManifestText.isVersion(version) {
            throw ValidationError("--version takes letters, digits and '._-+~:', at most 128")
        }
        if let sequence, sequence < 0 { throw ValidationError("--sequence takes a number from 0 on") }
        for argument in kernelArgument where !ManifestText.isKernelArgument(argument) {
            throw ValidationError("--kernel-argument '\(argument)': no spaces, quotes, '\\' or '$'; give one at a time")
        }
        if board.contains("") { throw ValidationError("--board takes a name") }
    }

    /// SPDX writes an address in parentheses behind the name.
    private static func isOrganization(_ text: String) -> Bool {
        (1...200).contains(text.count) && !text.hasPrefix(" ") && !text.hasSuffix(" ")
            && text.unicodeScalars.allSatisfy { $0 != "(" && $0 != ")" && $0.properties.generalCategory != .control }
    }

    func apply(to request: inout ImageRequest) {
        request.name = name
        request.organization = organization
        request.version = version
        request.sequence = sequence
        request.kernelArguments = kernelArgument
        request.boards = board
        request.minimumAgent = minimumAgent
    }
}

/// Holds how an image is made.
struct ImageMakingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kernel to take (default: the newest).", valueName: "version"))
    var kernelVersion: String?
    @Option(help: ArgumentHelp("Block size of the squashfs: 4K, 8K, ... 1M.", valueName: "size"))
    var blockSize = BlockSize.standard
    @Option(help: ArgumentHelp("Level of zstd, 1 to 22.", valueName: "level"))
    var compressionLevel = 9
    @Option(
        help: ArgumentHelp(
            "The folder of an image that machines have: what differs from its root file is kept as patches (several).",
            valueName: "dir"), completion: .directory)
    var patchFrom: [String] = []
    @Flag(help: "List every file with its digests in the SBOM.")
    var files = false
    @Flag(help: "The same as --allow signing-key.")
    var allowForeignKeys = false
    @OptionGroup(title: "What is accepted")
    var checks: CheckOptions

    func validate() throws {
        guard (1...22).contains(compressionLevel) else { throw ValidationError("--compression-level takes 1 to 22") }
    }

    func apply(to request: inout ImageRequest) {
        request.listsFiles = files
        request.kernelVersion = kernelVersion.map { KernelVersion($0) }
        request.blockSize = blockSize.bytes
        request.compressionLevel = compressionLevel
        request.patchBases = patchFrom.map { FilePath($0) }
        request.allowedChecks = checks.allowed.union(allowForeignKeys ? ["signing-key"] : [])
    }
}

/// Holds the block size of a squashfs: a power of two from 4 KiB to 1 MiB (squashfs 4.0).
struct BlockSize: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
    /// 128 KiB.
    static let standard = BlockSize(bytes: 128 << 10)

    let bytes: Int

    /// As on the command line.
    var description: String { bytes < 1 << 20 ? "\(bytes >> 10)K" : "1M" }

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let sizes = (12...20).map { BlockSize(bytes: 1 << $0) }
        guard let size = sizes.first(where: { argument == $0.description || argument == "\($0.bytes)" }) else {
            return nil
        }
        self = size
    }
}

extension AgentVersion: ExpressibleByArgument {
    /// Reads a version from the command line.
    package init?(argument: String) { self.init(argument) }
}

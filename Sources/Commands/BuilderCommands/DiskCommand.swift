package import ArgumentParser
package import CommandOutput
import Cryptography
import Faults
import ImageBuilding
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Builds a bootable disk: `boatyard disk`.
package struct DiskCommand: BoatyardVerb {
    /// What `--help` says.
    package static let configuration = CommandConfiguration(
        commandName: "disk",
        abstract: "Build a bootable disk out of images.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The disk boots under BIOS and UEFI, with --sector-size 4096 under UEFI alone. Nothing is mounted and no \
        root is needed; the programs mke2fs, debugfs, mkfs.fat, mtools, grub-mkimage and, for qcow2 and vmdk, \
        qemu-img do the work. Sizes are whole numbers with an optional K, M, G or T (1024).

        With SOURCE_DATE_EPOCH set, the same images and options give the same bytes. docs/media.md says which \
        cloud takes which format. With --check nothing is made.
        """,
        statuses: [
            0: "made; with --check, nothing keeps the images from booting in the clouds",
            1: "with --check, something does",
            2: "not made, or it could not be found out",
        ],
        examples: [
            "Make a disk for a virtual machine":
                "boatyard disk --image image --recovery image -o disk.raw",
            "Make one that grows on the machine":
                "boatyard disk --expandable --image image --recovery image -o disk.raw",
        ])

    @Option(help: ArgumentHelp("The image that boots first.", valueName: "dir"), completion: .directory)
    var image: String
    @Option(
        help: ArgumentHelp("Another image that boots when the first one fails.", valueName: "dir"),
        completion: .directory)
    var passive: String?
    @Option(help: ArgumentHelp("The image of the recovery partition.", valueName: "dir"), completion: .directory)
    var recovery: String
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The disk to make: .raw, .qcow2, .vhd, .vmdk, or .tar.gz for GCE.", valueName: "file"),
        completion: .file())
    var output: String?
    @Option(
        help: ArgumentHelp(
            "\(Self.formats), when the name of the output does not say so.", valueName: "format"))
    var format: String?
    @Flag(
        help: "Make boot, oem and recovery alone; the machine makes the rest out of a larger disk (docs/media.md).")
    var expandable = false
    @OptionGroup var sizes: DiskSizeOptions
    @Option(
        help: ArgumentHelp("Copy the contents of a directory to the OEM partition.", valueName: "dir"),
        completion: .directory)
    var oemFiles: String?
    @Option(help: ArgumentHelp("Derive the identifiers from a text instead of at random.", valueName: "text"))
    var seed: String?
    @Option(
        help: ArgumentHelp("GRUB's configuration; select.cfg and version lie beside it.", valueName: "file"),
        completion: .file())
    var grubConfig: String?
    @Option(
        help: ArgumentHelp(
            "Ask for a password (the first line of a file) before GRUB's editor and shell.", valueName: "file"),
        completion: .file())
    var grubPasswordFile: String?

    @Flag(help: "Make no disk, but say what keeps the images from booting in clouds.")
    var check = false
    @Option(
        help: ArgumentHelp(
            "With --check, a cloud: \(Self.clouds); as often as needed (default: those that take the format, or all).",
            valueName: "cloud"))
    var cloud: [String] = []
    @Flag(help: "With --check, print the findings as JSON.")
    package var json = false

    @Flag(help: "Write FILE.provenance.json: of which images the disk was built, and its digest (docs/sbom.md).")
    var provenance = false

    /// Makes a command without values.
    package init() {}

    private static let formats = list(DiskFormat.allCases.map(\.rawValue))
    private static let clouds = list(Cloud.allCases.map(\.rawValue))

    /// Words as "a, b or c".
    private static func list(_ words: [String]) -> String {
        "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
    }

    /// Rejects what is neither a disk nor a question about one.
    package func validate() throws {
        guard check || output != nil else { throw ValidationError("give --output, or --check to only look") }
        if expandable,
            passive != nil || sizes.stateSize != nil || sizes.persistentSize != nil || !sizes.partition.isEmpty
        {
            throw ValidationError(
                "--expandable takes no --passive, --state-size, --persistent-size and --partition: "
                    + "/oem/lifeboot/disk.yaml says how large the machine makes them")
        }
        guard check || cloud.isEmpty && !json else { throw ValidationError("--cloud and --json go with --check") }
        if let wrong = cloud.first(where: { Cloud(rawValue: $0) == nil }) {
            throw ValidationError("--cloud takes no '\(wrong)', only \(Self.clouds)")
        }
        if !check { _ = try outputFormat() }
    }

    /// Builds the disk and says what is on it, or only looks at its images.
    package func perform(_ output: Output) throws {
        if check { return try performCheck(output) }
        let request = try request()
        let report = try DiskBuilder.build(request) { output.remark("\(request.output): \($0)") }
        output.remark("\(request.output): \(report.summary)")
    }

    private func performCheck(_ output: Output) throws {
        var check = DiskCheck(image: FilePath(image), recovery: FilePath(recovery), clouds: try askedClouds())
        check.passive = passive.map { FilePath($0) }
        check.extra = try sizes.values().extra
        let findings = try check.findings { if !json { output.remark("\($0)") } }
        let verdict = ImageVerdict(findings, allowing: [])
        output.show(ImageLintCommand.json(verdict), lines: ImageLintCommand.lines(verdict))
        if !verdict.errors.isEmpty { throw ExitCode(ExitStatus.negative) }
    }

    /// Those that were named, those that take the format, or all.
    func askedClouds() throws -> [Cloud] {
        if !cloud.isEmpty { return cloud.compactMap { Cloud(rawValue: $0) } }
        return output == nil && format == nil ? Cloud.allCases : Cloud.taking(try outputFormat())
    }

    private func request() throws -> DiskRequest {
        let fixedTime = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))?.seconds
        var request = DiskRequest(
            image: FilePath(image), recovery: FilePath(recovery), output: FilePath(output ?? ""),
            format: try outputFormat(), time: fixedTime ?? WallClock.secondsSince1970,
            grubConfiguration: try configuration())
        request.passive = passive.map { FilePath($0) }
        request.oemFiles = oemFiles.map { FilePath($0) }
        request.writesProvenance = provenance
        request.builderVersion = ProgramVersion.text
        request.sizes = try sizes.values()
        request.sizes.isExpandable = expandable
        request.grubPassword = try grubPasswordFile.map { try GrubPassword.hash(firstLineOf: FilePath($0)) }
        // A disk that must come out the same twice cannot have random identifiers.
        if let text = seed ?? fixedTime.map({ "\($0)" }) { request.identity = DiskIdentity(seed: text) }
        return request
    }

    private func outputFormat() throws -> DiskFormat {
        if let format {
            if let known = DiskFormat(rawValue: format) { return known }
            throw ValidationError("--format takes no '\(format)', only \(Self.formats)")
        }
        if let known = output.flatMap({ DiskFormat(ofFile: $0) }) { return known }
        let endings = Self.list(DiskFormat.allCases.map { ".\($0.ending)" })
        throw ValidationError("--output must end in \(endings), or --format be \(Self.formats)")
    }

    /// The configuration that was installed with this program, or the one of a source checkout.
    private func configuration() throws -> FilePath {
        let places = grubConfig.map { [$0] } ?? ["/usr/share/lifeboot/grub.cfg", "grub/grub.cfg"]
        guard let found = try places.first(where: { try FileStatus.of(FilePath($0)) != nil }) else {
            throw ValidationError(
                "no GRUB configuration at \(places.joined(separator: " or ")); name it with --grub-config")
        }
        return FilePath(found)
    }
}

/// Holds the sizes of a disk as they are given on the command line.
struct DiskSizeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The whole disk (default: what the partitions need).", valueName: "size"))
    var size: ByteCount?
    @Option(help: ArgumentHelp("Bytes in a sector of the disk: 512 or 4096.", valueName: "bytes"))
    var sectorSize: Int64 = DiskSizes.sectorSizes[0]
    @Option(help: ArgumentHelp("The boot partition (default: 128M, 288M with sectors of 4096).", valueName: "size"))
    var bootSize: ByteCount?
    @Option(help: ArgumentHelp("The OEM partition (default: 64M, or what the files need).", valueName: "size"))
    var oemSize: ByteCount?
    @Option(
        help: ArgumentHelp(
            "The recovery partition (default: 2G, an eighth of a --size below 16G, or what the image needs).",
            valueName: "size"))
    var recoverySize: ByteCount?
    @Option(
        help: ArgumentHelp(
            "The state partition (default: 8G, half of a --size below 16G, or what the images need).",
            valueName: "size"))
    var stateSize: ByteCount?
    @Option(help: ArgumentHelp("The persistent partition (default: the rest, or 1G).", valueName: "size"))
    var persistentSize: ByteCount?
    @Option(
        help: ArgumentHelp(
            "Another partition, before the persistent one: ext4, vfat or none on it, and a type (a word or a GUID, see "
                + "docs/media.md); as often as needed.", valueName: "name=size[,fs][,type]"))
    var partition: [String] = []

    /// Makes options without values.
    init() {}

    /// Rejects sectors that no disk has.
    func validate() throws {
        guard DiskSizes.sectorSizes.contains(sectorSize) else {
            throw ValidationError("--sector-size takes 512 or 4096")
        }
        for text in partition {
            do throws(DiskLayoutError) { _ = try ExtraPartition(text) } catch {
                throw ValidationError("--partition '\(text)': \(error.cause). \(error.remedy)")
            }
        }
    }

    /// The sizes, with the defaults for what is not given.
    func values() throws -> DiskSizes {
        var sizes = DiskSizes()
        sizes.sectorSize = sectorSize
        sizes.boot = bootSize?.bytes
        sizes.oem = oemSize?.bytes
        sizes.recovery = recoverySize?.bytes
        sizes.state = stateSize?.bytes
        sizes.persistent = persistentSize?.bytes
        sizes.disk = size?.bytes
        sizes.extra = try partition.map { try ExtraPartition($0) }
        return sizes
    }
}

extension ByteCount: ExpressibleByArgument {}

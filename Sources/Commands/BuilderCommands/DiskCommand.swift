package import ArgumentParser
package import CommandOutput
import Cryptography
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
        abstract: "Build a bootable disk out of images.",
        discussion: """
            The disk boots under BIOS and UEFI, with --sector-size 4096 under UEFI alone. Nothing is mounted and no root is needed; the programs mke2fs, debugfs, \
            mkfs.fat, mtools, grub-mkimage and, for qcow2, qemu-img do the work. Sizes are whole numbers with an \
            optional K, M, G or T (1024).

            With SOURCE_DATE_EPOCH set, the same images and options give the same bytes.
            """)

    @Option(help: ArgumentHelp("The image that boots first.", valueName: "dir"))
    var image: String
    @Option(help: ArgumentHelp("Another image that boots when the first one fails.", valueName: "dir"))
    var passive: String?
    @Option(help: ArgumentHelp("The image of the recovery partition.", valueName: "dir"))
    var recovery: String
    @Option(name: [.short, .long], help: ArgumentHelp("The disk to make, .raw or .qcow2.", valueName: "file"))
    var output: String
    @Option(help: ArgumentHelp("raw or qcow2, when the name of the output does not say so.", valueName: "format"))
    var format: String?
    @OptionGroup var sizes: DiskSizeOptions
    @Option(help: ArgumentHelp("Copy the contents of a directory to the OEM partition.", valueName: "dir"))
    var oemFiles: String?
    @Option(help: ArgumentHelp("Derive the identifiers from a text instead of at random.", valueName: "text"))
    var seed: String?
    @Option(help: ArgumentHelp("GRUB's configuration; select.cfg and version lie beside it.", valueName: "file"))
    var grubConfig: String?
    @Option(
        help: ArgumentHelp(
            "Ask for a password (the first line of a file) before GRUB's editor and shell.", valueName: "file"))
    var grubPasswordFile: String?

    @Flag(help: "Write FILE.provenance.json: of which images the disk was built, and its digest (docs/sbom.md).")
    var provenance = false

    /// Makes a command without values.
    package init() {}

    /// Builds the disk and says what is on it.
    package func perform(_ output: Output) throws {
        let request = try request()
        let report = try DiskBuilder.build(request) { output.remark("\(request.output): \($0)") }
        output.remark("\(request.output): \(report.summary)")
    }

    private func request() throws -> DiskRequest {
        let fixedTime = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))?.seconds
        var request = DiskRequest(
            image: FilePath(image), recovery: FilePath(recovery), output: FilePath(output),
            format: try outputFormat(), time: fixedTime ?? WallClock.secondsSince1970,
            grubConfiguration: try configuration())
        request.passive = passive.map { FilePath($0) }
        request.oemFiles = oemFiles.map { FilePath($0) }
        request.writesProvenance = provenance
        request.builderVersion = ProgramVersion.text
        request.sizes = try sizes.values()
        request.grubPassword = try grubPasswordFile.map { try GrubPassword.hash(firstLineOf: FilePath($0)) }
        // A disk that must come out the same twice cannot have random identifiers.
        if let text = seed ?? fixedTime.map({ "\($0)" }) { request.identity = DiskIdentity(seed: text) }
        return request
    }

    private func outputFormat() throws -> DiskRequest.Format {
        let name = format ?? FilePath(output).extension ?? ""
        guard let format = DiskRequest.Format(rawValue: name) else {
            throw ValidationError("--output must end in .raw or .qcow2, or --format be one of them")
        }
        return format
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
    @Option(help: ArgumentHelp("The OEM partition (default: 64M).", valueName: "size"))
    var oemSize: ByteCount?
    @Option(help: ArgumentHelp("The recovery partition (default: 2G).", valueName: "size"))
    var recoverySize: ByteCount?
    @Option(help: ArgumentHelp("The state partition (default: 8G).", valueName: "size"))
    var stateSize: ByteCount?
    @Option(help: ArgumentHelp("The persistent partition (default: the rest, or 1G).", valueName: "size"))
    var persistentSize: ByteCount?

    /// Makes options without values.
    init() {}

    /// Rejects sectors that no disk has.
    func validate() throws {
        guard DiskSizes.sectorSizes.contains(sectorSize) else {
            throw ValidationError("--sector-size takes 512 or 4096")
        }
    }

    /// The sizes, with the defaults for what is not given.
    func values() throws -> DiskSizes {
        var sizes = DiskSizes()
        sizes.sectorSize = sectorSize
        sizes.boot = bootSize?.bytes
        if let oemSize { sizes.oem = oemSize.bytes }
        if let recoverySize { sizes.recovery = recoverySize.bytes }
        if let stateSize { sizes.state = stateSize.bytes }
        sizes.persistent = persistentSize?.bytes
        sizes.disk = size?.bytes
        return sizes
    }
}

extension ByteCount: ExpressibleByArgument {}

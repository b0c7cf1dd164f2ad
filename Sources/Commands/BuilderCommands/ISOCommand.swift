package import ArgumentParser
package import CommandOutput
import ImageBuilding
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Builds a medium that boots from CD and stick: `boatyard iso`.
package struct ISOCommand: BoatyardVerb {
    /// What `--help` says.
    package static let configuration = CommandConfiguration(
        commandName: "iso",
        abstract: "Build a file that boots from CD and USB stick out of images.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The file boots under BIOS and UEFI, from a CD and from a stick that it was written to as it is. It \
        starts the image as a live system, which writes to no disk and can install it. The images lie on it as \
        they were published; nothing of the machine that makes it counts but their bytes. Nothing is mounted and \
        no root is needed; the programs xorriso, mkfs.fat, mtools and grub-mkimage do the work ('boatyard doctor \
        --for iso').

        The same images and options give the same bytes; the times are the image's, or SOURCE_DATE_EPOCH. A \
        signature is another one each time. docs/media.md says what is on it.
        """,
        examples: [
            "Make a medium that starts and installs":
                "boatyard iso --image image -o live.iso"
        ])

    @Option(help: ArgumentHelp("The image that boots.", valueName: "dir"), completion: .directory)
    var image: String
    @Option(
        help: ArgumentHelp("An image to install, when it is not the one that boots.", valueName: "dir"),
        completion: .directory)
    var install: String?
    @Option(
        help: ArgumentHelp("The image of the recovery partition, when it is another one.", valueName: "dir"),
        completion: .directory)
    var recovery: String?
    @Option(name: [.short, .long], help: ArgumentHelp("The file to make.", valueName: "file"), completion: .file())
    var output: String
    @Option(help: ArgumentHelp("What desktops show: capitals, digits and underscores.", valueName: "text"))
    var label = "LIFEBOOT"
    @Option(
        help: ArgumentHelp("Copy the contents of a directory to oem on the medium.", valueName: "dir"),
        completion: .directory)
    var oemFiles: String?
    @Option(
        help: ArgumentHelp("Put an install.yaml on the medium, and a choice to install by it.", valueName: "file"),
        completion: .file())
    var installFile: String?
    @Option(
        help: ArgumentHelp(
            "Put the passphrase on the medium that install.yaml encrypts with (the first line of a file).",
            valueName: "file"), completion: .file())
    var installPassphrase: String?
    @Flag(help: "Install by that file when nobody chooses anything else.")
    var unattended = false
    @Option(help: ArgumentHelp("Derive the identifiers from a text instead of from the images.", valueName: "text"))
    var seed: String?
    @Option(
        help: ArgumentHelp(
            "Sign the sums of all files and install.yaml with a private key (\(SigningOptions.keyHelp)).",
            valueName: "key"))
    var key: String?
    @OptionGroup var signing: SigningOptions

    @Flag(help: "Write FILE.provenance.json: of which images the medium was built, and its digest (docs/sbom.md).")
    var provenance = false

    /// Makes a command without values.
    package init() {}

    /// Rejects what cannot be meant.
    package func validate() throws {
        guard ISOVolume.isLabel(label) else {
            throw ValidationError(
                "--label takes 1 to \(ISOVolume.maximumLabelLength) capitals, digits and underscores")
        }
        guard !unattended || installFile != nil else { throw ValidationError("--unattended needs --install-file") }
        guard installPassphrase == nil || installFile != nil else {
            throw ValidationError("--install-passphrase needs --install-file")
        }
        guard !output.isEmpty else { throw ValidationError("--output needs the name of a file") }
    }

    /// Builds the medium and says how large it is.
    package func perform(_ output: Output) throws {
        var request = try request()
        if let key {
            request.sign = try signing.signer(key)
        } else {
            output.remark("\(request.output): without --key nobody can tell whether SHA256SUMS was changed")
        }
        let report = try ISOBuilder.build(request) { output.remark("\(request.output): \($0)") }
        for warning in report.warnings { output.remark("\(request.output): \(warning)") }
        output.remark("\(request.output): \(MediaContent.mebibytes(report.size)) MiB")
    }

    /// What is to be built, without the key.
    func request() throws -> ISORequest {
        var request = ISORequest(image: FilePath(image), output: FilePath(output))
        request.others = [install, recovery].compactMap { $0.map { FilePath($0) } }
        request.label = label
        request.time = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))?.seconds
        request.seed = seed
        request.oemFiles = oemFiles.map { FilePath($0) }
        request.installation = installFile.map { FilePath($0) }
        request.passphrase = installPassphrase.map { FilePath($0) }
        request.isUnattended = unattended
        request.writesProvenance = provenance
        request.builderVersion = ProgramVersion.text
        return request
    }
}

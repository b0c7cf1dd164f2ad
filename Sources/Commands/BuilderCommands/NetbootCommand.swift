package import ArgumentParser
package import CommandOutput
import ImageBuilding
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes what machines load from the network: `boatyard netboot`.
package struct NetbootCommand: BoatyardVerb {
    /// What `--help` says.
    package static let configuration = CommandConfiguration(
        commandName: "netboot",
        abstract: "Make what machines with iPXE start from over the network.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The folder gets boot.ipxe, a script for iPXE, and beside it a folder with the kernel, the initramfs and \
        an archive that holds the image as it was published. Everything is unpacked into the memory of the \
        machine, which needs two and a half times the image and 512 MiB. 'boatyard serve --files FOLDER' gives \
        it to machines.

        Machines with UEFI need none of this: they start the ISO itself by HTTP, with less memory \
        (docs/media.md).

        Folders of other images stay, so that who is loading one goes on.
        """,
        statuses: [
            0: "made",
            2: "not made",
        ],
        examples: [
            "Make what iPXE starts":
                "boatyard netboot --image image -o netboot"
        ])

    @Option(help: ArgumentHelp("The image that starts.", valueName: "dir"), completion: .directory)
    var image: String
    @Option(
        name: [.short, .long], help: ArgumentHelp("The folder that is served.", valueName: "dir"),
        completion: .directory)
    var output: String
    @Option(
        help: ArgumentHelp("The contents of a directory become oem, as on a medium.", valueName: "dir"),
        completion: .directory)
    var oemFiles: String?
    @Option(
        help: ArgumentHelp("An install.yaml, and a choice to install by it.", valueName: "file"), completion: .file())
    var installFile: String?
    @Option(
        help: ArgumentHelp(
            "Give the passphrase that install.yaml encrypts with to whoever loads it (the first line of a file).",
            valueName: "file"), completion: .file())
    var installPassphrase: String?
    @Flag(help: "Install by that file when nobody chooses anything else.")
    var unattended = false
    @Option(
        help: ArgumentHelp("Sign install.yaml with a private key (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String?
    @OptionGroup var signing: SigningOptions

    /// Makes a command without values.
    package init() {}

    /// Rejects what cannot be meant.
    package func validate() throws {
        guard !unattended || installFile != nil else { throw ValidationError("--unattended needs --install-file") }
        guard installPassphrase == nil || installFile != nil else {
            throw ValidationError("--install-passphrase needs --install-file")
        }
        guard key == nil || installFile != nil else { throw ValidationError("--key needs --install-file") }
        guard !output.isEmpty else { throw ValidationError("--output needs the name of a folder") }
    }

    /// Makes it, and says what machines need.
    package func perform(_ output: Output) throws {
        var request = try request()
        request.sign = try key.map { try signing.signer($0) }
        let report = try NetbootBuilder.build(request) { output.remark("\(request.output): \($0)") }
        output.remark(
            "\(request.output): machines load \(MediaContent.mebibytes(report.size)) MiB and need \(MediaContent.mebibytes(report.memory)) MiB of memory"
        )
    }

    /// What is to be made, without the key.
    func request() throws -> NetbootRequest {
        var request = NetbootRequest(image: FilePath(image), output: FilePath(output))
        request.time = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))?.seconds
        request.oemFiles = oemFiles.map { FilePath($0) }
        request.installation = installFile.map { FilePath($0) }
        request.passphrase = installPassphrase.map { FilePath($0) }
        request.isUnattended = unattended
        return request
    }
}

import ArgumentParser
import CommandOutput
import ImageBuilding
import ImageFolders
import SystemPackage

/// Checks an image: `boatyard image verify`.
struct ImageVerifyCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an image's signature, digests and verity tree.",
        discussion: """
            Every file is read in full and every block of the root image is hashed. The SBOM and \
            the provenance are checked where they are. Exit status: 0 all is as it was \
            signed; 1 something is not; 2 it could not be found out, as when a file is missing; 64 usage.
            """)

    @Option(help: ArgumentHelp("The public key (PEM, EC P-256).", valueName: "file"))
    var key: String
    @Argument(help: ArgumentHelp("The image's folder.", valueName: "dir"))
    var image: String

    func perform(_ output: Output) throws {
        let key = try ImageKeys.publicKey(FilePath(key))
        let directory = try ImageFolder(FilePath(image))
        let findings = try ImageVerifier.verify(directory, key: key) { output.report($0) }
        output.print(findings.map { "\($0.subject): \($0.fault ?? $0.remark ?? "ok")" })
        if findings.contains(where: { $0.fault != nil }) { throw ExitCode(ExitStatus.negative) }
    }
}

import ArgumentParser
import CommandOutput
import ImageBuilding
import ImageFolders
import ImageModel
import JSONText
import SystemPackage

/// Checks an image: `boatyard image verify`.
struct ImageVerifyCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an image's signature, digests and verity tree.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Every file is read in full and every block of the root image is hashed. The SBOM and the provenance are \
        checked where they are.
        """,
        statuses: [
            0: "all is as it was signed",
            1: "something is not",
            2: "it could not be found out, as when a file is missing",
        ],
        examples: [
            "Check every byte against the signature":
                "boatyard image verify image --key keys/lifeboot.pub"
        ])

    @Option(help: ArgumentHelp("The public key (PEM, EC P-256).", valueName: "file"), completion: .file())
    var key: String
    @Argument(help: ArgumentHelp("The image's folder.", valueName: "dir"), completion: .directory)
    var image: String
    @Flag(help: "Print what was found as JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let key = try ImageKeys.publicKey(FilePath(key))
        let directory = try ImageFolder(FilePath(image))
        let findings = try ImageVerifier.verify(directory, key: key) { if !json { output.report($0) } }
        output.show(
            Self.json(directory, findings),
            lines: findings.map { "\($0.subject): \($0.fault ?? $0.remark ?? "ok")" })
        if findings.contains(where: { $0.fault != nil }) { throw ExitCode(ExitStatus.negative) }
    }

    /// What was looked at, each with what is wrong or worth knowing.
    static func json(_ image: ImageFolder, _ findings: [ImageVerifier.Finding]) -> JSONValue {
        let findings = findings.map { finding -> JSONValue in
            [
                "subject": .string(finding.subject), "fault": finding.fault.map { .string($0) } ?? .null,
                "remark": finding.remark.map { .string($0) } ?? .null,
            ]
        }
        return ["id": .string(image.id.description), "findings": .array(findings)]
    }
}

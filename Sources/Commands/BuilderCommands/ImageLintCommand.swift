import ArgumentParser
import CommandOutput
import ImageBuilding
import ImagePlanning
import JSONText
import RegistryAccess
import RegistryModel
import SystemPackage

/// Says what keeps something from booting as an image: `boatyard image lint`.
struct ImageLintCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Say what keeps a root filesystem or an image from booting.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Takes what 'boatyard image build' takes as a root filesystem, or the folder of an image, looks into its \
        initramfs as well, and asks what 'boatyard image build' asks. docs/image-checks.md has all checks.
        """,
        statuses: [
            0: "nothing keeps it from booting",
            1: "something does",
            2: "it could not be found out",
        ],
        examples: [
            "Ask what keeps a root filesystem from booting":
                "boatyard image lint docker-archive:appliance.tar"
        ])

    @Argument(
        help: ArgumentHelp("A container image, a tar archive, a folder, or an image's folder.", valueName: "source"))
    var subject: String
    @Option(
        help: ArgumentHelp("The public key of who signs it (PEM, EC P-256).", valueName: "file"), completion: .file())
    var key: String?
    @Option(help: ArgumentHelp("The kernel to take (default: the newest).", valueName: "version"))
    var kernelVersion: String?
    @Option(help: ArgumentHelp("A kernel argument that it will get; as often as needed.", valueName: "argument"))
    var kernelArgument: [String] = []
    @OptionGroup(title: "What is accepted")
    var checks: CheckOptions
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions
    @Flag(help: "Print the findings as JSON.")
    var json = false

    func perform(_ output: Output) throws {
        var request = LintRequest(try SourceReference(typed: subject))
        request.access = registry.configuration()
        request.signer = try key.map { try ImageKeys.publicKey(FilePath($0)) }
        request.kernelVersion = kernelVersion.map { KernelVersion($0) }
        request.kernelArguments = kernelArgument
        let findings = try ImageLinter.findings(request) { if !json { output.report($0) } }
        let verdict = ImageVerdict(findings, allowing: checks.allowed)
        output.show(Self.json(verdict), lines: Self.lines(verdict))
        if !verdict.errors.isEmpty { throw ExitCode(ExitStatus.negative) }
    }

    /// Errors first; one line says when there is nothing.
    static func lines(_ verdict: ImageVerdict) -> [String] {
        let lines = verdict.errors.map { "error: \($0)" } + verdict.warnings.map { "warning: \($0)" }
        return lines.isEmpty ? ["Nothing was found."] : lines
    }

    static func json(_ verdict: ImageVerdict) -> JSONValue {
        let findings = verdict.errors.map { ($0, "error") } + verdict.warnings.map { ($0, "warning") }
        return [
            "findings": .array(
                findings.map { finding, severity in
                    [
                        "check": .string(finding.name), "severity": .string(severity), "cause": .string(finding.cause),
                        "remedy": .string(finding.remedy),
                    ]
                })
        ]
    }
}

/// Holds the checks whose findings are accepted.
struct CheckOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Accept what this check finds (see docs/image-checks.md); as often as needed.", valueName: "check"),
        completion: .list(ImageChecks.all.map(\.name)))
    var allow: [String] = []

    /// Their names.
    var allowed: Set<String> { Set(allow) }

    func validate() throws {
        let names = ImageChecks.all.map(\.name)
        guard let wrong = allow.first(where: { !names.contains($0) }) else { return }
        throw ValidationError("--allow takes no '\(wrong)', only \(names.joined(separator: ", "))")
    }
}

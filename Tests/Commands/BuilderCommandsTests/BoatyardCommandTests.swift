import ArgumentParser
import CommandOutput
import ImageModel
import ImagePlanning
import JSONText
import OutputSchemas
import Snapshots
import Testing

@testable import BuilderCommands

@Suite("boatyard's command line")
struct BoatyardCommandTests {
    @Test("every option of image build is understood")
    func build() throws {
        let parsed = try BoatyardCommand.parseAsRoot([
            "image", "build", "--rootfs", "r.tar", "--key", "k", "-o", "out", "--name", "n", "--version", "1~rc1",
            "--sequence", "9", "--kernel-argument", "console=ttyS0", "--kernel-argument", "quiet", "--board", "b",
            "--minimum-agent", "1.2.3", "--kernel-version", "6.1", "--block-size", "64K", "--compression-level", "3",
            "--allow-foreign-keys", "--allow", "modules", "--organization", "harbour.example", "--files",
        ])
        let command = try #require(parsed as? ImageBuildCommand)
        #expect(command.description.kernelArgument == ["console=ttyS0", "quiet"])
        #expect(command.description.minimumAgent == AgentVersion(1, 2, 3))
        #expect(command.making.blockSize.bytes == 65_536 && command.making.allowForeignKeys)
        #expect(command.making.checks.allowed == ["modules"])
        #expect(command.description.organization == "harbour.example" && command.making.files)
    }

    @Test(
        "what cannot be meant is a usage error",
        arguments: [
            ["image", "build"], ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--block-size", "100K"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--name", "a b"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--kernel-argument", "a b"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--compression-level", "23"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--sequence=-1"], ["image", "verify", "x"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--organization", "A (b)"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--organization", ""],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--organization", "a\nb"],
            ["image", "build", "--key", "k"], ["image", "build", "--key", "k", "-o", "o", "--check"],
            ["image", "build", "--key", "k", "--check", "--from", "r"],
            ["image", "build", "--key", "k", "--check", "--containerfile", "d"],
            ["image", "build", "--key", "k", "--check", "--container", "d"],
            ["image", "diff", "x"], ["image", "diff", "x", "y", "--json", "--markdown"],
            ["image", "lint"], ["image", "lint", "x", "--allow", "nothing"],
            ["image", "build", "--rootfs", "r", "--key", "k", "-o", "o", "--allow", "nothing"],
            ["key", "generate", "extra"], ["nothing"], ["image", "publish", "x"], ["sign", "oci://r.example/os"],
            ["sign", "oci://r.example/os", "--key", "k", "--plain-http", "http://r"], ["channel", "create", "-o", "c"],
            ["channel", "create", "--name", "a b", "-o", "c"],
            ["channel", "add", "c", "oci://r.example/os", "--rollout", "101"],
            ["channel", "add", "c", "oci://r.example/os", "--sequence=-1"],
            ["channel", "publish", "c", "oci://r.example/c"],
            ["channel", "publish", "c", "oci://r.example/c", "--key", "k", "--days", "0"],
            ["solve", "--index", "i"], ["solve", "a/a"], ["solve", "a", "--index", "i"],
            ["program-bill", "x", "-o", "b"], ["program-bill", "x", "--linked", "l"],
            ["solve", "a/a >= x", "--index", "i"], ["solve", "a/a", "--index", "i", "--why", "a/a > 1"],
            ["solve", "a/a", "--index", "i", "--why", "a/a", "--why-not", "b/b"],
        ])
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(arguments) }
        #expect(error.map { BoatyardCommand.exitCode(for: $0) } == .validationFailure)
    }

    @Test("an image of a layer is built, or only looked at")
    func check() throws {
        let looked = try BoatyardCommand.parseAsRoot(["image", "build", "--key", "k", "--check"]) as? ImageBuildCommand
        #expect(looked?.check == true && looked?.output == nil)
        let built = try BoatyardCommand.parseAsRoot(["image", "build", "--key", "k", "-o", "o"]) as? ImageBuildCommand
        #expect(built?.check == false && built?.output == "o")
    }

    @Test("a version is there, and sectors that no disk has are none")
    func version() throws {
        #expect(CommandLineProgram.run(BoatyardCommand.self, ["--version"], Output("boatyard", .lines)) == 0)
        #expect(!ProgramVersion.text.isEmpty)
        let arguments = ["disk", "--image", "i", "--recovery", "r", "-o", "d.raw", "--sector-size"]
        #expect((try BoatyardCommand.parseAsRoot(arguments + ["4096"]) as? DiskCommand)?.sizes.sectorSize == 4096)
        #expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(arguments + ["2048"]) }
    }

    @Test("a source date that is not understood is refused, not ignored", arguments: ["", "x", "-1", "1.5"])
    func sourceDate(value: String) {
        #expect(throws: ValidationError.self) { try ImageBuildCommand.sourceDate(value) }
    }

    @Test("a source date is seconds since 1970")
    func goodSourceDate() throws {
        #expect(try ImageBuildCommand.sourceDate("86400")?.description == "1970-01-02T00:00:00Z")
        #expect(try ImageBuildCommand.sourceDate(nil) == nil)
    }

    @Test("findings are lines with name, cause and remedy, errors first, and the same as JSON")
    func findings() throws {
        var facts = ImageFacts(.looking)
        facts.kernelArguments = ["--"]
        let verdict = ImageVerdict(ImageChecks.findings(of: facts), allowing: ["first-process"])
        let lines = ImageLintCommand.lines(verdict)
        #expect(
            lines.first == "error: kernel-arguments: '--' gives all arguments after it to the first process. "
                + "Leave it out; at the console it can be typed for one boot.")
        #expect(lines.dropFirst().first?.hasPrefix("warning: first-process: ") == true)
        try OutputSchema.check(ImageLintCommand.json(verdict), "image-lint")
        let findings = try #require(ImageLintCommand.json(verdict)["findings"]?.elements)
        #expect(findings.map { $0["check"]?.text } == (verdict.errors + verdict.warnings).map(\.name))
        #expect(findings.first?["severity"]?.text == "error" && findings.last?["severity"]?.text == "warning")
        #expect(ImageLintCommand.lines(ImageVerdict([], allowing: [])) == ["Nothing was found."])
    }

    static let commands: [any ParsableCommand.Type] = [
        ImageBuildCommand.self, ImageLintCommand.self, ImageInspectCommand.self, ImageVerifyCommand.self,
        ImageDiffCommand.self, ImagePublishCommand.self, SignCommand.self, ChannelCreateCommand.self,
        ChannelAddCommand.self, ChannelPublishCommand.self, ChannelPromoteCommand.self, ChannelRolloutCommand.self,
        ChannelWithdrawCommand.self, ChannelRemoveCommand.self, ChannelShowCommand.self, ChannelListCommand.self,
        ChannelExplainCommand.self, SolveCommand.self,
    ]

    @Test("help says what each command does, and the manual how it ends")
    func help() {
        for command in Self.commands {
            let statuses = (command as? any BoatyardVerb.Type)?.text.statuses ?? []
            #expect(statuses.first?.number == 0 && statuses.contains { $0.number == 2 }, "\(command)")
            let text = BoatyardCommand.helpMessage(for: command, columns: 80)
            #expect(
                text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
                    "Exit statuses: man boatyard"))
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
        }
        #expect(BoatyardCommand.helpMessage(columns: 80).contains("boatyard key generate"))
    }

    @Test(
        "the help of every command is what the snapshot says",
        arguments: [
            ("help", BoatyardCommand.self), ("help-key-generate", KeyGenerateCommand.self),
            ("help-image", ImageCommand.self), ("help-image-build", ImageBuildCommand.self),
            ("help-image-lint", ImageLintCommand.self),
            ("help-image-inspect", ImageInspectCommand.self), ("help-image-verify", ImageVerifyCommand.self),
            ("help-image-diff", ImageDiffCommand.self), ("help-image-publish", ImagePublishCommand.self),
            ("help-disk", DiskCommand.self), ("help-iso", ISOCommand.self),
            ("help-netboot", NetbootCommand.self),
            ("help-sign", SignCommand.self), ("help-channel", ChannelCommand.self),
            ("help-channel-create", ChannelCreateCommand.self), ("help-channel-add", ChannelAddCommand.self),
            ("help-channel-publish", ChannelPublishCommand.self), ("help-channel-promote", ChannelPromoteCommand.self),
            ("help-channel-rollout", ChannelRolloutCommand.self),
            ("help-channel-withdraw", ChannelWithdrawCommand.self),
            ("help-channel-remove", ChannelRemoveCommand.self), ("help-channel-show", ChannelShowCommand.self),
            ("help-channel-list", ChannelListCommand.self), ("help-channel-explain", ChannelExplainCommand.self),
            ("help-solve", SolveCommand.self),
            ("help-schema", SchemaCommand.self), ("help-package", PackageCommand.self),
            ("help-package-build", PackageBuildCommand.self), ("help-package-check", PackageCheckCommand.self),
            ("help-package-show", PackageShowCommand.self), ("help-package-files", PackageFilesCommand.self),
            ("help-package-diff", PackageDiffCommand.self), ("help-package-extract", PackageExtractCommand.self),
            ("help-package-export", PackageExportCommand.self), ("help-cache", CacheCommand.self),
            ("help-cache-list", CacheListCommand.self), ("help-cache-prune", CachePruneCommand.self),
            ("help-cache-verify", CacheVerifyCommand.self), ("help-lock", LockCommand.self),
            ("help-doctor", DoctorCommand.self), ("help-init", InitCommand.self),
        ] as [(String, any ParsableCommand.Type)])
    func snapshots(name: String, command: any ParsableCommand.Type) throws {
        try Snapshot.check(BoatyardCommand.helpMessage(for: command, columns: 80), name)
    }
}

package import ArgumentParser
package import CommandOutput
import Faults
package import ImageModel
import JSONText
import TransactionPlanning
import Transactions

/// `lifeboot upgrade`.
package struct UpgradeCommand: AgentVerb {
    /// What `lifeboot upgrade --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Put a new image beside those that are there, and make it active.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Without a source: what the configured channel has for this machine. A source is \
        oci://host/repository:tag, or on a disk oci:PATH, oci-archive:PATH, docker-archive:PATH, dir:PATH, \
        iso:PATH or file:PATH. Nothing that boots is touched before the commit, which is one sector; the new \
        image starts when the machine is restarted, on trial, and what is known good stays as passive. Recovery \
        follows by itself when it is older, once the new image has been healthy. Cancelled or cut, the same \
        command goes on where it stopped; done already, it changes nothing. Must run as root. See \
        docs/upgrading.md.
        """,
        examples: [
            "Ask whether the channel has something newer":
                "lifeboot upgrade --check",
            "Take it and start it":
                "lifeboot upgrade --reboot",
            "See what one image would change":
                "lifeboot upgrade oci://registry.example/os/appliance:2 --dry-run",
            "Take an image from a stick":
                "lifeboot upgrade dir:/run/media/stick/image",
        ])

    @Argument(help: ArgumentHelp("Where the image is; the configured channel when not given.", valueName: "source"))
    package var source: String?

    @Option(help: ArgumentHelp("Upgrade only active or only recovery.", valueName: "role"))
    package var only: Role?

    @Flag(help: "Upgrade recovery at once when it is older, before the new image has been healthy.")
    package var withRecovery = false

    /// Whether the machine is restarted afterwards.
    @OptionGroup package var restart: RestartOption

    @Flag(help: "Say what would be done, step by step, but write nothing.")
    package var dryRun = false

    @Flag(help: "Say whether there is something to install: status 0 no, 5 yes.")
    package var check = false

    @Flag(
        help: "Do what the configuration's key update says is due: look, wait, upgrade, restart (docs/unattended.md).")
    package var unattended = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    @Flag(help: "Accept an image with a lower sequence than the installed one.")
    package var allowDowngrade = false

    @Flag(help: "Accept an image or channel of another name than what is installed or was followed.")
    package var allowOtherProduct = false

    @Flag(help: "Accept an image or channel that no trusted key has signed.")
    package var allowUnsigned = false

    @Flag(help: "Rather fail than fetch the image as a whole: for metered links.")
    package var noFullDownload = false

    @Flag(help: "Remove the passive image first when there is no room for three.")
    package var allowGivingUpPassive = false

    @Flag(help: "Go on when a hook fails.")
    package var noStrict = false

    /// How an image is made out of a container image.
    @OptionGroup package var container: ContainerOptions

    /// How registries are reached.
    @OptionGroup package var registry: RegistryOptions

    /// Starts with the defaults.
    package init() {}

    /// Refuses a role that cannot be upgraded by itself.
    package func validate() throws {
        if only == .passive { throw ValidationError("--only takes active or recovery; passive follows from active.") }
        if withRecovery, only != nil { throw ValidationError("Give either --only or --with-recovery.") }
        if unattended, source != nil || only != nil || withRecovery || check || restart.reboot {
            throw ValidationError(
                "--unattended takes neither a source nor --only, --with-recovery, --check or --reboot.")
        }
        if restart.reboot, dryRun || check { throw ValidationError("--dry-run and --check restart nothing.") }
    }

    /// Upgrades.
    package func perform(_ output: Output) throws {
        if unattended { try performUnattended(output) } else { try upgrade(output) }
    }

    /// Upgrades now, whatever the time is.
    func upgrade(_ output: Output) throws {
        var operation = try request().operation(changes: !(dryRun || check), observer: output.report)
        let prepared = try operation.prepare(keepsRecord: !dryRun)
        let report = UpgradeReport(plan: prepared.plan, candidate: prepared.candidate, output: output)
        if check {
            report.printCheck()
            try (prepared.plan.isEmpty ? AgentExit.success : .available).end()
            return
        }
        report.printPlan(isDryRun: dryRun)
        if dryRun { return }
        let plan = prepared.plan
        let result = try operation.run(prepared, observer: output.report)
        report.printResult(result)
        if restart.reboot, let image = plan.givenUpImage { throw Refusal.givenUp(image) }
        guard result.isChanged || plan.waitingImage != nil else { return }
        try restart.perform(starting: plan.active == nil ? plan.waitingImage : result.image, output)
    }

    private func request() throws -> UpgradeRequest {
        var request = UpgradeRequest(access: try registry.access())
        container.apply(to: &request.access)
        request.source = source
        request.options.only = only
        request.options.withRecovery = withRecovery
        request.options.allowsDowngrade = allowDowngrade
        request.options.allowsOtherProduct = allowOtherProduct
        request.options.allowsUnsigned = allowUnsigned
        request.options.allowsGivingUpPassive = allowGivingUpPassive
        request.refusesFullDownload = noFullDownload
        request.hooksAreLenient = noStrict
        return request
    }
}

extension Refusal {
    /// What was asked for has failed on this machine before, and a restart would not start it.
    fileprivate static func givenUp(_ image: ImageID) -> Refusal {
        Refusal(
            .unbootable, "restarting to start", "image \(image)", cause: "it was given up on this machine",
            remedy: "See `lifeboot status` for why; `lifeboot switch active` tries it again.")
    }
}

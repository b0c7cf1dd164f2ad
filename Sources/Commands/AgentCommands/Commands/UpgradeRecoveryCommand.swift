package import ArgumentParser
package import CommandOutput
import ImageModel
import JSONText
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot upgrade-recovery`.
package struct UpgradeRecoveryCommand: AgentVerb {
    /// What `lifeboot upgrade-recovery --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "upgrade-recovery",
        abstract: "Give recovery the image of active, when that is newer and has been healthy.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The last part of an upgrade. lifeboot-recovery-upgrade.service runs it after each healthy boot; nothing \
        waits for it. The image is copied on this machine beside the one that recovery has; then one sector of \
        boot.env is written. Cut or stopped, the next healthy boot does it. The policy recovery-upgrade and \
        `lifeboot upgrade --only active` keep recovery what it is. Must run as root. See docs/upgrading.md.
        """,
        examples: [
            "See whether recovery gets another image":
                "lifeboot upgrade-recovery --dry-run"
        ])

    @Flag(help: "Say what would be done, step by step, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Copies, or says why there is nothing to do.
    package func perform(_ output: Output) throws {
        let operation = try RecoveryFollowingOperation(
            agent: try AgentCommand.parsedVersion, changes: !dryRun, observer: output.report)
        let prepared = try operation.prepare()
        if dryRun {
            return output.plans("upgrade-recovery", [prepared.plan].compactMap(\.self), nothing: prepared.reason)
        }
        guard let plan = prepared.plan, let image = prepared.image else {
            return output.end(OperationResult("upgrade-recovery", changed: false, prepared.reason))
        }
        let outcome = try operation.run(plan, copying: image)
        output.end(
            OperationResult("upgrade-recovery", changed: true, "Recovery has the image of active now.", outcome))
    }
}

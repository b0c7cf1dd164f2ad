package import ArgumentParser
import BootHealth
import BootModel
package import CommandOutput
import GrubEnvironment
import InstalledSystem
import JSONText
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot grub`.
package struct GrubCommand: AgentVerb {
    /// What `lifeboot grub --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "grub",
        abstract: "Bring GRUB on this disk up to the version that this system carries.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        GRUB's configuration has two copies: a newer one is written where it is not in use, tried at the next \
        start, and kept once a boot of it was declared healthy. GRUB's programs for BIOS and UEFI follow when \
        the configuration of their version is in use. lifeboot-grub.service runs this after each healthy boot. \
        Must run as root.
        """,
        examples: [
            "See whether this system carries a newer GRUB":
                "lifeboot grub --dry-run"
        ])

    @Flag(help: "Say what would be done, but write nothing.")
    package var dryRun = false

    @Flag(help: "Try a version again that was tried and did not start a healthy system.")
    package var retry = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Upgrades GRUB.
    package func perform(_ output: Output) throws {
        let machine = try Machine.forRoot("grub")
        let lock = try OperationLock.partitions()
        try withExtendedLifetime(lock) { try run(machine, output) }
    }

    private func run(_ machine: borrowing Machine, _ output: Output) throws {
        guard let source = try GrubSource() else {
            let nothing = "This system carries no GRUB in \(GrubSource.place)."
            if dryRun { return output.plan("grub", ["plans": []], lines: [nothing]) }
            return output.end(OperationResult("grub", changed: false, nothing))
        }
        let parameters = try BootParameters(machine)
        var upgrade = try GrubUpgrade(source, boot: try BootDisk(parameters.bootPartition).boot)
        let isHealthy = try machine.runtimeFile("healthy") != nil
        let facts = try upgrade.facts(proven: isHealthy ? parameters.grubCopy : nil)
        let plans = GrubPlan.plans(facts, isRetry: retry)
        let nothing = Self.nothing(facts)
        if dryRun { return output.plans("grub", plans, nothing: nothing) }
        try OperationPlans(
            "grub", unchanged: nothing, changed: "GRUB on this disk was changed (version \(facts.offered))."
        )
        .run(plans, &upgrade, output)
    }

    private static func nothing(_ facts: GrubFacts) -> String {
        if GrubPlan.hasFailed(facts) {
            return "Version \(facts.offered) was tried and started no healthy system. Try again with --retry."
        }
        if case .copies(let selection?) = facts.arrangement, selection.trial != nil {
            return "Version \(facts.offered) is tried at the next start."
        }
        let notes = facts.notes.map { " Note: \($0)." }.joined()
        return "GRUB is up to date (version \(facts.offered)).\(notes)"
    }
}

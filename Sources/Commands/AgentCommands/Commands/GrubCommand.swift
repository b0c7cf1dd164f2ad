package import ArgumentParser
import BootHealth
import BootModel
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
        abstract: "Bring GRUB on this disk up to the version that this system carries.",
        discussion: """
            GRUB's configuration has two copies: a newer one is written where it is not in use, tried at the next \
            start, and kept once a boot of it was declared healthy. GRUB's programs for BIOS and UEFI follow when the \
            configuration of their version is in use. lifeboot-grub.service runs this after each healthy boot. Must \
            run as root.
            """)

    @Flag(help: "Say what would be done, but write nothing.")
    package var dryRun = false

    @Flag(help: "Try a version again that was tried and did not start a healthy system.")
    package var retry = false

    @Flag(help: "Print the plans as JSON (\"format\": 1) and write nothing.")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Upgrades GRUB.
    package func perform() throws {
        let machine = try Machine.forRoot("grub")
        let lock = try OperationLock.partitions()
        try withExtendedLifetime(lock) { try run(machine) }
    }

    private func run(_ machine: borrowing Machine) throws {
        guard let source = try GrubSource() else {
            return Output.print(["This system carries no GRUB in \(GrubSource.place)."])
        }
        let parameters = try BootParameters(machine)
        var upgrade = try GrubUpgrade(source, boot: try BootDisk(parameters.bootPartition).boot)
        let isHealthy = try machine.runtimeFile("healthy") != nil
        let facts = try upgrade.facts(proven: isHealthy ? parameters.grubCopy : nil)
        let plans = GrubPlan.plans(facts, isRetry: retry)
        if json {
            Output.print(["format": .integer(1), "plans": .array(plans.map(\.json))])
        } else if dryRun {
            Output.print(plans.isEmpty ? Self.nothing(facts) : plans.flatMap(\.lines))
        } else {
            try OperationPlans.run(plans, &upgrade, otherwise: Self.nothing(facts))
        }
    }

    private static func nothing(_ facts: GrubFacts) -> [String] {
        if GrubPlan.hasFailed(facts) {
            return ["Version \(facts.offered) was tried and started no healthy system. Try again with --retry."]
        }
        if case .copies(let selection?) = facts.arrangement, selection.trial != nil {
            return ["Version \(facts.offered) is tried at the next start."]
        }
        return ["GRUB is up to date (version \(facts.offered))."]
    }
}

/// Runs plans one after the other and tells what they do.
enum OperationPlans {
    /// Runs them; the first that fails ends it.
    ///
    /// - Parameter otherwise: what to say when there is nothing to do.
    static func run<Effects: TransactionEffects>(
        _ plans: [Plan<Effects.Action>], _ effects: inout Effects, otherwise: [String]
    ) throws {
        guard plans.contains(where: { !$0.steps.isEmpty }) else { return Output.print(otherwise) }
        for plan in plans where !plan.steps.isEmpty {
            Output.print(["\(plan.operation) \(plan.subject)"])
            let outcome = try TransactionRunner.run(plan, &effects) { event in
                if case .step(_, _, let name, let subject) = event { Output.print(["  \(name) \(subject)"]) }
            }
            Output.print(outcome.notes)
            for warning in outcome.warnings { StandardError.write("lifeboot: warning: \(warning)") }
        }
    }
}

package import ArgumentParser
import BootHealth
import BootModel
package import CommandOutput
import InstalledSystem
import JSONText
import Plans
import TransactionPlanning
import Transactions

/// `lifeboot grow`.
package struct GrowCommand: AgentVerb {
    /// What `lifeboot grow --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "grow",
        abstract: "Let the persistent partition take up a disk that is larger than its table.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        For an image that was written to a larger disk. The table, the partition, the encrypted volume and the \
        filesystem grow in this order, while they are in use; what is large enough already is left alone, so it \
        can be run again after a power cut. Refused when anything is not as lifeboot made it. \
        lifeboot-grow.service runs it at each boot. Must run as root.
        """,
        examples: [
            "See what would grow":
                "lifeboot grow --dry-run"
        ])

    @Flag(help: "Say what would be done, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Grows the partition.
    package func perform(_ output: Output) throws {
        try PersistentGrowth.planned { effects, plan in
            if dryRun { return output.plans("grow", [plan], nothing: Self.nothing) }
            try OperationPlans("grow", unchanged: Self.nothing, changed: "The persistent partition was grown.")
                .run([plan], &effects, output)
        }
    }

    private static let nothing = "The persistent partition takes up its disk."
}

/// Lets the persistent partition take up its disk, for the command and for stages.
enum PersistentGrowth {
    /// Plans what is left to do, and lets nobody else do it meanwhile.
    ///
    /// - Throws: what the body throws; `Refusal` without root, on other systems, and when another operation is at work;
    ///   `GrowRefusal` when anything is not as lifeboot makes it.
    static func planned(_ body: (inout GrowEffects, Plan<GrowAction>) throws -> Void) throws {
        let machine = try Machine.forRoot("grow")
        // Not the partitions' lock: resize2fs may take minutes, in which others have to be answered.
        let lock = try OperationLock.take("grow", isAlone: false)
        try withExtendedLifetime(lock) {
            var effects = try GrowEffects(try BootDisk(BootParameters(machine).bootPartition))
            try body(&effects, try GrowPlan.plan(try effects.facts()))
        }
    }

    /// Grows it for a stage.
    ///
    /// - Returns: whether anything was left to do.
    /// - Throws: as `planned`, and `TransactionFailure`.
    static func run() throws -> Bool {
        var wasSmaller = false
        try planned { effects, plan in
            wasSmaller = !plan.steps.isEmpty
            if wasSmaller { _ = try TransactionRunner.run(plan, &effects, observer: { _ in }) }
        }
        return wasSmaller
    }
}

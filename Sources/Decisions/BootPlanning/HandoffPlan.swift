package import BootModel
import DiskContract
import GrubEnvironment
import ImageModel
import Plans
package import SystemPackage

/// What the handoff phase decides from; gathered when all file systems are mounted.
package struct HandoffFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// The mounts of this stage that stay until the end, as the booted system names them.
    package var mountPoints: [FilePath]
    /// Whether the persistent partition is mounted.
    package var hasPersistent: Bool
    /// Stages that a file of configuration may name.
    package var stages: Set<String>

    /// Makes the facts.
    package init(
        parameters: BootParameters, mountPoints: [FilePath], hasPersistent: Bool, stages: Set<String> = []
    ) {
        self.stages = stages
        self.parameters = parameters
        self.mountPoints = mountPoints
        self.hasPersistent = hasPersistent
    }
}

extension BootPlan {
    /// Plans what the booted system finds: its identity, what files of configuration change, marked mounts, and the
    /// watchdog.
    package static func handoff(_ facts: HandoffFacts) throws(PlanningError) -> BootPlan {
        BootPlan(.handoff, machineID(facts) + stages(facts) + marks(facts) + watchdog(facts))
    }

    private static func machineID(_ facts: HandoffFacts) -> [Step<BootAction>] {
        guard facts.hasPersistent else { return [] }
        let action = BootAction.keepMachineID(root: MachinePaths.newRoot, store: MachinePaths.persistent)
        return [Step(action, .optional("systemd makes a transient one"))]
    }

    private static func marks(_ facts: HandoffFacts) -> [Step<BootAction>] {
        guard !facts.mountPoints.isEmpty else { return [] }
        let action = BootAction.markMounts(facts.mountPoints, root: MachinePaths.newRoot, table: "/run/mount/utab")
        return [Step(action, .optional("without the marks systemd only complains at shutdown"))]
    }

    /// After the machine-id, which hostnames are made of.
    private static func stages(_ facts: HandoffFacts) -> [Step<BootAction>] {
        ConfigurationFacts.steps(ConfigurationFacts.late, of: facts.stages)
    }

    private static func watchdog(_ facts: HandoffFacts) -> [Step<BootAction>] {
        guard facts.parameters.watchdogSeconds != nil else { return [] }
        return [Step(.handOverWatchdog(root: MachinePaths.newRoot), .optional("not every machine has one"))]
    }
}

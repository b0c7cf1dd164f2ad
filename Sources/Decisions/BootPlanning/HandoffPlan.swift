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

    /// Makes the facts.
    package init(parameters: BootParameters, mountPoints: [FilePath], hasPersistent: Bool) {
        self.parameters = parameters
        self.mountPoints = mountPoints
        self.hasPersistent = hasPersistent
    }
}

extension BootPlan {
    /// Plans what the booted system finds: its identity, marked mounts, sentinels, and the watchdog.
    package static func handoff(_ facts: HandoffFacts) throws(PlanningError) -> BootPlan {
        BootPlan(.handoff, machineID(facts) + marks(facts) + sentinels(facts) + watchdog(facts))
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

    /// cOS scripts and cloud-configs look in `/run/cos`, with the content `1`.
    private static func sentinels(_ facts: HandoffFacts) -> [Step<BootAction>] {
        guard let role = facts.parameters.role else { return [] }
        var paths = [MachinePaths.sentinel(role), FilePath("/run/cos/\(role.rawValue)_mode")]
        // A unit goes on with it, which recovery that was chosen by hand does not do by itself.
        if facts.parameters.reason == .pending { paths.append(MachinePaths.pending) }
        return paths.map { Step(.writeSentinel($0, contents: "1"), .optional("only scripts read it")) }
    }

    private static func watchdog(_ facts: HandoffFacts) -> [Step<BootAction>] {
        guard facts.parameters.watchdogSeconds != nil else { return [] }
        return [Step(.handOverWatchdog(root: MachinePaths.newRoot), .optional("not every machine has one"))]
    }
}

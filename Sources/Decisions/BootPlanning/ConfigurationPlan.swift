package import BootModel
import DiskContract
import GrubEnvironment
import ImageModel
import Plans
import SystemPackage

/// What the configuration phase decides from; gathered when root and OEM are mounted.
package struct ConfigurationFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// Stages that a file of configuration may name.
    package var stages: Set<String>

    /// Makes the facts.
    package init(parameters: BootParameters, stages: Set<String> = []) {
        self.parameters = parameters
        self.stages = stages
    }

    /// Stages that run before it is known where writes go, in their order.
    package static let early = ["pre-rootfs", "rootfs"]
    /// Stages that run when everything is mounted, right before the booted system does.
    package static let late = ["initramfs"]

    /// The steps for those stages that files name.
    static func steps(_ stages: [String], of named: Set<String>) -> [Step<BootAction>] {
        stages.filter { named.contains($0) }.map { stage in
            Step(.runStage(stage, root: MachinePaths.newRoot), .optional("no file of configuration stops a boot"))
        }
    }
}

extension BootPlan {
    /// Plans what is done before it is known where writes go: sentinels, for which most files ask, and the stages whose
    /// files may say it.
    package static func configuration(_ facts: ConfigurationFacts) throws(PlanningError) -> BootPlan {
        BootPlan(
            .configuration, sentinels(facts) + ConfigurationFacts.steps(ConfigurationFacts.early, of: facts.stages))
    }

    /// cOS scripts and cloud-configs look in `/run/cos`, newer ones in `/run/elemental`, with the content `1`.
    private static func sentinels(_ facts: ConfigurationFacts) -> [Step<BootAction>] {
        guard let role = facts.parameters.roleName else { return [] }
        let name = "\(role)_mode"
        var paths = [
            MachinePaths.run.appending(name), FilePath("/run/cos/\(name)"), FilePath("/run/elemental/\(name)"),
        ]
        // A unit goes on with it, which recovery that was chosen by hand does not do by itself.
        if facts.parameters.reason == .pending { paths.append(MachinePaths.pending) }
        if facts.parameters.isLive, facts.parameters.isInstallation { paths.append(MachinePaths.unattended) }
        if !facts.parameters.setup.isEmpty { paths.append(MachinePaths.setupAsked) }
        return paths.map { Step(.writeSentinel($0, contents: "1"), .optional("only scripts read it")) }
    }
}

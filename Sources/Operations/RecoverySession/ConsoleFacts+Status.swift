package import BootHealth
package import BootModel
import GrubEnvironment
import ImageModel
import InstalledSystem
package import JSONText
package import RecoveryConsole
package import ReleaseModel

extension ConsoleFacts {
    /// Takes from the status what a console shows.
    ///
    /// - Parameters:
    ///   - policy: what may be done without a login.
    ///   - channel: what upgrades follow without a source.
    package init(_ status: MachineStatus, policy: ConsolePolicy, channel: String?) {
        self.init()
        let facts = status.facts
        (self.policy, self.channel) = (policy, channel)
        image = facts.parameters.image?.description ?? ""
        running = facts.report?["imageName"]?.text ?? status.roles.first { $0.role == .recovery }?.title ?? running
        reason = facts.reason
        active = Self.choice(.active, status)
        passive = Self.choice(.passive, status)
        let environment = facts.environment.environment
        canRollBack = environment?.passiveState != .bad && facts.stored(.passive)?.isWhole == true
        pending = environment?.pending?.rawValue
        resetObstacle = facts.canReset ? nil : Self.resetObstacle(status)
    }

    /// A live system: nothing of it is on the machine's disks, so it has no roles.
    ///
    /// - Parameters:
    ///   - report: the report of this boot; nil when it cannot be read.
    ///   - medium: what it comes from.
    ///   - policy: what may be done without a login.
    package init(live parameters: BootParameters, report: JSONValue?, medium: Medium, policy: ConsolePolicy) {
        self.init()
        (isLive, self.medium, self.policy) = (true, medium, policy)
        image = parameters.image?.description ?? ""
        running = report?["imageName"]?.text ?? running
    }

    /// A machine whose status cannot be told.
    package init(problem: String, policy: ConsolePolicy) {
        self.init()
        (self.problem, self.policy) = (problem, policy)
        (active.obstacle, passive.obstacle) = ("unknown", "unknown")
    }

    private static func choice(_ role: Role, _ status: MachineStatus) -> Choice {
        guard let known = status.roles.first(where: { $0.role == role }) else {
            return Choice(obstacle: "boot.env cannot be read, so nobody knows its image")
        }
        guard let image = known.image else { return Choice(obstacle: "no image has this role") }
        let diagnosis = known.diagnosis?.description
        return Choice(
            title: known.title ?? "image \(image)", verdict: diagnosis,
            obstacle: status.facts.canSwitch(to: role) ? nil : diagnosis ?? "its files are not whole")
    }

    private static func resetObstacle(_ status: MachineStatus) -> String {
        guard status.facts.parameters.role == .recovery else { return "this is not recovery" }
        guard status.facts.environment.primary != nil else {
            return "boot.env cannot be read; log in and run `lifeboot boot-env repair`"
        }
        return "the image of recovery is not whole; install another one"
    }
}

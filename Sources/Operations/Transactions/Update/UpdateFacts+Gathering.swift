import BootHealth
import BootModel
import Faults
import GrubEnvironment
package import InstalledSystem
import LinuxSystem
package import ReleaseModel
package import TransactionPlanning

extension UpdateFacts {
    /// Asks the machine for everything.
    ///
    /// - Throws: `Refusal` when the command line of the kernel cannot be read; what is thrown when `boot.env` cannot be read
    ///   or this machine has no id.
    package init(
        gathering machine: borrowing some MachineAccess & ~Copyable, _ configuration: AgentConfiguration,
        machineID: String
    ) throws {
        let parameters = try BootParameters(machine)
        let now = machine.now()
        var memory = UpdateRecord.memory(machine)
        memory.firstSeen = memory.firstSeen ?? now
        // What it was restarted for runs: the next image is another matter.
        if memory.restartedFor == parameters.image { memory.restartedFor = nil }
        self.init(
            now: now, offset: WallClock.offset(at: now), machineID: machineID, policy: configuration.update,
            hasChannel: configuration.channel != nil, memory: memory, parameters: parameters,
            isHealthy: try machine.runtimeFile(HealthReport.stamp) != nil,
            // Elsewhere there is none, and nothing is decided by it.
            environment: parameters.isOurs && !parameters.isLive ? try machine.environment() : BootEnvironment(),
            canSave: try GrubSaving.failure(of: machine) == nil)
    }
}

package import ArgumentParser
import BootHealth
package import CommandOutput
import DiskContract
import Faults
import InstalledSystem
import LinuxSystem
import SystemPackage

/// `lifeboot watch-medium`, run by lifeboot-medium.service.
package struct WatchMediumCommand: AgentVerb {
    /// Hidden: only a unit runs it.
    package static let configuration = CommandConfiguration(
        commandName: "watch-medium",
        abstract: "Restart the machine when the medium that this system runs from is taken out.",
        shouldDisplay: false)

    /// Takes no options.
    package init() {}

    /// Waits, for as long as the system runs from a medium.
    package func perform(_ output: Output) throws {
        let machine = Machine()
        guard machine.isRoot else { throw Refusal.notRoot("watch-medium") }
        guard let disk = try LiveMedium.inUse() else {
            return output.print(["This system does not run from a medium."])
        }
        let medium = try MediumGuard(disk)
        output.print(["Watching \(disk)."])
        try medium.waitForLoss()
        try medium.restart()
    }
}

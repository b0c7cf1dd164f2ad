package import ArgumentParser
import BootHealth
package import CommandOutput
import InstalledSystem

/// `lifeboot record-boot`, run by lifeboot-history.service.
package struct RecordBootCommand: AgentVerb {
    /// Hidden: only a unit runs it.
    package static let configuration = CommandConfiguration(
        commandName: "record-boot",
        abstract: "Write into the boot history that this boot entered the system.", shouldDisplay: false)

    /// Takes no options.
    package init() {}

    /// Records the boot.
    package func perform(_ output: Output) throws {
        var machine = try Machine.forRoot("record-boot")
        let isNew = try BootRecorder.recordBoot(&machine)
        output.print([isNew ? "This boot is on record." : "This boot was on record already."])
    }
}

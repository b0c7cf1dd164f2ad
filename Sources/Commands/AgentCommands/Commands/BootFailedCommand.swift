package import ArgumentParser
import BootHealth
package import CommandOutput
import DiskContract
import Faults
import InstalledSystem

/// `lifeboot boot-failed`, run by lifeboot-boot-failed.service and lifeboot-boot-deadline.service.
package struct BootFailedCommand: AgentVerb {
    /// Hidden: only units run it.
    package static let configuration = CommandConfiguration(
        commandName: "boot-failed",
        abstract:
            "Decide whether a boot that is not healthy is ended by a reboot: exit status 0 when it is, 3 when not.",
        shouldDisplay: false)

    @Flag(help: "The deadline has passed; without this mark-good has failed.")
    package var deadline = false

    /// Starts with the defaults.
    package init() {}

    /// Decides; the unit's SuccessAction= then reboots.
    package func perform(_ output: Output) throws {
        var machine = Machine()
        guard machine.isRoot else { throw Refusal.notRoot("boot-failed") }
        switch try BootJudge.decide(deadline ? .deadline : .failure, machine) {
        case .stay(let why):
            output.print(["No reboot: \(why)."])
            try AgentExit.negativeWithoutReboot.end()
        case .reboot(let why):
            output.say("rebooting: \(why)")
            do {
                try BootJudge.record(why, &machine)
            } catch {
                output.say("the boot history was not written: \(error)")
            }
        }
    }
}

/// `lifeboot record-boot`, run by lifeboot-history.service.
package struct RecordBootCommand: AgentVerb {
    /// Hidden: only a unit runs it.
    package static let configuration = CommandConfiguration(
        commandName: "record-boot",
        abstract:
            "Write into the boot history that this boot entered the system, and on the screen when it is not active.",
        shouldDisplay: false)

    /// Takes no options.
    package init() {}

    /// Records the boot; a live one is on no record, and only on the screen.
    package func perform(_ output: Output) throws {
        if let notice = try LiveNotice.ofThisBoot(Machine()) {
            try notice.write()
            return output.print(["This is a live system; there is no disk to record its boot on."])
        }
        var machine = try Machine.forRoot("record-boot")
        do { try machine.keep(.recovery) } catch {
            output.warn("each command that reads the recovery partition mounts it anew: \(error)")
        }
        let facts = try StatusFacts(gathering: machine, command: "record-boot")
        do { try RoleNotice(MachineStatus(facts)).write() } catch {
            output.warn("the role is not on the screen: \(error)")
        }
        let isNew = try BootRecorder.recordBoot(facts, &machine)
        output.print([isNew ? "This boot is on record." : "This boot was on record already."])
    }
}

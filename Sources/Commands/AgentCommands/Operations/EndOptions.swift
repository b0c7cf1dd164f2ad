import ArgumentParser
import LinuxSystem

/// The options that end the machine's run after an operation.
package struct EndOptions: ParsableArguments {
    @Flag(help: "Restart the machine when it succeeded.")
    package var reboot = false

    @Flag(help: "Switch the machine off when it succeeded.")
    package var poweroff = false

    /// Starts with the defaults.
    package init() {}

    /// Rejects both at once.
    package func validate() throws {
        if reboot, poweroff { throw ValidationError("Give either --reboot or --poweroff.") }
    }

    /// Does what was asked for.
    ///
    /// - Throws: `SystemError` when the machine does not go down.
    func perform() throws {
        if reboot { try MachineEnd.reboot.perform() }
        if poweroff { try MachineEnd.powerOff.perform() }
    }
}

/// Ends this machine's run after an operation.
enum MachineEnd: String, Sendable {
    /// Starts it again.
    case reboot
    /// Switches it off.
    case powerOff = "poweroff"

    /// Asks systemd for it, or the kernel where there is no systemd.
    ///
    /// - Throws: `SystemError` when neither can.
    func perform() throws {
        let outcome = try? ChildProcess.run("systemctl", ["--no-block", rawValue], timeout: .seconds(30))
        if outcome?.succeeded == true { return }
        switch self {
        case .reboot: try Reboot.restart.perform()
        case .powerOff: try Reboot.powerOff.perform()
        }
    }
}

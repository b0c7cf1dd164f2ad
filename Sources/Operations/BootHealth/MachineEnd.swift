import LinuxSystem

/// Ends this machine's run after an operation.
package enum MachineEnd: String, Sendable {
    /// Starts it again.
    case reboot
    /// Switches it off.
    case powerOff = "poweroff"

    /// Asks systemd for it, or the kernel where there is no systemd.
    ///
    /// - Throws: `SystemError` when neither can.
    package func perform() throws {
        let outcome = try? ChildProcess.run("systemctl", ["--no-block", rawValue], timeout: .seconds(30))
        if outcome?.succeeded == true { return }
        switch self {
        case .reboot: try Reboot.restart.perform()
        case .powerOff: try Reboot.powerOff.perform()
        }
    }
}

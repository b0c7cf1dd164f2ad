import ArgumentParser
import BootHealth
import CommandOutput
import Faults
import ImageModel
import InstalledSystem
import LinuxSystem
import Transactions

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

/// The option that restarts the machine after an operation that the next boot makes true.
package struct RestartOption: ParsableArguments {
    @Flag(help: "Restart the machine when it succeeded.")
    package var reboot = false

    /// Starts with the default.
    package init() {}

    /// Restarts when that was asked for, and it would start what it should.
    ///
    /// - Parameters:
    ///   - image: what is to start; nil when anything will do.
    ///   - isDue: whether it is to be restarted although nobody gave the option.
    /// - Throws: `SystemError` when the machine does not go down.
    func perform(starting image: ImageID?, isDue: Bool = false, _ output: Output) throws {
        guard reboot || isDue else { return }
        if let obstacle = RestartCheck.obstacle(to: image, on: Machine()) {
            return output.warn("the machine is not restarted: \(obstacle). See `lifeboot status`.")
        }
        try MachineEnd.reboot.perform()
        if HostRoot.isEntered { try Self.awaitEnd() }
    }

    /// Stays until the machine ends this process.
    ///
    /// A job of a cluster that ended well would count as done, and nobody knows yet whether the machine comes up with the image.
    /// The job is started again then, and finds out.
    ///
    /// - Throws: `Refusal`, always.
    private static func awaitEnd() throws {
        let deadline = Deadline.after(.seconds(900))
        // The first process does not end before this one.
        while !deadline.isPast, !Interruption.isRequested {
            _ = try ProcessEnd.wait(for: 1, until: .after(.seconds(1)))
        }
        throw Refusal(
            .cancelled, "restarting", "the machine", cause: "it goes down and takes this process with it",
            remedy: "Start the same again once it is up; it says then whether the image runs.")
    }
}

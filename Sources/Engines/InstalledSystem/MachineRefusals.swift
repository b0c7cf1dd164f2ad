package import Faults
import LinuxSystem

extension Refusal {
    /// The command needs to mount partitions or write to them.
    package static func notRoot(_ command: String) -> Refusal {
        Refusal(
            .impossible, "running", "lifeboot \(command)", cause: "this must run as root",
            remedy: "Run it again with sudo, or as root.")
    }

    /// The command line of the kernel does not say what runs.
    package static func notOurs(_ command: String) -> Refusal {
        Refusal(
            .impossible, "running", "lifeboot \(command)",
            cause: "the kernel's command line has no lifeboot.role=, lifeboot.image= and lifeboot.boot=",
            remedy: "This works only in a system that lifeboot's grub.cfg has started.")
    }
}

extension Machine {
    /// The machine for a command that works on partitions.
    ///
    /// - Throws: `Refusal` when this is not root.
    package static func forRoot(_ command: String) throws(Refusal) -> Machine {
        guard ThisProcess.isRoot else { throw .notRoot(command) }
        return Machine()
    }
}

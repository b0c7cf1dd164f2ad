/// Says what a command could not do, why, and what the operator can do.
package struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done, as a verb in -ing form.
    package var operation: String
    /// What it was done to.
    package var subject: String
    /// Why it failed, without a full stop.
    package var cause: String
    /// What the operator can do, a sentence.
    package var remedy: String
    /// What the program ends with.
    package var status: AgentExit

    /// Makes a failure; it counts as undetermined unless it says otherwise.
    package init(
        _ operation: String, _ subject: String, cause: String, remedy: String, status: AgentExit = .undetermined
    ) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
        self.status = status
    }

    /// One line: operation, subject, cause and remedy.
    ///
    /// The cause is often the error of a lower layer, which is a sentence already.
    package var description: String {
        let stop = cause.hasSuffix(".") ? "" : "."
        return "\(operation) \(subject): \(cause)\(stop) \(remedy)"
    }

    /// The command needs to mount partitions or write to them.
    static func notRoot(_ command: String) -> CommandFailure {
        CommandFailure(
            "running", "lifeboot \(command)", cause: "this must run as root",
            remedy: "Run it again with sudo, or as root.")
    }

    /// The command line of the kernel does not say what runs.
    static func notOurs(_ command: String) -> CommandFailure {
        CommandFailure(
            "running", "lifeboot \(command)",
            cause: "the kernel's command line has no lifeboot.role=, lifeboot.image= and lifeboot.boot=",
            remedy: "This works only in a system that lifeboot's grub.cfg has started.")
    }

    /// The boot environment holds nothing that can be used.
    static func unusableEnvironment(_ cause: String) -> CommandFailure {
        CommandFailure(
            "reading", "boot.env", cause: cause, remedy: "Rebuild it with `lifeboot boot-env repair`.")
    }
}

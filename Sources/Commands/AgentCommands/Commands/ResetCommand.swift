package import ArgumentParser
package import CommandOutput
import GrubEnvironment
import JSONText
import Plans
import RegistryAccess
import RegistryModel
import TransactionPlanning
import Transactions

/// `lifeboot reset`.
package struct ResetCommand: AgentVerb {
    /// What `lifeboot reset --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Make recovery's image the active one again, and format what is named.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Nothing is formatted unless it is named. Works in recovery; --schedule lets the next boot do it from any \
        system. The reset is written down before anything is touched: after a power cut recovery goes on with \
        it. Afterwards the image is active on trial, and there is no passive one until the next upgrade. Must \
        run as root. docs/resetting.md has the order of writes.
        """,
        examples: [
            "In recovery, put its image back and keep all data":
                "lifeboot reset --reboot",
            "From any system, erase what was kept at the next boot":
                "lifeboot reset --schedule --persistent --reboot",
            "Take that back before the restart":
                "lifeboot reset --unschedule",
        ])

    @Flag(help: "Format the persistent partition: everything kept there is lost.")
    package var persistent = false

    @Flag(help: "Format the OEM partition.")
    package var oem = false

    /// The source and how it is reached.
    @OptionGroup package var sources: SourceOptions

    @Flag(help: "Accept a source whose image has another name than recovery's.")
    package var allowOtherProduct = false

    @Flag(help: "Let the next boot do it, unattended.")
    package var schedule = false

    @Flag(help: "Take a scheduled reset back.")
    package var unschedule = false

    @Flag(help: "Go on with a pending reset; no error when none is pending.")
    package var resume = false

    /// How the persistent partition is encrypted.
    @OptionGroup package var keys: KeyOptions

    @Flag(help: "Make an encrypted persistent partition a plain one.")
    package var noEncrypt = false

    @Flag(help: "Print the steps, but carry out none.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    @Flag(help: "Go on when a hook fails.")
    package var noStrict = false

    /// What the machine does afterwards.
    @OptionGroup package var end: EndOptions

    /// Starts with the defaults.
    package init() {}

    /// Rejects options that contradict each other.
    package func validate() throws {
        guard [schedule, unschedule, resume].count(where: { $0 }) < 2 else {
            throw ValidationError("Give only one of --schedule, --unschedule and --resume.")
        }
        if resume || unschedule, persistent || oem || sources.source != nil {
            throw ValidationError("What a pending reset does was decided when it was made pending.")
        }
        if unschedule, end.reboot || end.poweroff {
            throw ValidationError("--unschedule restarts nothing; leave out --reboot and --poweroff.")
        }
        try validateSource()
        try validateKeys()
    }

    /// Rejects a source that is none, before the machine is made to boot nothing but recovery.
    private func validateSource() throws {
        let registry = sources.registry
        let isChosen = sources.allowUnsigned || !sources.container.isEmpty
        let isReached = registry.authFile != nil || registry.ca != nil || registry.deadline != nil
        if schedule, isChosen || isReached || noStrict {
            throw ValidationError(
                "--allow-unsigned, --allow, --kernel-version, --auth-file, --ca, --deadline and --no-strict cannot be kept for the next boot; "
                    + "use the configuration, or reset from recovery.")
        }
        guard let source = sources.source else { return }
        do throws(RegistryModelError) { _ = try SourceReference(typed: source) } catch {
            throw ValidationError("\(error)")
        }
    }

    private func validateKeys() throws {
        if keys.protection != nil, noEncrypt {
            throw ValidationError("Give either a key or --no-encrypt.")
        }
        if schedule, keys.protection != nil {
            throw ValidationError("A key cannot be kept for the next boot; reset from recovery instead.")
        }
        if keys.protection != nil || noEncrypt, !persistent, !resume {
            throw ValidationError("Encryption changes only when --persistent formats the partition.")
        }
    }

    /// What is asked of the reset.
    var request: ResetRequest {
        var request = ResetRequest(wipe: WipeScope(persistent: persistent, oem: oem), source: sources.source)
        request.protection = noEncrypt ? PersistentProtection.none : keys.protection
        request.isKeyGiven = keys.key != nil
        request.allowsOtherProduct = allowOtherProduct
        return request
    }

    /// Resets, schedules, or prints the steps.
    package func perform(_ output: Output) throws {
        let operation = try ResetOperation(
            request, key: keys.key, access: try sources.access(), hooksAreStrict: !noStrict, observer: output.report)
        if dryRun { return try plan(operation, output) }
        if unschedule { return end("The reset was taken back.", try operation.unschedule(), output) }
        if resume, try !operation.isPending() {
            output.end(OperationResult("reset", changed: false, Self.nothing))
        } else {
            try run(operation, output)
        }
        // Also when nothing was pending: the reset may have been cut between its commit and the restart.
        try end.perform()
    }

    private func run(_ operation: ResetOperation, _ output: Output) throws {
        if !resume {
            let outcome = try operation.schedule(forLater: schedule)
            if schedule { return end("The next boot resets this machine.", outcome, output) }
        }
        let (outcome, title) = try operation.run()
        end("The machine was reset; it starts \(title) when it is restarted.", outcome, output)
    }

    private func end(_ sentence: String, _ outcome: TransactionOutcome, _ output: Output) {
        output.end(OperationResult("reset", changed: true, sentence, outcome))
    }

    private static let nothing = "No reset is pending."

    private func plan(_ operation: ResetOperation, _ output: Output) throws {
        if unschedule {
            let plan = try operation.unschedulingPlan()
            return output.plans("reset", [plan])
        }
        if resume {
            let plans = try operation.isPending() ? [operation.runningPlan()] : []
            return output.plans("reset", plans, nothing: Self.nothing)
        }
        let first = try operation.schedulingPlan()
        if schedule { return output.plans("reset", [first]) }
        output.plans("reset", first, then: try operation.runningPlan(after: first))
    }
}

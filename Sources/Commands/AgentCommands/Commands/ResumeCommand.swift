package import ArgumentParser
package import CommandOutput
import DiskContract
import GrubEnvironment
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage
import TransactionPlanning
import Transactions

/// `lifeboot resume`.
package struct ResumeCommand: AgentVerb {
    /// What `lifeboot resume --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish what is pending: a reset, or the installation on an expandable disk.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        A reset goes on where it was; lifeboot reset --resume does the same, and takes a source and keys. An \
        installation makes the state and persistent partitions of this disk, copies recovery's image and gives \
        it the active role. Nothing pending is no error. Works in recovery, whose lifeboot-recovery.service runs \
        it. Must run as root. See docs/resetting.md and docs/media.md.
        """,
        examples: [
            "See what is pending":
                "lifeboot resume --dry-run",
            "Finish it and start the machine again":
                "lifeboot resume --reboot",
        ])

    @Flag(help: "Say on every console why it failed.")
    package var consoles = false

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

    /// Every console where a unit has started it, as nobody asked for it; else the terminal it was typed at.
    package var streams: OutputStreams {
        consoles && !dryRun && !json && !ThisProcess.isTerminal(.standardError)
            ? .standard.shownOnConsoles() : .standard
    }

    /// Finishes what is pending, or prints the steps.
    package func perform(_ output: Output) throws {
        do { try resume(output) } catch {
            if consoles {
                output.remark("What is pending was not finished; this machine stays in recovery.")
                OperationProgress.note(failure: "\(error)")
            }
            throw error
        }
        // Also when nothing was pending: it may have been cut between its commit and the restart. Where somebody has taken it
        // back meanwhile, nothing asks for a restart.
        if !dryRun, !consoles || isAsked() { try end.perform() }
    }

    /// Whether this boot is still one that has something to finish; when nobody can tell, it is.
    private func isAsked() -> Bool {
        do { return try FileStatus.of(MachinePaths.pending) != nil } catch { return true }
    }

    private func resume(_ output: Output) throws {
        let pending = try Machine.forRoot("resume").environment().pending
        if let pending, consoles {
            output.remark("RECOVERY SYSTEM: the \(pending.rawValue) that is pending is finished now.")
        }
        switch pending {
        case .reset: try reset(output)
        case .install: try complete(output)
        case nil where dryRun: output.plans("resume", [Plan<ResetAction>](), nothing: Self.nothing)
        case nil: output.end(OperationResult("resume", changed: false, Self.nothing))
        }
    }

    private static let nothing = "Nothing is pending."

    private func reset(_ output: Output) throws {
        let operation = try ResetOperation(
            ResetRequest(), key: nil, access: try SourceOptions.parse([]).access(), hooksAreStrict: !noStrict,
            observer: output.report)
        if dryRun {
            let plan = try operation.runningPlan()
            return output.plans("reset", [plan])
        }
        let (outcome, title) = try operation.run()
        output.end(
            OperationResult(
                "reset", changed: true, "The machine was reset; it starts \(title) when it is restarted.", outcome))
    }

    private func complete(_ output: Output) throws {
        let operation = try CompletionOperation(hooksAreStrict: !noStrict, observer: output.report)
        if dryRun {
            let plan = try operation.plan()
            return output.plans("complete", [plan])
        }
        let (outcome, title) = try operation.run()
        output.end(
            OperationResult(
                "complete", changed: true, "The disk was completed; it starts \(title) when it is restarted.", outcome))
    }
}

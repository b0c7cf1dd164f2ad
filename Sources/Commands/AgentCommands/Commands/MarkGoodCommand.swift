package import ArgumentParser
import BootHealth
import BootModel
package import CommandOutput
import Faults
import InstalledSystem
import JSONText
import LinuxSystem

/// `lifeboot mark-good`.
package struct MarkGoodCommand: AgentVerb {
    /// What `lifeboot mark-good --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "mark-good",
        abstract: "Run the health checks and, when they pass, declare this boot healthy.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Runs every executable in health.d/required and health.d/wanted of /usr/lib/lifeboot and /etc/lifeboot, \
        in the order of their names. A required one that fails makes the boot unhealthy; a wanted one is only \
        reported. Each may take LIFEBOOT_HEALTH_TIMEOUT seconds (default 60).

        A healthy boot gets its attempts back, ends the image's trial, and marks active bad when passive runs in \
        its place. A second run changes nothing. Must run as root.
        """,
        statuses: [
            0: "healthy and written down",
            1: "unhealthy, and this boot is counted",
            2: "could not be checked or written",
            3: "unhealthy, but a reboot would not help, because the boot is not counted or recovery runs",
        ],
        examples: [
            "Run the health checks and write nothing":
                "lifeboot mark-good --dry-run"
        ])

    @Flag(help: "Run the checks, but write nothing.")
    package var dryRun = false

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Checks, writes, and ends with the verdict.
    package func perform(_ output: Output) throws {
        var machine = Machine()
        guard machine.isRoot else { throw Refusal.notRoot("mark-good") }
        let (timeout, problem) = HealthCheck.timeout(ThisProcess.variable("LIFEBOOT_HEALTH_TIMEOUT"))
        if let problem { output.warn(problem) }
        let marker = GoodMarker(try BootParameters(machine), timeout: timeout, isDryRun: dryRun)
        let report = try marker.run(&machine)
        if dryRun {
            output.plan("mark-good", report.members, lines: report.lines)
        } else {
            output.end(Self.result(of: report), lines: report.lines)
        }
        try report.exitStatus.end()
    }

    /// What became of it: all that the report says, and whether `boot.env` was written.
    static func result(of report: HealthReport) -> OperationResult {
        OperationResult(
            "mark-good", changed: !report.changes.isEmpty, report.sentence, notes: report.notes,
            details: report.members)
    }
}

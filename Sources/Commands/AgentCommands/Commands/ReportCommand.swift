package import ArgumentParser
package import CommandOutput
import Faults
import InstalledSystem
import JSONText
import LinuxSystem
import ReportPlanning
import SupportReports
import SystemPackage

/// `lifeboot report`.
package struct ReportCommand: AgentVerb {
    /// What `lifeboot report --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Put what is known about this machine into one file, for whoever is to help.",
        discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The file is a .tar.gz that only root may read: status, history, boot.env, plans, images, configuration, the \
        kernel's log and the journal of the last boots. Secrets are taken out, and OEM's files are only named; README.txt \
        in it says what is missing and why. Each part has its bounds in time and size, so that a broken system has a \
        report, too. Nothing is changed. Read it before you give it away. Must run as root. See docs/unattended.md.
        """,
        examples: [
            "Write a report into this folder":
                "lifeboot report --output ."
        ])

    @Option(
        help: ArgumentHelp(
            "The file, a folder, or - for standard output (default: a file in the working directory).",
            valueName: "file"))
    package var output: String?

    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Rejects two things on one stream.
    package func validate() throws {
        if output == "-", json { throw ValidationError("--json takes standard output; name a file for the report.") }
        if output == "" { throw ValidationError("--output needs a file, a folder, or -.") }
    }

    /// Gathers and writes it.
    package func perform(_ output: Output) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("report") }
        try Interruption.catchSignals()
        let parts = ReportOperation.parts()
        var operation = try ReportOperation(parts: parts, version: AgentCommand.version)
        let path = try place(operation.fileName)
        let target = try path.map { try ReportOutput($0) } ?? Self.standardOutput()
        let manifest = try operation.run(
            to: target,
            observer: { output.step($0, of: parts.count, name: "gather", subject: $1.name) })
        guard let path else { return }
        output.end(Self.result(manifest, path))
    }

    /// The file; nil for standard output.
    private func place(_ name: String) throws -> FilePath? {
        guard let output else { return FilePath(name) }
        if output == "-" { return nil }
        let path = FilePath(output)
        return try FileStatus.of(path)?.kind == .directory ? path.appending(name) : path
    }

    private static func standardOutput() throws -> ReportOutput {
        guard !ThisProcess.isTerminal(.standardOutput) else { throw Refusal.reportOnTerminal }
        return ReportOutput(stream: .standardOutput)
    }

    /// What became of it: where it is, and what is missing.
    static func result(_ manifest: ReportManifest, _ path: FilePath) -> OperationResult {
        let gaps = manifest.gaps.map { "\($0.part.name): \($0.gap ?? "")" }
        let missing =
            gaps.isEmpty
            ? "" : " \(gaps.count) of \(manifest.entries.count) parts are not whole; README.txt in it says why."
        return OperationResult(
            "report", changed: true, "The report is in \(path).\(missing) Read it before you give it away.",
            notes: gaps,
            details: ["file": .string(path.string), "parts": .integer(Int64(manifest.entries.count))])
    }
}

extension Refusal {
    /// Nobody can read compressed bytes.
    fileprivate static let reportOnTerminal = Refusal(
        .impossible, "reporting to", "standard output", cause: "it is a terminal",
        remedy: "Name a file with --output, or send the output to one.")
}

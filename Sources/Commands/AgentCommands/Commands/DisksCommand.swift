package import ArgumentParser
package import CommandOutput
import Faults
import InstalledSystem
import JSONText
import LinuxSystem
import TransactionPlanning
import Transactions

/// `lifeboot disks`.
package struct DisksCommand: AgentVerb {
    /// What `lifeboot disks --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "disks",
        abstract: "List the disks of this machine, with what is on each, for an installation.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Each disk with its size, serial number and its names in /dev/disk/by-id, which stay the same when disks are \
        added; what is on it; and why lifeboot install would refuse it. The plan of an installation says more: \
        lifeboot install DISK --dry-run. Nothing is changed. Must run as root.
        """,
        examples: ["See where a system can be installed": "lifeboot disks"])

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Lists them.
    package func perform(_ output: Output) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("disks") }
        let reports = try DiskReport.all()
        output.show(Self.document(reports), lines: Self.lines(reports))
    }

    static func document(_ reports: [DiskReport]) -> JSONValue {
        ["format": 1, "disks": .array(reports.map(\.json))]
    }

    static func lines(_ reports: [DiskReport]) -> [String] {
        guard !reports.isEmpty else {
            return ["The kernel knows no disk. Check that the image has the driver of the machine's controller."]
        }
        return reports.flatMap(\.lines)
    }
}

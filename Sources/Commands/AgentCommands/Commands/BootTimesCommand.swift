package import ArgumentParser
import BootHealth
import BootModel
package import CommandOutput
import Faults
import LinuxSystem
import SystemPackage

/// `lifeboot boot-times`.
package struct BootTimesCommand: AgentVerb {
    /// What `lifeboot boot-times --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "boot-times",
        abstract: "Show where the time of this boot went: firmware, GRUB, kernel, initramfs, system.",
        discussion: """
            The initramfs is shown step by step. Times count from the start of the kernel's clock, as in its log; what \
            was before is negative. Firmware and GRUB are known where UEFI firmware measures them (ACPI FPDT). What \
            nobody tells is said to be unknown. Steps below a millisecond are added up; JSON and picture have them \
            all. Needs no root.
            """)

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    @Option(help: ArgumentHelp("Also write a picture, which any browser shows.", valueName: "file"))
    package var svg: String?

    /// Starts with the defaults.
    package init() {}

    /// Prints the times.
    package func perform(_ output: Output) throws {
        let timeline = BootTimeline(.ofThisMachine())
        guard !timeline.isEmpty else { throw Refusal.noTimes(timeline.problems) }
        if let svg { try AtomicFile.write(Array(timeline.picture.utf8), to: FilePath(svg)) }
        output.show(timeline.json, lines: timeline.lines)
    }
}

extension Refusal {
    /// Neither systemd nor the agent has told anything.
    static func noTimes(_ problems: [String]) -> Refusal {
        Refusal(
            .impossible, "measuring", "this boot", cause: "nobody tells its times: \(problems.joined(separator: " "))",
            remedy: "Run this in a system that systemd has started.")
    }
}

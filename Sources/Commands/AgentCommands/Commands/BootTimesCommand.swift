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
        abstract: "Show where the time of this boot went: firmware, GRUB, kernel, initramfs, system.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        The initramfs is shown step by step. Times count from the start of the kernel's clock, as in its log; \
        what was before is negative. Firmware and GRUB are known where UEFI firmware measures them (ACPI FPDT). \
        What nobody tells is said to be unknown. Steps below a millisecond are added up; JSON and picture have \
        them all. Needs no root where the system has D-Bus.
        """,
        examples: [
            "See where the time of this boot went":
                "lifeboot boot-times",
            "Draw it for a browser":
                "lifeboot boot-times --svg boot.svg",
        ])

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    @Option(
        help: ArgumentHelp("Also write a picture, which any browser shows.", valueName: "file"), completion: .file())
    package var svg: String?

    /// Starts with the defaults.
    package init() {}

    /// Prints the times.
    package func perform(_ output: Output) throws {
        let timeline = BootTimeline(.ofThisMachine())
        guard !timeline.isEmpty else { throw Refusal.noTimes(timeline.problems) }
        if let svg { try Self.write(timeline.picture, to: FilePath(svg)) }
        output.show(timeline.json, lines: timeline.lines)
    }

    /// Writes the picture as a new file; root must not replace a device or what a link leads to, such as `/dev/stdout`.
    static func write(_ picture: String, to path: FilePath) throws {
        let there = try FileStatus.of(path, followingLinks: false)
        guard there.map({ $0.kind == .file }) ?? true else { throw Refusal.noFile(path) }
        try AtomicFile.write(Array(picture.utf8), to: path)
    }
}

extension Refusal {
    /// Something else than a file is in the picture's place.
    static func noFile(_ path: FilePath) -> Refusal {
        Refusal(
            .impossible, "writing", "\(path)", cause: "there is something that is no file",
            remedy: "Name a file, which may be there or not.")
    }

    /// Neither systemd nor the agent has told anything.
    static func noTimes(_ problems: [String]) -> Refusal {
        Refusal(
            .impossible, "measuring", "this boot", cause: "nobody tells its times: \(problems.joined(separator: " "))",
            remedy: "Run this in a system that systemd has started.")
    }
}

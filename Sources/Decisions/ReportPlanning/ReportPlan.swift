package import SystemPackage

/// Lists what a report is made of.
///
/// Each part stands alone: one that cannot be had, or takes too long, is a line in the report, and the next one is asked for.
/// No file that holds secrets is named here: neither OEM's files nor key files nor credentials are read at all.
package enum ReportPlan {
    /// How many boots before this one the journal is asked for.
    package static let formerBoots = 2
    /// How much of the journal of a boot is kept, its end.
    package static let journalLimit = 4 << 20
    /// Lines of the journal of a boot that are asked for.
    private static let journalLines = 20_000
    /// Images are read as a whole for the status when nobody knows why they failed.
    private static let statusTime = Duration.seconds(180)
    /// The part that others are taken from.
    package static let statusName = "status.json"

    /// The parts in the order in which they are gathered: what others are made of first, what may take long last.
    ///
    /// - Parameters:
    ///   - runtimeFiles: the documents below `/run/lifeboot`.
    ///   - namedFolders: the folders whose files are only named.
    package static func parts(runtimeFiles: [FilePath], namedFolders: [FilePath]) -> [ReportPart] {
        own + runtime(runtimeFiles) + [files(namedFolders)] + system + journals
    }

    private static let own: [ReportPart] = [
        ReportPart(
            statusName, "lifeboot status --json", .agent(["status", "--json"]), limit: 4 << 20, time: statusTime),
        ReportPart("status.txt", "lifeboot status", .agent(["status"]), time: statusTime),
        ReportPart("history.json", "boots and operations on record", .statusMembers(["boots", "operations"])),
        ReportPart("images.json", "the images on this machine", .statusMembers(["roles", "unusedImages"])),
        ReportPart("boot-env.txt", "boot.env as GRUB takes it", .agent(["boot-env", "show"])),
        ReportPart("plan.txt", "what the initramfs stage does in a boot like this one", .agent(["plan"])),
        ReportPart("next-boot.txt", "the plan of the boot that is next", .nextBoot),
        ReportPart("configuration.txt", "lifeboot config show", .agent(["config", "show"])),
        ReportPart("configuration.json", "lifeboot config show --json", .agent(["config", "show", "--json"])),
        ReportPart("boot-times.txt", "lifeboot boot-times", .agent(["boot-times"])),
    ]

    private static func runtime(_ files: [FilePath]) -> [ReportPart] {
        files.map { file in
            let name = file.components.dropFirst(2).map(\.string).joined(separator: "/")
            return ReportPart("run/\(name)", "\(file)", .file(file))
        }
    }

    private static func files(_ folders: [FilePath]) -> ReportPart {
        let names = folders.map(\.string).joined(separator: ", ")
        return ReportPart(
            "files.txt", "names of the files in \(names); nothing of what is in them", .names(below: folders))
    }

    private static let system: [ReportPart] =
        [
            ("command-line", "/proc/cmdline"), ("kernel", "/proc/version"), ("uptime", "/proc/uptime"),
            ("memory", "/proc/meminfo"), ("partitions", "/proc/partitions"), ("mounts", "/proc/self/mountinfo"),
            ("modules", "/proc/modules"), ("os-release", "/etc/os-release"),
        ].map { ReportPart("system/\($0.0).txt", $0.1, .file(FilePath($0.1))) } + [
            program("system/devices.txt", "lsblk", ["-o", "NAME,SIZE,RO,TYPE,FSTYPE,LABEL,PARTLABEL,MOUNTPOINT"]),
            program("system/room.txt", "df", ["-P"]),
            program("system/addresses.txt", "ip", ["-brief", "address"]),
            program("system/failed-units.txt", "systemctl", ["--failed", "--no-pager", "--full"]),
            program("system/jobs.txt", "systemctl", ["list-jobs", "--no-pager", "--full"]),
            program("kernel.log", "dmesg", [], limit: 2 << 20),
        ]

    private static var journals: [ReportPart] {
        [program("journal/boots.txt", "journalctl", ["--no-pager", "--list-boots"])]
            + (0...formerBoots).map { number in
                let options = ["--no-pager", "--utc", "-o", "short-precise", "-n", "\(journalLines)"]
                return program(
                    "journal/boot-\(number).txt", "journalctl", ["-b", "-\(number)"] + options, limit: journalLimit)
            }
    }

    private static func program(
        _ name: String, _ program: String, _ arguments: [String], limit: Int = 1 << 20
    ) -> ReportPart {
        let about = ([program] + arguments).joined(separator: " ")
        return ReportPart(name, about, .program(program, arguments), limit: limit)
    }
}

/// Words the kernel's command line of the next boot, as far as GRUB decides it.
package enum NextBootLine {
    /// The line of this boot with what GRUB chooses for the next one.
    package static func line(_ line: String, role: String, image: String, reason: String) -> String {
        let chosen = ["lifeboot.role=": role, "lifeboot.image=": image, "lifeboot.reason=": reason]
        return line.split { $0 == " " || $0 == "\n" }.map { word in
            guard let end = word.firstIndex(of: "=") else { return String(word) }
            let key = String(word[...end])
            return chosen[key].map { key + $0 } ?? String(word)
        }.joined(separator: " ")
    }
}

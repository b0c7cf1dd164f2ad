package import ArgumentParser
package import CommandOutput
import Faults
import ImageSources
import InstalledSystem
import JSONText
import LinuxSystem
import SystemPackage
import TransactionPlanning
import Transactions

/// `lifeboot media`.
package struct MediaCommand: ParsableCommand {
    /// What `lifeboot media --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "media",
        abstract: "List the images on attached sticks, discs and disks; copy a file onto a stick.",
        discussion: """
            What is listed is a source for `lifeboot upgrade` and `lifeboot reset --source`. Nothing on a medium is \
            changed unless a file is copied to it. See docs/operating.md.
            """,
        subcommands: [List.self, Copy.self, Look.self], defaultSubcommand: List.self)

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot media list`.
    package struct List: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the media, and the images that can be installed from them.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Each is mounted read-only below /run/lifeboot/media and stays mounted, so that what is listed can be \
            used. A medium that is damaged, or does not answer within \(MediaSearch.patience.components.seconds) \
            seconds, is a line that says so. This machine's own disk is none. Must run as root.
            """,
            examples: [
                "See what can be installed from sticks and discs":
                    "lifeboot media list",
                "Let all of them go":
                    "lifeboot media list --release",
            ])

        @Flag(help: "Unmount all of them instead.")
        package var release = false

        @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Lists them, or lets them go.
        package func perform(_ output: Output) throws {
            let own = try OwnDisk.find(for: "media")
            let lock = try OperationLock.take("media", isAlone: false)
            try withExtendedLifetime(lock) { try release ? letGo(output) : list(own, output) }
        }

        private func letGo(_ output: Output) throws {
            let released = try MediumMounts().release().map(\.string)
            let line = released.isEmpty ? "No medium was mounted." : "Unmounted: \(released.joined(separator: ", "))."
            output.show(["format": 1, "released": .array(released.map { .string($0) })], lines: [line])
        }

        private func list(_ own: FilePath?, _ output: Output) throws {
            try MediumMounts().releaseMissing()
            let search = MediaSearch(MediaSearch.byProcess(try ThisProcess.program))
            let reports = try search.reports(MediaSearch.disks(except: own))
            output.show(MediaCommand.document(reports), lines: MediaCommand.lines(reports))
        }
    }

    /// `lifeboot media copy`.
    package struct Copy: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "copy", abstract: "Copy a file onto a medium, which can be taken out afterwards.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            The file has its name there only when it is whole; one of the same name is replaced. Must run as root.
            """,
            examples: [
                "Take a report along":
                    "lifeboot media copy report.tar.gz /dev/sdb1"
            ])

        @Argument(help: ArgumentHelp("The file.", valueName: "file"))
        package var file: String

        @Argument(help: ArgumentHelp("The stick's partition, as `lifeboot media` names it.", valueName: "device"))
        package var device: String

        @Flag(help: "Print JSON, one object a line (see docs/events.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Copies it.
        package func perform(_ output: Output) throws {
            let own = try OwnDisk.find(for: "media copy")
            try Interruption.catchSignals()
            let lock = try OperationLock.take("media", isAlone: false)
            try withExtendedLifetime(lock) {
                let progress = StepProgress(observer: output.report, isCancelled: OperationSession.isCancelled)
                try MediumWriter(FilePath(device), own: own).copy(FilePath(file)) { try progress.report($0) }
            }
            let sentence = "\(file) is on \(device), which can be taken out."
            output.end(OperationResult("media", changed: true, sentence))
        }
    }

    /// `lifeboot media look`, which the list starts for each disk.
    package struct Look: AgentVerb {
        /// Hidden: only another process of this program runs it.
        package static let configuration = CommandConfiguration(
            commandName: "look", abstract: "Look into the media of one disk.", shouldDisplay: false)

        @Argument(help: ArgumentHelp("The disk.", valueName: "device"))
        package var disk: String

        /// Starts with the defaults.
        package init() {}

        /// Nobody reads anything else.
        package var json: Bool { true }

        /// Looks.
        package func perform(_ output: Output) throws {
            let sources = try ImageSources(ofThisMachineFor: AgentCommand.parsedVersion, isCancelled: { false })
            let look = MediumLook(MediumMounts(), MediumSources { MediumReport.Source($0, by: sources) })
            let reports = try look.reports(FilePath(disk))
            output.show(MediaCommand.document(reports), lines: [])
        }
    }

    static func document(_ reports: [MediumReport]) -> JSONValue {
        ["format": 1, "media": .array(reports.map(\.json))]
    }

    static func lines(_ reports: [MediumReport]) -> [String] {
        guard !reports.isEmpty else {
            return ["No stick, disc or other disk is attached. One that was just plugged in takes some seconds."]
        }
        return reports.flatMap(\.lines)
    }
}

extension MediumReport {
    /// The medium in a line, and below it what it has.
    fileprivate var lines: [String] {
        let size = device.bytes.map { ByteText.scaled(Int(clamping: $0)) }
        let parts = [device.filesystem, size, device.label.map { "'\($0)'" }].compactMap(\.self)
        let head = "\(device.path)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
        let nothing = sources.isEmpty && problem == nil ? ["  no image is on it"] : []
        return [head] + (problem.map { ["  \($0)"] } ?? []) + nothing + sources.flatMap(\.lines)
    }
}

extension MediumReport.Source {
    fileprivate var lines: [String] {
        ["  \(title ?? "an image that cannot be read"): \(reference)"]
            + (problem.map { ["    not taken: \($0)"] } ?? [])
    }
}

import Faults
package import ImageModel
package import JSONText

/// Says what is in a report, what is not, and why.
package struct ReportManifest: Equatable, Sendable {
    /// The name of the file for people.
    package static let textName = "README.txt"
    /// The name of the file for programs.
    package static let documentName = "report.json"
    /// The version of the document's form.
    package static let format: Int64 = 1

    /// What became of each part.
    package var entries: [ReportEntry]
    /// When it was made.
    package var time: UTCTime
    /// The version of the agent that made it.
    package var agent: String

    /// States what is in a report.
    package init(entries: [ReportEntry], time: UTCTime, agent: String) {
        self.entries = entries
        self.time = time
        self.agent = agent
    }

    /// The parts that are not in it, or not as a whole.
    package var gaps: [ReportEntry] { entries.filter { $0.gap != nil } }

    /// What a report of this time is called, without its ending.
    package static func name(_ time: UTCTime) -> String {
        "lifeboot-report-" + time.description.filter { $0 != "-" && $0 != ":" }
    }

    /// The file for people.
    package var text: String {
        let held = entries.compactMap { entry in
            entry.bytes.map { "  \(entry.part.name) (\(ByteText.scaled($0))): \(entry.part.about)" }
        }
        let missing = gaps.map { "  \($0.part.name): \($0.gap ?? "")" }
        let lines =
            ["A report about a machine, made \(time) by lifeboot \(agent).", "", "In it:"] + held
            + ["", missing.isEmpty ? "Nothing is missing." : "Not in it, or not as a whole:"] + missing
            + ["", Self.secrets]
        return lines.joined(separator: "\n") + "\n"
    }

    private static let secrets = """
        Secrets were replaced by \(SecretRemoval.mark): passwords and their hashes, keys, tokens, credentials in addresses.
        The files of /oem are only named. Names, addresses and numbers of this machine and of those it talks to are in here.
        Nobody can find every secret by its look: read the report through before it leaves your hands.
        """

    /// The file for programs.
    package var json: JSONValue {
        [
            "format": .integer(Self.format), "time": .string(time.description), "agent": .string(agent),
            "parts": .array(
                entries.map { entry in
                    [
                        "name": .string(entry.part.name), "about": .string(entry.part.about),
                        "bytes": entry.bytes.map { .integer(Int64($0)) } ?? .null,
                        "gap": entry.gap.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}

import ArgumentParser
import CommandOutput
import Faults
import ImageBuilding
import ImageModel
import JSONText
import RegistryAccess
import RegistryModel
import SoftwareBills
import TransferPlanning

/// Compares two images: `boatyard image diff`.
struct ImageDiffCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say in which packages and files two images differ, and what an upgrade moves.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Takes what 'boatyard image build' made: its folder, an OCI layout or archive, or a registry, from where \
        the files are fetched, into a folder below TMPDIR. Owners, times and attributes of files do not count. \
        What an upgrade moves is what a machine fetches that has the older image. Nothing is verified but \
        digests.
        """,
        statuses: [
            0: "they are the same image",
            1: "they are not",
            2: "one is not there or damaged",
        ],
        examples: [
            "See what an upgrade brings":
                "boatyard image diff old new",
            "Write release notes":
                "boatyard image diff old new --markdown",
        ])

    @Argument(
        help: ArgumentHelp("The older image: a folder, oci://…, oci:PATH[:NAME], oci-archive:PATH.", valueName: "old"))
    var old: String
    @Argument(help: ArgumentHelp("The newer image.", valueName: "new"))
    var new: String
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions
    @Flag(help: "Print Markdown, for release notes: packages as a table, files by their number.")
    var markdown = false
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
    }

    func perform(_ output: Output) throws {
        let difference = try ImageDifference(
            from: try SourceReference(typed: old), to: try SourceReference(typed: new), registry.configuration()
        ) { if !json { output.report($0) } }
        let report = ImageDiffReport(difference)
        for note in difference.notes { output.note(note) }
        output.show(report.json, lines: markdown ? report.markdown : report.lines)
        if !difference.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}

/// In what two images differ, in words.
struct ImageDiffReport {
    private let difference: ImageDifference

    init(_ difference: ImageDifference) { self.difference = difference }

    private var sides: [(String, ImageDifference.Side)] { [("old", difference.old), ("new", difference.new)] }

    /// `name version (id)` of a side.
    private static func title(_ side: ImageDifference.Side) -> String {
        "\(side.manifest.name) \(side.manifest.version) (\(side.id))"
    }

    private var moved: String {
        "An upgrade moves \(ByteText.scaled(difference.transfer.bytes)) of \(ByteText.scaled(difference.transfer.size))"
    }

    /// Changes of packages: what goes before each, and its versions.
    private var packages: [(mark: String, change: SoftwareDifference.Change)] {
        difference.packages.removed.map { ("-", $0) } + difference.packages.added.map { ("+", $0) }
            + difference.packages.changed.map { ("~", $0) }
    }

    /// A line for each package and file, those of one kind together.
    var lines: [String] {
        guard !difference.isEmpty else { return ["They are the same."] }
        var lines = sides.map { "\($0.0)  \(Self.title($0.1))" }
        var table = TextTable()
        for (mark, change) in packages {
            table.add(["\(mark) \(change.kind.rawValue)", change.name, Self.versions(change)])
        }
        lines += table.lines
        lines += difference.files.removed.map { "- \($0)" } + difference.files.added.map { "+ \($0)" }
        lines += difference.files.changed.map { "~ \($0.path): \($0.words.joined(separator: ", "))" }
        lines += difference.bootFiles.map { "~ \($0.rawValue)" }
        return lines + ["\(moved) (\(difference.transfer.bytes) bytes)."]
    }

    /// `1` of what is new or gone, `1 -> 2` of what is changed.
    private static func versions(_ change: SoftwareDifference.Change) -> String {
        [change.old, change.new].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }.joined(separator: " -> ")
    }

    /// The same for release notes.
    var markdown: [String] {
        guard !difference.isEmpty else { return ["They are the same."] }
        let (old, new) = (difference.old.manifest, difference.new.manifest)
        var lines = ["## \(new.name) \(Self.escaped(new.version)), after \(Self.escaped(old.version))", ""]
        if packages.isEmpty {
            lines += ["No package has changed.", ""]
        } else {
            lines += ["| package | before | after |", "|---|---|---|"]
            lines += packages.map { _, change in
                let cells = [[change.name], change.old, change.new].map { Self.escaped($0.joined(separator: ", ")) }
                return "| \(cells.joined(separator: " | ")) |"
            }
            lines.append("")
        }
        let files = difference.files
        lines.append("Files: \(files.added.count) new, \(files.removed.count) gone, \(files.changed.count) changed.")
        if !difference.bootFiles.isEmpty {
            lines.append("Changed as well: \(difference.bootFiles.map(\.rawValue).joined(separator: ", ")).")
        }
        return lines + ["\(moved)."]
    }

    /// What Markdown would take for its own.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\`*_[]<>|~".contains($0) ? ["\\", $0] : [$0] })
    }

    var json: JSONValue {
        var object: JSONObject = ["format": 1, "same": .bool(difference.isEmpty)]
        for (name, side) in sides {
            object[name] = [
                "id": .string("\(side.id)"), "name": .string(side.manifest.name),
                "version": .string(side.manifest.version), "sequence": .integer(side.manifest.sequence),
            ]
        }
        object["packages"] = difference.packages.json
        object["files"] = [
            "added": .array(difference.files.added.map { .string($0) }),
            "removed": .array(difference.files.removed.map { .string($0) }),
            "changed": .array(
                difference.files.changed.map { change in
                    ["path": .string(change.path), "in": .array(change.words.map { .string($0) })]
                }),
        ]
        object["bootFiles"] = .array(difference.bootFiles.map { .string($0.rawValue) })
        object["upgrade"] = [
            "bytes": .integer(Int64(difference.transfer.bytes)), "of": .integer(Int64(difference.transfer.size)),
            "requests": .integer(Int64(difference.transfer.requests)),
        ]
        return .object(object)
    }
}

import ArgumentParser
import CommandOutput
import Faults
import ImageModel
import ImageSources
import JSONText
import ReleaseModel
import SystemPackage

/// Shows a channel: `boatyard channel show`.
struct ChannelShowCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a channel's releases, out of its file or as it is published.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The newest release first. Of a published channel the signature is checked, and it is said which revision \
        it is and until when it counts.
        """,
        statuses: [
            0: "shown",
            1: "shown, and machines refuse it, for it has expired",
            2: "it could not be read, or is not signed by these keys",
        ],
        examples: [
            "See the releases of a file":
                "boatyard channel show stable.json"
        ])

    @OptionGroup
    var reading: ChannelReadingOptions
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !reading.isPublished, !reading.key.isEmpty {
            throw ValidationError("--key goes with a published channel: a file is not signed")
        }
    }

    func perform(_ output: Output) throws {
        let followed = try reading.read()
        let releases = followed.document.releases.sorted { $0.sequence > $1.sequence }
        var document = followed.members
        document["expired"] = .bool(try ChannelFile.isExpired(followed.document))
        document["releases"] = .array(releases.map { .object($0.members) })
        var table = TextTable()
        for release in releases { table.add(Self.row(release)) }
        output.show(.object(document), lines: followed.lines + table.lines)
        guard document["expired"] == true else { return }
        output.say("warning: it expired \(followed.document.expires): publish it again")
        if reading.isPublished { throw ExitCode(ExitStatus.negative) }
    }

    private static func row(_ release: ChannelRelease) -> [String] {
        let share = release.withdrawn.map { "withdrawn: \($0)" } ?? "\(release.rollout) %"
        let remarks = [
            release.minimumSequence.map { "from sequence \($0)" }, release.isCritical ? "critical" : nil,
            release.reference,
        ]
        return [
            release.version, String(release.sequence), share, remarks.compactMap(\.self).joined(separator: ", "),
        ]
    }
}

/// Lists channels: `boatyard channel list`.
struct ChannelListCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the files of channels, each with its newest release.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Name, newest release that was not withdrawn, how many of the machines get it, until when the channel \
        counts as it was published last, and the file.
        """,
        statuses: [
            0: "listed",
            2: "a file could not be read",
        ],
        examples: [
            "See what two channels offer":
                "boatyard channel list stable.json beta.json"
        ])

    @Argument(help: ArgumentHelp("The channels' documents.", valueName: "file"), completion: .file())
    var files: [String]
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let channels = try files.map { (file: $0, channel: try ChannelFile.read(FilePath($0))) }
        var table = TextTable()
        for (file, channel) in channels {
            let newest = channel.newestOffered
            let share = newest.map { "\($0.rollout) %" } ?? "-"
            let end = try ChannelFile.isExpired(channel) ? "expired" : "until"
            table.add([channel.name, newest?.version ?? "-", share, "\(end) \(channel.expires)", file])
        }
        let documents = try channels.map { try Self.members($0.file, $0.channel) }
        output.show(["channels": .array(documents)], lines: table.lines)
    }

    private static func members(_ file: String, _ channel: ChannelDocument) throws -> JSONValue {
        [
            "file": .string(file), "channel": .string(channel.name), "issued": .string(channel.issued.description),
            "expires": .string(channel.expires.description), "expired": .bool(try ChannelFile.isExpired(channel)),
            "count": .integer(Int64(channel.releases.count)),
            "newest": channel.newestOffered.map { .object($0.members) } ?? .null,
        ]
    }
}

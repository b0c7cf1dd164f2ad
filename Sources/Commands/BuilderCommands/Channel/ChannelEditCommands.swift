import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import ReleaseModel
import SystemPackage

/// A verb that changes one release in a channel's file.
protocol ChannelEdit: BoatyardVerb {
    /// The file.
    var channel: String { get }
    /// The release, by version or sequence.
    var version: String { get }

    /// Changes the document.
    ///
    /// - Throws: `Refusal`.
    func edit(_ document: inout ChannelDocument) throws -> ChannelChange
}

extension ChannelEdit {
    func perform(_ output: Output) throws {
        let before = try ChannelFile.read(FilePath(channel))
        var document = before
        let change = try edit(&document)
        let release = change.release
        if document != before { try ChannelFile.replace(document, at: FilePath(channel)) }
        change.remarks.forEach(output.warn)
        let name = Self.configuration.commandName ?? ""
        output.end(
            OperationResult(
                "channel \(name)", changed: document != before, "It is in the file; publish that.",
                warnings: change.remarks,
                details: ["channel": .string(document.name), "release": .object(release.members)]),
            lines: ["\(release.version) \(release.sequence) \(release.digest.registryText)"])
    }
}

/// Takes a release over from another channel: `boatyard channel promote`.
struct ChannelPromoteCommand: ChannelEdit {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Take a release over from one channel into another.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The image, its digest, notes and minimum are those of the first channel. A release that was withdrawn \
        is refused, and so is one whose sequence or version means another image in the second channel. \
        \(Self.publishing)
        """,
        statuses: [
            0: "taken over, also when it was there",
            2: "not taken over, the file is as it was",
        ],
        examples: [
            "Take a release over from another channel":
                "boatyard channel promote beta.json stable.json --version 2"
        ])

    @Argument(help: ArgumentHelp("The document of the channel that has it.", valueName: "from"))
    var source: String
    @Argument(help: ArgumentHelp("The document of the channel that gets it.", valueName: "to"))
    var channel: String
    @Option(help: "The release's version, or its sequence.")
    var version: String
    @Option(
        help: ArgumentHelp(
            "Percent of the machines that get it (default: as it is there already, else 100).", valueName: "percent"))
    var rollout: Int?
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws { try Self.check(percent: rollout, "--rollout") }

    func edit(_ document: inout ChannelDocument) throws -> ChannelChange {
        try document.promote(version, from: ChannelFile.read(FilePath(source)), rollout: rollout)
    }
}

/// Changes a rollout: `boatyard channel rollout`.
struct ChannelRolloutCommand: ChannelEdit {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Change how many of the machines get a release.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        A machine that gets it at 10 percent gets it at 50, too. A rollout that becomes narrower takes nothing \
        back from machines that have it. \(Self.publishing)
        """,
        statuses: [
            0: "changed, also when it was so",
            2: "not changed, the file is as it was",
        ],
        examples: [
            "Offer the newest release to all machines":
                "boatyard channel rollout stable.json --version 2 --percent 100"
        ])

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"), completion: .file())
    var channel: String
    @Option(help: "The release's version, or its sequence.")
    var version: String
    @Option(help: ArgumentHelp("Percent of the machines that get it.", valueName: "number"))
    var percent: Int
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws { try Self.check(percent: percent, "--percent") }

    func edit(_ document: inout ChannelDocument) throws -> ChannelChange { try document.rollOut(version, to: percent) }
}

/// Withdraws a release: `boatyard channel withdraw`.
struct ChannelWithdrawCommand: ChannelEdit {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Keep machines from taking a release from now on.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Machines that have it keep it, until there is a release with a higher sequence. 'boatyard channel add' \
        takes the withdrawal back. \(Self.publishing)
        """,
        statuses: [
            0: "withdrawn, also when it was before",
            2: "not withdrawn, the file is as it was",
        ],
        examples: [
            "Offer a release to nobody any more":
                "boatyard channel withdraw stable.json --version 2 --reason leaks"
        ])

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"), completion: .file())
    var channel: String
    @Option(help: "The release's version, or its sequence.")
    var version: String
    @Option(help: "Why, for people.")
    var reason: String
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        guard !reason.isEmpty, ChannelRelease.isNotes(reason) else {
            throw ValidationError("--reason takes a text of at most 64 KiB")
        }
    }

    func edit(_ document: inout ChannelDocument) throws -> ChannelChange {
        try document.withdraw(version, because: reason)
    }
}

/// Forgets a release: `boatyard channel remove`.
struct ChannelRemoveCommand: ChannelEdit {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a release that no machine needs any more.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The newest release that the channel offers is refused, and so is one by way of which machines reach \
        newer ones. What is broken is better withdrawn. \(Self.publishing)
        """,
        statuses: [
            0: "removed",
            2: "not removed, the file is as it was",
        ],
        examples: [
            "Forget a release":
                "boatyard channel remove stable.json --version 1"
        ])

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"), completion: .file())
    var channel: String
    @Option(help: "The release's version, or its sequence.")
    var version: String
    @Flag(help: "Also when machines need it.")
    var force = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func edit(_ document: inout ChannelDocument) throws -> ChannelChange { try document.remove(version, force: force) }
}

extension ChannelEdit {
    /// What every one of them leaves to do.
    static var publishing: String { "Only the file is changed: 'boatyard channel publish' brings it to machines." }

    /// - Throws: `ValidationError`.
    static func check(percent: Int?, _ option: String) throws {
        guard let percent, !(0...100).contains(percent) else { return }
        throw ValidationError("\(option) takes 0 to 100")
    }
}

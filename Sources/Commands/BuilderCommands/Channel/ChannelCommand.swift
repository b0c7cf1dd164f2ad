import ArgumentParser
import CommandOutput
import Faults
import ImageModel
import LinuxSystem
import ReleaseModel
import SystemPackage

/// Groups what concerns channels: `boatyard channel`.
struct ChannelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "Write the lists of releases that machines follow, and publish them.",
        subcommands: [
            ChannelCreateCommand.self, ChannelAddCommand.self, ChannelPromoteCommand.self, ChannelRolloutCommand.self,
            ChannelWithdrawCommand.self, ChannelRemoveCommand.self, ChannelPublishCommand.self, ChannelShowCommand.self,
            ChannelListCommand.self, ChannelExplainCommand.self,
        ])
}

/// Begins a channel: `boatyard channel create`.
struct ChannelCreateCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Begin a channel without releases.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Writes a JSON document that 'boatyard channel add' fills and 'boatyard channel publish' signs; keep it \
        under version control. Nothing is overwritten.
        """,
        statuses: [
            0: "written",
            2: "not written",
        ],
        examples: [
            "Begin a channel":
                "boatyard channel create --name stable -o stable.json"
        ])

    @Option(help: ArgumentHelp("The channel's name, as stable.", valueName: "name"))
    var name: String
    @Option(name: [.short, .long], help: ArgumentHelp("The file to make.", valueName: "file"), completion: .file())
    var output: String

    func validate() throws {
        if !ManifestText.isName(name) { throw ValidationError("--name takes letters, digits, '.', '_' and '-'") }
    }

    func perform(_ output: Output) throws {
        let times = try ChannelFile.times(days: ChannelFile.standardDays)
        let channel = ChannelDocument(name: name, issued: times.issued, expires: times.expires)
        try ChannelFile.create(channel, at: FilePath(self.output))
        output.print([self.output])
    }
}

/// Reads and writes a channel's document on the builder's side.
enum ChannelFile {
    /// For how many days a channel is published when nobody says.
    static let standardDays = 30
    private static let day: Int64 = 86_400

    /// Now, and so many days later.
    static func times(days: Int) throws -> (issued: UTCTime, expires: UTCTime) {
        let now = WallClock.secondsSince1970
        guard let issued = UTCTime(seconds: now), let expires = UTCTime(seconds: now + Int64(days) * day) else {
            throw ValidationError("the clock of this machine is not set")
        }
        return (issued, expires)
    }

    /// Now.
    ///
    /// - Throws: `ValidationError` when the clock is far out.
    static func now() throws -> UTCTime { try times(days: 0).issued }

    /// Whether machines refuse it by now, as they find out themselves.
    static func isExpired(_ channel: ChannelDocument) throws -> Bool {
        let now = try now()
        do throws(Refusal) { try channel.check(now: now, lastSeen: nil) } catch { return true }
        return false
    }

    /// Reads a document.
    static func read(_ path: FilePath) throws -> ChannelDocument {
        try ChannelDocument(parsing: FileBytes.readGiven(path, limit: ChannelDocument.sizeLimit))
    }

    /// Writes a document in the place of the old one.
    static func replace(_ channel: ChannelDocument, at path: FilePath) throws {
        try AtomicFile.write(channel.serialized(), to: path)
    }

    /// Writes a new document.
    static func create(_ channel: ChannelDocument, at path: FilePath) throws {
        guard try FileStatus.of(path, followingLinks: false) == nil else {
            throw ValidationError("\(path) exists; it is not overwritten")
        }
        try replace(channel, at: path)
    }
}

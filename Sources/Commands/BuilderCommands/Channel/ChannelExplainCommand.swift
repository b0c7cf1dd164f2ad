import ArgumentParser
import CommandOutput
import Faults
import ImageAssembly
import ImageModel
import ImageSources
import JSONText
import ReleaseModel
import TransactionPlanning

/// Says what a channel has for a machine: `boatyard channel explain`.
struct ChannelExplainCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say which release of a channel a machine takes, and why not each other one.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        It is decided as the machine decides it. With --board, --agent or --architecture the image of that \
        release is asked for, too, whether such a machine takes it; it has to be signed by --key when there is \
        one.
        """,
        statuses: [
            0: "said, also when there is nothing for it",
            1: "the machine refuses the channel, or the image",
            2: "it could not be found out",
        ],
        examples: [
            "Ask what a machine makes of it":
                "boatyard channel explain stable.json --machine-id 0123456789abcdef0123456789abcdef --installed 1"
        ])

    @OptionGroup
    var reading: ChannelReadingOptions
    @Option(help: ArgumentHelp("The machine's /etc/machine-id.", valueName: "id"))
    var machineId: String
    @Option(help: ArgumentHelp("What is installed there.", valueName: "version|sequence"))
    var installed: String
    @Option(help: ArgumentHelp("The machine's board.", valueName: "name"))
    var board: String?
    @Option(
        help: ArgumentHelp("The version of the machine's lifeboot (default: that of boatyard).", valueName: "version"),
        transform: Self.agent)
    var agent: AgentVersion?
    @Option(help: ArgumentHelp("The machine's type, as amd64 (default: this one's).", valueName: "name"))
    var architecture: String?
    @Flag(help: "The machine's policy, or who upgrades it, allows a downgrade.")
    var allowDowngrade = false
    @Option(help: ArgumentHelp("The time there, as 2026-11-23T11:45:29Z (default: now).", valueName: "time"))
    var now: String?
    @Flag(help: "Print JSON.")
    var json = false

    /// Whether the image is asked as well as the channel.
    private var asksImage: Bool { board != nil || agent != nil || architecture != nil }

    func validate() throws {
        // Written otherwise it would have another share of every rollout.
        let isHex = machineId.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard machineId.utf8.count == 32, isHex else {
            throw ValidationError("--machine-id takes 32 lower-case hexadecimal digits, as /etc/machine-id has them")
        }
        if let now, UTCTime(now) == nil { throw ValidationError("--now takes a time as in 2026-11-23T11:45:29Z") }
        if !reading.isPublished, !reading.key.isEmpty, !asksImage {
            throw ValidationError("--key goes with a published channel, or with --board, --agent or --architecture")
        }
    }

    func perform(_ output: Output) throws {
        let followed = try reading.read()
        let time = try now.flatMap { UTCTime($0) } ?? ChannelFile.now()
        let sequence = try ChannelExplanation.sequence(installed, in: followed.document)
        var explanation = ChannelExplanation(
            followed.document, at: time, installed: sequence, machineID: machineId, allowingDowngrade: allowDowngrade)
        if asksImage, let release = explanation.taken {
            explanation.refusal = try refusal(of: release, in: followed)
        }
        var document = followed.members
        for member in explanation.members.members { document[member.name] = member.value }
        output.show(.object(document), lines: followed.lines + explanation.lines)
        if explanation.refusal != nil { throw ExitCode(ExitStatus.negative) }
    }

    /// Why the machine refuses the image of a release; nil when it takes it.
    ///
    /// - Throws: what keeps it from being found out.
    private func refusal(of release: ChannelRelease, in followed: FollowedChannel) throws -> Refusal? {
        guard let version = agent ?? AgentVersion(ProgramVersion.text) else { return nil }
        let machine = MachineTraits(architecture: architecture ?? ImageArchitecture.host, board: board, agent: version)
        let keys = try reading.keys()
        let sources = ImageSources(
            configuration: AgentConfiguration(), access: reading.registry.configuration(), keys: keys, machine: machine)
        var request = SourceRequest("")
        request.allowsUnsigned = keys.isEmpty
        do {
            _ = try sources.resolve(request, at: try followed.image(of: release), for: "upgrading to")
        } catch let refusal as Refusal where Self.answers.contains(refusal.kind) {
            return try checked(refusal)
        }
        return nil
    }

    /// The refusal, unless it is for what was not said of the machine.
    private func checked(_ refusal: Refusal) throws(Refusal) -> Refusal {
        guard refusal.kind == .board, board == nil else { return refusal }
        throw Refusal(
            .board, "explaining", refusal.subject, cause: refusal.cause, remedy: "Say which board it is with --board.")
    }

    /// What is the machine's answer, and not a failure to ask.
    private static let answers: Set<RefusalKind> = [.unsigned, .untrusted, .architecture, .board, .agent]

    @Sendable private static func agent(_ text: String) throws -> AgentVersion {
        guard let version = AgentVersion(text) else { throw ValidationError("--agent takes a version as 1.2.3") }
        return version
    }
}

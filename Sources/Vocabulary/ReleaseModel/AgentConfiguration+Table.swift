package import DocumentTree
package import Faults
import JSONText
import OEMModel
package import SystemPackage

extension AgentConfiguration {
    /// Every key of a configuration file.
    package static let table = DocumentTable<AgentConfiguration>(
        "the configuration",
        [
            DocumentKey(
                "channel", .text,
                "What `lifeboot upgrade` follows without a source, such as `oci://registry.example/os/channel:stable`."
            ) { $0.channel = $1 },
            DocumentKey("policy", policy, "What is accepted without an option that allows it."),
            DocumentKey(
                "registries", each: DocumentNames("host[:port]", "a host or host:port, without '/'", without: "/"),
                Registry.table, "How single registries are reached. Capitals in the host make no difference."
            ) { (configuration, name, read) throws(DocumentError) in
                // Hosts have no case: a later file overrides an earlier one however either spells them.
                try read(&configuration.registries[name.lowercased(), default: Registry()])
            },
            DocumentKey("hooks", hooks, "Programs that run around an operation."),
            DocumentKey(
                "proxy", .text, "The proxy for HTTP and HTTPS, a URL. Without this key the environment says it."
            ) { $0.proxy = $1 },
            DocumentKey(
                "deadline", .integer(deadlines),
                "The minutes after which an operation that gets an image from a source gives up, as long as it has not committed. Without this key a day."
            ) { $0.deadline = .seconds(60 * $1) },
            DocumentKey("oem", oem, "How the files of stages are run (docs/oem.md)."),
            DocumentKey(
                "console", .choice,
                "What the console of recovery and live systems offers without a login (docs/recovery.md). Without this key `reset`, and `status` in a sealed system."
            ) { $0.console = $1 },
            DocumentKey("update", update, "When `lifeboot-update.timer` upgrades and restarts (docs/unattended.md)."),
        ])

    private static let update: [DocumentKey<AgentConfiguration>] = [
        DocumentKey(
            "interval", .integer(UpdatePolicy.intervals), default: 24,
            "The hours from one look at the channel to the next. Each machine has a place of its own in them."
        ) { $0.update.interval = $1 },
        DocumentKey(
            "window",
            DocumentValue(text: "a window such as `02:00-05:00`", pattern: UpdateWindow.pattern) {
                (text) throws(UpdateWindowError) in try UpdateWindow(parsing: text)
            },
            "When it looks and restarts, in the machine's own time, half an hour at least. Without this key at any time."
        ) { $0.update.window = $1 },
        DocumentKey(
            "days", .list(of: .choice, "a day"), default: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "The days on which the window opens."
        ) { $0.update.days = Set($1) },
        DocumentKey(
            "reboot", .choice, default: "never",
            "When it restarts to start a new image: never by itself, within the window, or at once. Without a window any time is within it."
        ) { $0.update.reboot = $1 },
    ]

    private static let oem: [DocumentKey<AgentConfiguration>] = [
        DocumentKey(
            "programs", .list(of: .choice, "a source"), default: ["image", "oem", "persistent", "instance"],
            "Whose files may run programs: `commands`, conditions that need a shell, packages and the like."
        ) { $0.oem.programSources = Set($1) },
        DocumentKey(
            "strict", .list(of: .text, "a stage"), default: [],
            "Stages whose unit fails when a file is refused or an action fails."
        ) { $0.oem.strictStages = Set($1) },
        DocumentKey("timeout", .integer(1...86_400), default: 300, "The seconds that one command of a stage may take.")
        {
            $0.oem.timeout = .seconds($1)
        },
    ]

    private static let policy: [DocumentKey<AgentConfiguration>] = [
        DocumentKey("unsigned", .choice, default: "refuse", "Images and channels without a signature.") {
            $0.policy.unsigned = $1
        },
        DocumentKey(
            "local-images", .choice, default: "allow",
            "Container images, whose boot image is made and signed on this machine."
        ) { $0.policy.localImages = $1 },
        DocumentKey("downgrade", .choice, default: "refuse", "Images with a lower `sequence` than the installed one.") {
            $0.policy.downgrade = $1
        },
        DocumentKey(
            "full-download", .choice, default: "allow", "Fetching an image as a whole where a difference was expected."
        ) { $0.policy.fullDownload = $1 },
        DocumentKey(
            "give-up-passive", .choice, default: "refuse", "Giving up the passive image where three images do not fit."
        ) { $0.policy.givingUpPassive = $1 },
        DocumentKey(
            "recovery-upgrade", .choice, default: "allow",
            "Giving recovery the image of active by itself, once that has been healthy."
        ) { $0.policy.recoveryUpgrade = $1 },
        DocumentKey("board", .text, "The name of this machine's board. Without this key the firmware is asked.") {
            $0.policy.board = $1
        },
    ]

    private static let hooks: [DocumentKey<AgentConfiguration>] = [
        DocumentKey("strict", .truth, default: true, "Whether a hook that fails ends the operation.") {
            $0.hooksAreStrict = $1
        }
    ]

    /// Takes over what a file says; keys that it does not have stay as they are.
    ///
    /// - Throws: `ConfigurationError` with file, line and column for an unknown key or a value that its key does not
    ///   take.
    package mutating func apply(_ document: DocumentNode, from file: FilePath) throws(ConfigurationError) {
        do throws(DocumentError) { try Self.table.read(document, into: &self) } catch {
            throw ConfigurationError(file, mark: error.mark, error.reason)
        }
    }
}

extension AgentConfiguration.Registry {
    fileprivate static let table = DocumentTable<AgentConfiguration.Registry>(
        "a registry",
        [
            DocumentKey(
                "ca", .path,
                "The certificate authority that vouches for it, a PEM file. Without this key the machine's bundle counts."
            ) { $0.certificateAuthority = $1 },
            DocumentKey("plain-http", .truth, default: false, "Whether it is asked over plain HTTP.") {
                $0.plainHTTP = $1
            },
            DocumentKey(
                "mirrors", .list(of: .text, "a mirror"), default: [],
                "What is asked first, `host[:port][/prefix]` each, in order."
            ) { $0.mirrors = $1 },
            DocumentKey(
                "auth-file", .path,
                "The docker-style file with its credentials. Without this key they are looked for in the usual places."
            ) { $0.authFile = $1 },
        ])
}

/// Says what is wrong in a configuration file, and where.
package typealias ConfigurationError = Fault<ConfigurationFault>

/// Names what is wrong in a configuration.
package struct ConfigurationFault: FaultKind {
    /// What is wrong and what to write instead.
    package var reason: String
}

extension ConfigurationError {
    /// Locates a fault; `mark` is nil when the file as a whole is meant.
    package init(_ file: FilePath, mark: DocumentMark?, _ reason: String) {
        let place = mark.map { "\($0): " } ?? ""
        self.init(
            ConfigurationFault(reason: reason), "reading", file.string, cause: "\(place)\(reason)",
            remedy: "Correct the file; nothing was done.")
    }
}

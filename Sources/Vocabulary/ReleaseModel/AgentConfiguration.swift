package import OEMModel
package import SystemPackage

/// What the configuration files say: where releases come from, what is accepted, how registries are reached.
package struct AgentConfiguration: Equatable, Sendable {
    /// The files in the order in which they are read; a later one overrides an earlier one key by key.
    package static let files: [FilePath] = [
        "/usr/lib/lifeboot/config.yaml", "/etc/lifeboot/config.yaml", "/oem/lifeboot.yaml",
    ]
    /// The minutes of `deadline` when nobody says: a day, for the slowest of links.
    package static let standardDeadline = 24 * 60
    /// The minutes that `deadline` takes.
    package static let deadlines = 1...525_600
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    /// How one registry is reached.
    package struct Registry: Equatable, Sendable {
        /// The certificate authority that vouches for it, a PEM file; nil takes the system's.
        package var certificateAuthority: FilePath?
        /// Whether it is asked over plain HTTP.
        package var plainHTTP = false
        /// What is asked first, `host:port/prefix`, in order.
        package var mirrors: [String] = []
        /// The docker-style file with its credentials; nil takes the usual places.
        package var authFile: FilePath?

        /// A registry that nothing is said about.
        package init() {}
    }

    /// The reference that `lifeboot upgrade` follows without a source, such as `oci://registry.example/os/channel:stable`.
    package var channel: String?
    /// What is accepted.
    package var policy = Policy()
    /// Registries by `host` or `host:port`, in lower case when they come from a file.
    package var registries: [String: Registry] = [:]
    /// Whether a hook that fails ends the operation.
    package var hooksAreStrict = true
    /// How long an operation may take up to its commit that gets an image from a source.
    package var deadline = Duration.seconds(60 * standardDeadline)
    /// The proxy for HTTP and HTTPS, as a URL; nil leaves it to the environment.
    package var proxy: String?
    /// What files said and what does not count, a sentence each.
    package var notes: [String] = []
    /// How the files of stages are run.
    package var oem = StagePolicy()
    /// What recovery's console lets anybody do who stands before it; nil when no file says it.
    package var console: ConsolePolicy?

    /// When upgrades are looked for by a unit.
    package var update = UpdatePolicy()

    /// The configuration of a machine without files.
    package init() {}
}

/// Says what this machine accepts without being asked; the key `policy` of the configuration.
package struct Policy: Equatable, Sendable {
    /// Whether something is done or refused.
    package enum Verdict: String, CaseIterable, Sendable {
        /// It is done.
        case allow
        /// It is refused.
        case refuse
    }

    /// Images and channels without a signature (`unsigned`).
    package var unsigned = Verdict.refuse
    /// Container images, whose boot image is made and signed on this machine (`local-images`).
    package var localImages = Verdict.allow
    /// Images with a lower sequence than the installed one (`downgrade`).
    package var downgrade = Verdict.refuse
    /// Fetching an image as a whole where a delta was expected (`full-download`).
    package var fullDownload = Verdict.allow
    /// Giving up the passive image where three images do not fit (`give-up-passive`).
    package var givingUpPassive = Verdict.refuse
    /// Giving recovery the image of active by itself, once that has been healthy (`recovery-upgrade`).
    package var recoveryUpgrade = Verdict.allow
    /// The name of this machine's board; nil when nothing says it, and then the firmware is asked (`board`).
    package var board: String?

    /// Whether the system is sealed: then nobody on the machine may accept what no image key has signed.
    package var isSealed = false

    /// The policy of a machine without a configuration.
    package init() {}

    /// A policy that allows everything: what a file makes of it shows what the file refuses.
    package static var unrestricted: Policy {
        var policy = Policy()
        (policy.unsigned, policy.localImages, policy.downgrade) = (.allow, .allow, .allow)
        return policy
    }

    /// Takes back what a later file allows although the image refuses it.
    ///
    /// - Returns: the keys of what was taken back.
    package mutating func keepRefused(_ image: Policy) -> [String] {
        let verdicts: [(String, WritableKeyPath<Policy, Verdict>)] = [
            ("unsigned", \.unsigned), ("local-images", \.localImages), ("downgrade", \.downgrade),
        ]
        let loosened = verdicts.filter { image[keyPath: $0.1] == .refuse && self[keyPath: $0.1] == .allow }
        for (_, verdict) in loosened { self[keyPath: verdict] = .refuse }
        return loosened.map(\.0)
    }

    /// Refuses what a sealed system never takes.
    package mutating func seal() { (isSealed, unsigned, localImages) = (true, .refuse, .refuse) }
}

/// How the files of stages are run.
package struct StagePolicy: Equatable, Sendable {
    /// Whose files may run programs; not those of the kernel's command line, which whoever stands at the machine can type.
    package var programSources: Set<OEMSource> = [.image, .oem, .persistent, .instance]
    /// Stages whose unit fails when something in them does.
    package var strictStages: Set<String> = []
    /// How long one command may take.
    package var timeout = Duration.seconds(300)

    /// Takes the defaults.
    package init() {}
}

/// What recovery's console lets anybody do who stands before the machine; the key `console` of the configuration.
package enum ConsolePolicy: String, CaseIterable, Sendable {
    /// Everything but a shell, which always asks for a password.
    case reset
    /// Look, and end the session of the machine.
    case status
    /// Nothing: there is a login as in the normal system.
    case login

    /// What counts where no file says it: a sealed machine stands where others come by.
    package static func standard(isSealed: Bool) -> ConsolePolicy { isSealed ? .status : .reset }
}

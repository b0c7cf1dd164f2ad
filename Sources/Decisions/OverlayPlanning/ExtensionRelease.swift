/// What kind of extension an overlay says that it is (systemd-sysext(8)).
package enum ExtensionKind: String, CaseIterable, Sendable {
    /// It extends programs: `/usr` and `/opt`.
    case sysext
    /// It extends configuration: `/etc`.
    case confext

    /// The folder of its extension-release files, in the overlay.
    package var folder: String {
        switch self {
        case .sysext: "/usr/lib/extension-release.d"
        case .confext: "/etc/extension-release.d"
        }
    }

    /// What it extends; systemd leaves out whatever else it has.
    package var hierarchies: [OverlayHierarchy] {
        switch self {
        case .sysext: [.usr, .opt]
        case .confext: [.etc]
        }
    }

    /// The field of the level that both sides must agree on.
    var level: String { "\(rawValue.uppercased())_LEVEL" }
    /// The field that says in which kinds of system it is used.
    var scope: String { "\(rawValue.uppercased())_SCOPE" }
}

/// What an extension says about the systems that it fits.
///
/// The rules are those of systemd 252 (`extension_release_validate`). Later ones also take the `ID_LIKE` of the system; ours
/// do not: a system that is like another has versions of its own.
package struct ExtensionRelease: Equatable, Sendable {
    /// The word that fits every system and every architecture.
    private static let any = "_any"
    /// The scope that our overlays are for: the booted system, not the initramfs that stacks them.
    private static let scope = "system"
    /// The scopes of an extension that names none.
    private static let standardScopes = ["system", "portable"]

    /// The kind.
    package let kind: ExtensionKind
    /// What its file says.
    package let text: ReleaseText

    /// Takes what a file says.
    package init(_ kind: ExtensionKind, _ text: ReleaseText) {
        self.kind = kind
        self.text = text
    }

    /// Says why it does not fit a system; nil when it does.
    ///
    /// - Parameters:
    ///   - host: the system's os-release.
    ///   - architecture: the machine type as systemd spells it (`SystemdArchitecture`).
    package func mismatch(host: ReleaseText, architecture: String) -> String? {
        guard let hostID = host["ID"] else { return "the os-release of this system has no ID to compare with" }
        if text.isEmpty { return "its extension-release says nothing" }
        return scopeMismatch ?? architectureMismatch(architecture) ?? systemMismatch(host, hostID)
    }

    private var scopeMismatch: String? {
        let scopes = text.words(kind.scope) ?? Self.standardScopes
        if scopes.contains(Self.scope) { return nil }
        let words = scopes.isEmpty ? "nothing" : scopes.joined(separator: " and ")
        return "it is for \(words) (\(kind.scope)), and this is a \(Self.scope)"
    }

    private func architectureMismatch(_ host: String) -> String? {
        guard let own = text["ARCHITECTURE"], own != Self.any, own != host else { return nil }
        return "it is for \(own) (ARCHITECTURE), and this machine is \(host)"
    }

    private func systemMismatch(_ host: ReleaseText, _ hostID: String) -> String? {
        guard let own = text["ID"] else {
            return "it does not say for which system it is (ID), and this one is \(hostID)"
        }
        if own == Self.any { return nil }
        guard own == hostID else { return "it is for \(own) (ID), and this system is \(hostID)" }
        if let level = text[kind.level], let hostLevel = host[kind.level] {
            return level == hostLevel ? nil : different(kind.level, level, hostLevel)
        }
        // A system without a version rolls, and fits by its ID alone; one with a level of its own has said what counts.
        guard let hostVersion = host["VERSION_ID"] else { return nil }
        guard let version = text["VERSION_ID"] else {
            return "it does not say for which version it is (VERSION_ID), and this system has \(hostVersion)"
        }
        return version == hostVersion ? nil : different("VERSION_ID", version, hostVersion)
    }

    private func different(_ field: String, _ own: String, _ host: String) -> String {
        "it is for \(field) \(own), and this system has \(host)"
    }
}

/// Machine types as systemd spells them (systemd.unit(5), `ConditionArchitecture=`).
package enum SystemdArchitecture {
    private static let names = [
        "amd64": "x86-64", "386": "x86", "ppc64le": "ppc64-le", "loong64": "loongarch64", "mips64le": "mips64-le",
        "mipsle": "mips-le",
    ]

    /// The spelling for a machine type in OCI's, which most of them share.
    package static func name(ofOCI architecture: String) -> String { names[architecture] ?? architecture }
}

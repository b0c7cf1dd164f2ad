package import TreeModel

/// Files that many packages change, and that are merged against the base when packages are joined.
package struct SharedState: Hashable, Sendable {
    /// How the files of several packages become one.
    package enum Rule: Hashable, Sendable {
        /// Lines of accounts, by name.
        case accounts(AccountText)
        /// Packages of the distribution, by name and architecture; one in two versions is an error.
        case packages(StanzaForm)
        /// Lines, each for itself.
        case lines
        /// Lines, by the word of that number, counted from 0.
        case keyedLines(word: Int)
        /// Records of three lines, by the first: dpkg-divert(1).
        case diversions
        /// The choices of an alternative, by their paths: update-alternatives(1).
        case alternative
        /// A link to the choice of an alternative, which follows from what the alternative's file becomes.
        case alternativeLink
        /// One package alone may change it.
        case one
    }

    /// The globs of the paths.
    package let globs: [PathGlob]
    /// How they are merged.
    package let rule: Rule
    /// What they hold, for people.
    package let meaning: String

    private init(_ rule: Rule, _ meaning: String, _ globs: [String]) {
        self.globs = globs.compactMap { try? PathGlob(parsing: $0) }
        self.rule = rule
        self.meaning = meaning
    }

    /// All of them; docs/packages.md has them as a table.
    package static let table: [SharedState] =
        AccountText.allCases.map { SharedState(.accounts($0), $0.meaning, ["/etc/\($0.rawValue)"]) } + [
            SharedState(.packages(.dpkg), "the packages that dpkg has installed", ["/var/lib/dpkg/status"]),
            SharedState(
                .packages(.extendedStates), "which of them apt installed by itself", ["/var/lib/apt/extended_states"]),
            SharedState(
                .packages(.apk), "the packages that apk has installed",
                ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]),
            SharedState(.diversions, "files that packages of Debian divert", ["/var/lib/dpkg/diversions"]),
            SharedState(.keyedLines(word: 3), "owners and modes that dpkg keeps", ["/var/lib/dpkg/statoverride"]),
            SharedState(.lines, "who is told of which files", ["/var/lib/dpkg/triggers/File"]),
            SharedState(
                .keyedLines(word: 1), "files that ucf looks after",
                [
                    "/var/lib/ucf/hashfile", "/var/lib/ucf/registry",
                ]),
            SharedState(.alternative, "the choices of an alternative", ["/var/lib/dpkg/alternatives/*"]),
            SharedState(.alternativeLink, "links to choices of alternatives", ["/etc/alternatives/*"]),
            SharedState(.lines, "the packages that apk is to have", ["/etc/apk/world"]),
            SharedState(.lines, "shells of logins", ["/etc/shells"]),
            SharedState(
                .keyedLines(word: 0), "who is told of which folders",
                ["/lib/apk/db/triggers", "/usr/lib/apk/db/triggers"]),
            SharedState(
                .one, "scripts of apk's packages", ["/lib/apk/db/scripts.tar*", "/usr/lib/apk/db/scripts.tar*"]),
            SharedState(.one, "the database of rpm", ["/var/lib/rpm/**", "/usr/lib/sysimage/rpm/**"]),
        ]

    /// How a file is merged; nil for one that is not.
    package static func rule(for path: EntryPath) -> Rule? { table.first { $0.globs.cover(path) }?.rule }

    /// Says whether a file is shared state.
    package static func isShared(_ path: EntryPath) -> Bool { rule(for: path) != nil }
}

/// Names the files of `/etc` with a line for each account.
package enum AccountText: String, CaseIterable, Sendable {
    /// Users.
    case passwd
    /// Groups.
    case group
    /// The users' passwords.
    case shadow
    /// The groups' passwords.
    case gshadow
    /// Ranges of numbers for users in containers.
    case subuid
    /// Ranges of numbers for groups in containers.
    case subgid

    /// What the file holds.
    var meaning: String {
        switch self {
        case .passwd: "users"
        case .group: "groups"
        case .shadow: "passwords of users"
        case .gshadow: "passwords of groups"
        case .subuid: "ranges of subordinate users"
        case .subgid: "ranges of subordinate groups"
        }
    }

    /// Where it lies.
    package var path: EntryPath { EntryPath(joined: Array("etc/\(rawValue)".utf8)) }
}

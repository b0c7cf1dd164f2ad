/// Says what is done with a group that a user is to join and that is not there.
package enum MissingGroups: Sendable {
    /// It is made, as cloud-init does.
    case created
    /// It is an error that says where groups come from.
    case refused
}

/// Holds what is wanted of a user; what is nil or empty stays as it is, or is what useradd(8) would take.
package struct WantedUser: Equatable, Sendable {
    /// The user's name.
    package var name: String
    /// The user's number; nil keeps the one that he has, or finds one.
    package var uid: UInt32?
    /// The password; nil leaves the one that is there, and locks a new user.
    package var password: WantedPassword?
    /// Whether the password is locked; nil: only when there is none.
    package var isLocked: Bool?
    /// Whether the user must choose another password at the first login after this one was set.
    package var mustChangePassword = false
    /// The primary group, by name or number; nil: for a new user a group of his own name.
    package var primaryGroup: String?
    /// Whether a new user without `primaryGroup` gets a group of his own name; else the one of useradd's defaults.
    package var hasOwnGroup = true
    /// Groups to join; a user never leaves others.
    package var groups: [String] = []
    /// The program that a login starts.
    package var shell: String?
    /// The home folder's path.
    package var home: String?
    /// The full name and what else is told of the user.
    package var gecos: String?
    /// Whether a new user's number is one of the system's; he gets no home folder then.
    package var isSystem = false
    /// Whether the home folder is made when it is not there.
    package var createsHome = true
    /// Whether it is an error when there is no such user.
    package var mustExist = false

    /// Wants a user of that name.
    package init(name: String) { self.name = name }

    /// Where the home folder of a new user is, or of one whose home is to be another.
    package func newHome(_ defaults: NewUserDefaults) -> String { home ?? "\(defaults.homeBase)/\(name)" }
}

/// Holds what is wanted of a group.
package struct WantedGroup: Equatable, Sendable {
    /// The group's name.
    package var name: String
    /// The group's number; nil keeps the one that it has, or finds one.
    package var gid: UInt32?
    /// Users to join; others stay, and one who does not exist is left out with a note.
    package var members: [String] = []
    /// Whether a new group's number is one of the system's.
    package var isSystem = false

    /// Wants a group of that name.
    package init(name: String) { self.name = name }
}

/// Holds a password that is wanted; it never shows in texts.
package enum WantedPassword: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// What the user types.
    case plain(String)
    /// What stands in shadow: a hash, `*`, or one of these behind `!`.
    case hashed(String)

    /// Takes what users write as `passwd`: what begins with `$` or `!`, and `*`, as it is; all else is plain.
    ///
    /// Nil for an empty text, so that nobody gets an empty password.
    package init?(asWritten text: String) {
        guard let first = text.utf8.first else { return nil }
        self = [UInt8(ascii: "$"), UInt8(ascii: "!")].contains(first) || text == "*" ? .hashed(text) : .plain(text)
    }

    /// Only how long it is.
    package var description: String {
        switch self {
        case .plain(let text), .hashed(let text): "<hidden, \(text.utf8.count) bytes>"
        }
    }

    /// Only how long it is.
    package var debugDescription: String { description }

    /// Nothing, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

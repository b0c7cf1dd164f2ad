/// Names the four files in which accounts are kept.
package enum AccountFileKind: String, CaseIterable, Sendable {
    /// Users, readable by all.
    case passwd
    /// Groups, readable by all.
    case group
    /// The users' passwords.
    case shadow
    /// The groups' passwords.
    case gshadow

    /// Where the file lies in a root, as shadow(5) and the others name it.
    package var path: String { "/etc/\(rawValue)" }

    /// The mode of a file that has to be made: secrets are for root, and Debian's group `shadow` is not known here.
    package var newMode: UInt16 {
        switch self {
        case .passwd, .group: 0o644
        case .shadow, .gshadow: 0o600
        }
    }
}

/// Reads and writes one line of an account file.
package protocol AccountEntry: Equatable, Sendable {
    /// The file that has such lines.
    static var file: AccountFileKind { get }
    /// The names of the fields in order, for messages; their number is that of a line's fields.
    static var labels: [String] { get }
    /// What the line is found by.
    var name: String { get }
    /// The fields as they are written.
    var fields: [String] { get }
    /// Reads as many fields as there are labels; nil when one cannot be understood.
    init?(fields: [String])
}

/// Holds a line of `/etc/passwd` (passwd(5)).
package struct PasswdEntry: AccountEntry {
    /// The file of such lines.
    package static let file = AccountFileKind.passwd
    /// The names of the fields.
    package static let labels = ["name", "password", "uid", "gid", "gecos", "home", "shell"]

    /// The user's name.
    package var name: String
    /// `x` when the password is in `/etc/shadow`; what else stands here is used instead of it.
    package var password: String
    /// The user's number.
    package var uid: UInt32
    /// The number of the primary group.
    package var gid: UInt32
    /// The full name and what else is told of the user.
    package var gecos: String
    /// The home folder's path.
    package var home: String
    /// The program that a login starts; `/bin/sh` when empty.
    package var shell: String

    /// Makes a line.
    package init(
        name: String, password: String = "x", uid: UInt32, gid: UInt32, gecos: String = "", home: String, shell: String
    ) {
        (self.name, self.password, self.uid, self.gid) = (name, password, uid, gid)
        (self.gecos, self.home, self.shell) = (gecos, home, shell)
    }

    /// Reads the fields of a line; nil when it cannot be understood.
    package init?(fields: [String]) {
        guard fields.count == 7, AccountName.isLineName(fields[0]), let uid = AccountName.number(fields[2]),
            let gid = AccountName.number(fields[3])
        else { return nil }
        self.init(
            name: fields[0], password: fields[1], uid: uid, gid: gid, gecos: fields[4], home: fields[5],
            shell: fields[6])
    }

    /// The fields as they are written.
    package var fields: [String] { [name, password, String(uid), String(gid), gecos, home, shell] }
}

/// Holds a line of `/etc/group` (group(5)).
package struct GroupEntry: AccountEntry {
    /// The file of such lines.
    package static let file = AccountFileKind.group
    /// The names of the fields.
    package static let labels = ["name", "password", "gid", "members"]

    /// The group's name.
    package var name: String
    /// `x` when the password is in `/etc/gshadow`.
    package var password: String
    /// The group's number.
    package var gid: UInt32
    /// The users that belong to it besides those whose primary group it is.
    package var members: [String]

    /// Makes a line.
    package init(name: String, password: String = "x", gid: UInt32, members: [String] = []) {
        (self.name, self.password, self.gid, self.members) = (name, password, gid, members)
    }

    /// Reads the fields of a line; nil when it cannot be understood.
    package init?(fields: [String]) {
        guard fields.count == 4, AccountName.isLineName(fields[0]), let gid = AccountName.number(fields[2]) else {
            return nil
        }
        self.init(name: fields[0], password: fields[1], gid: gid, members: AccountName.list(fields[3]))
    }

    /// The fields as they are written.
    package var fields: [String] { [name, password, String(gid), members.joined(separator: ",")] }
}

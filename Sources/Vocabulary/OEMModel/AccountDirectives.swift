package import DocumentTree

/// A user who is to exist (`users`).
package struct UserDirective: Equatable, Sendable {
    /// How a password is given.
    package enum Password: Equatable, Sendable {
        /// A hash, a lock (`!…`, `*`), or else a plain text: what it is is seen by how it begins.
        case either(String)
        /// A plain text, whatever it looks like.
        case plain(String)
        /// A hash, whatever it looks like.
        case hashed(String)
    }

    /// The name.
    package var name: String
    /// The password; nil when none is given.
    package var password: Password?
    /// Whether logging in by password is forbidden; nil when the file does not say it.
    package var isLocked: Bool?
    /// Further groups.
    package var groups: [String] = []
    /// The primary group; nil for a group of the user's name.
    package var primaryGroup: String?
    /// Whether groups that do not exist are made.
    package var makesGroups = false
    /// The user's number.
    package var uid: UInt32?
    /// The full name.
    package var fullName: String?
    /// The home folder.
    package var home: String?
    /// Whether no home folder is made.
    package var hasNoHome = false
    /// Whether no group of the user's name is made.
    package var hasNoOwnGroup = false
    /// Whether it is an account of the system, with a low number and no home.
    package var isSystem = false
    /// The shell.
    package var shell: String?
    /// Keys that may log in: key lines, `github:NAME`, `gitlab:NAME`, or addresses.
    package var keys: [String] = []
    /// Rules of sudo for the user; nil when the file says nothing.
    package var sudo: [String]?
    /// Where the entry begins.
    package var mark: DocumentMark

    /// Names a user.
    package init(name: String, at mark: DocumentMark) {
        self.name = name
        self.mark = mark
    }
}

/// A line of an account file that is to be there, or to be gone (`ensure_entities`, `delete_entities`).
package struct EntityDirective: Equatable, Sendable {
    /// The file; nil for the usual one of the entity's kind.
    package var path: String?
    /// A YAML text with `kind` and the fields of that kind; a template.
    package var entity = ""
    /// Where the entry begins.
    package var mark = DocumentMark(line: 1, column: 1)
}

/// Keys that may log in as a user (`authorized_keys`).
package struct AuthorizedKeysDirective: Equatable, Sendable {
    /// The user.
    package var user: String
    /// Key lines, `github:NAME`, `gitlab:NAME`, or addresses.
    package var keys: [String]
    /// Where the user's name stands.
    package var mark: DocumentMark

    /// Names a user and the keys.
    package init(user: String, keys: [String], at mark: DocumentMark) {
        self.user = user
        self.keys = keys
        self.mark = mark
    }
}

/// A group that is to be there (`groups` of `#cloud-config`).
package struct GroupDirective: Equatable, Sendable {
    /// The name.
    package var name: String
    /// Users that are to be in it.
    package var members: [String]
    /// Where its name stands.
    package var mark: DocumentMark

    /// Names a group and its members.
    package init(name: String, members: [String] = [], at mark: DocumentMark) {
        self.name = name
        self.members = members
        self.mark = mark
    }
}

/// A password for a user who is there already (`chpasswd`, `password`).
package struct PasswordDirective: Equatable, Sendable {
    /// The user.
    package var user: String
    /// The password; nil for one that is drawn and printed on the console.
    package var password: UserDirective.Password?
    /// Whether the user must change it when he logs in.
    package var expires: Bool
    /// Where the entry begins.
    package var mark: DocumentMark

    /// Gives a user a password.
    package init(user: String, password: UserDirective.Password?, expires: Bool, at mark: DocumentMark) {
        self.user = user
        self.password = password
        self.expires = expires
        self.mark = mark
    }
}

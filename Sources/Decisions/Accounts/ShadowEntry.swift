/// Holds a line of `/etc/shadow` (shadow(5)); every field but the name may be empty.
package struct ShadowEntry: AccountEntry {
    /// The file of such lines.
    package static let file = AccountFileKind.shadow
    /// The names of the fields.
    package static let labels = [
        "name", "password", "date of the last change", "minimum age", "maximum age", "warning", "inactivity",
        "expiry", "reserved field",
    ]

    /// The user's name.
    package var name: String
    /// The hash; `!` before it locks it; an empty field lets everybody in.
    package var password: String
    /// Days since 1970 on which the password was changed; `0` asks for a new one at the next login.
    package var lastChanged: String
    /// Days before which it cannot be changed again.
    package var minimum: String
    /// Days after which it must be changed.
    package var maximum: String
    /// Days before that on which the user is warned.
    package var warning: String
    /// Days after that until the account is closed.
    package var inactive: String
    /// Days since 1970 on which the account ends.
    package var expiry: String
    /// Not used yet.
    package var reserved: String

    /// Makes a line with the ages that Debian's useradd(8) gives to new users.
    package init(
        name: String, password: String, lastChanged: String = "", minimum: String = "0", maximum: String = "99999",
        warning: String = "7", inactive: String = "", expiry: String = "", reserved: String = ""
    ) {
        (self.name, self.password, self.lastChanged) = (name, password, lastChanged)
        (self.minimum, self.maximum, self.warning) = (minimum, maximum, warning)
        (self.inactive, self.expiry, self.reserved) = (inactive, expiry, reserved)
    }

    /// Reads the fields of a line; nil when it cannot be understood.
    package init?(fields: [String]) {
        guard fields.count == 9, AccountName.isLineName(fields[0]) else { return nil }
        self.init(
            name: fields[0], password: fields[1], lastChanged: fields[2], minimum: fields[3], maximum: fields[4],
            warning: fields[5], inactive: fields[6], expiry: fields[7], reserved: fields[8])
    }

    /// The fields as they are written.
    package var fields: [String] {
        [name, password, lastChanged, minimum, maximum, warning, inactive, expiry, reserved]
    }
}

/// Holds a line of `/etc/gshadow` (gshadow(5)).
package struct GshadowEntry: AccountEntry {
    /// The file of such lines.
    package static let file = AccountFileKind.gshadow
    /// The names of the fields.
    package static let labels = ["name", "password", "administrators", "members"]

    /// The group's name.
    package var name: String
    /// The hash with which others join the group; `!` when there is none.
    package var password: String
    /// Users who may change members and password.
    package var administrators: [String]
    /// The members, the same as in `/etc/group`.
    package var members: [String]

    /// Makes a line.
    package init(name: String, password: String = "!", administrators: [String] = [], members: [String] = []) {
        (self.name, self.password, self.administrators, self.members) = (name, password, administrators, members)
    }

    /// Reads the fields of a line; nil when it cannot be understood.
    package init?(fields: [String]) {
        guard fields.count == 4, AccountName.isLineName(fields[0]) else { return nil }
        self.init(
            name: fields[0], password: fields[1], administrators: AccountName.list(fields[2]),
            members: AccountName.list(fields[3]))
    }

    /// The fields as they are written.
    package var fields: [String] {
        [name, password, administrators.joined(separator: ","), members.joined(separator: ",")]
    }
}

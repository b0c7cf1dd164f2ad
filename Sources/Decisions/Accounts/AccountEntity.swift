/// Holds an entity of `ensure_entities`: one line of one file; an empty text keeps what the line has.
package enum AccountEntity: Equatable, Sendable {
    /// A line of passwd.
    case user(UserEntity)
    /// A line of group.
    case group(GroupEntity)
    /// A line of shadow.
    case shadow(ShadowEntity)
    /// A line of gshadow.
    case gshadow(GshadowEntity)
}

/// Holds what `kind: user` says.
package struct UserEntity: Equatable, Sendable {
    /// `username`.
    package var name: String
    /// `password`, written as it is; `x` when there is none yet.
    package var password = ""
    /// `uid`; nil or below 0 keeps the old one, else finds one.
    package var uid: Int?
    /// `gid`; nil or below 0 keeps the old one, else is that of a group of the user's name, which is made.
    package var gid: Int?
    /// `group`: the primary group by name, before `gid`.
    package var group = ""
    /// `info`; "Created by entities" when there is none yet.
    package var info = ""
    /// `homedir`; `/` when there is none yet, as login(1) takes it.
    package var home = ""
    /// `shell`.
    package var shell = ""

    /// Names a user.
    package init(name: String) { self.name = name }
}

/// Holds what `kind: group` says.
package struct GroupEntity: Equatable, Sendable {
    /// `group_name`.
    package var name: String
    /// `password`, written as it is; `x` when there is none yet.
    package var password = ""
    /// `gid`; nil or below 0 keeps the old one, else finds one.
    package var gid: Int?
    /// `users`, who join those that are there.
    package var members: [String] = []

    /// Names a group.
    package init(name: String) { self.name = name }
}

/// Holds what `kind: shadow` says.
package struct ShadowEntity: Equatable, Sendable {
    /// `username`.
    package var name: String
    /// `password`, plain or a hash; a new line without one is locked.
    package var password: WantedPassword?
    /// `last_changed`; `now` is the day on which the password of the line became this one.
    package var lastChanged = ""
    /// `minimum_changed`.
    package var minimum = ""
    /// `maximum_changed`.
    package var maximum = ""
    /// `warn`.
    package var warning = ""
    /// `inactive`.
    package var inactive = ""
    /// `expire`.
    package var expiry = ""
    /// `reserved`.
    package var reserved = ""

    /// All but name and password, in the order of the line.
    var rest: [String] { [lastChanged, minimum, maximum, warning, inactive, expiry, reserved] }

    /// Names a user.
    package init(name: String) { self.name = name }
}

/// Holds what `kind: gshadow` says.
package struct GshadowEntity: Equatable, Sendable {
    /// `name`.
    package var name: String
    /// `password`, written as it is; `!` when there is none yet.
    package var password = ""
    /// `administrators`, who replace those that are there.
    package var administrators: [String] = []
    /// `members`, who join those that are there.
    package var members: [String] = []

    /// Names a group.
    package init(name: String) { self.name = name }
}

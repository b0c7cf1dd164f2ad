// What entities do to their line; a file of another path than the usual one is changed in a state made of it.

extension AccountState {
    /// Puts an entity into its file: members joined, empty fields kept from the old line, no number moved.
    ///
    /// Unlike yip it keeps the date of a password that stays the same when `last_changed` is `now`, so that the file
    /// does not change each day, and gives a new group or user with `x` a locked line in gshadow or shadow where those
    /// are there. A number that another user or group has is taken as written: two names of one number are what
    /// entities are used for.
    ///
    /// - Throws: when a name or value cannot be written, no number is free, a named group is not there, or root would
    ///   not be root any more.
    package func ensuring(
        _ entity: AccountEntity, facts: AccountFacts, passwords: PasswordScheme
    ) throws(AccountError) -> AccountOutcome {
        var edit = AccountEdit(state: self, facts: facts)
        switch entity {
        case .user(let user): try edit.ensure(user)
        case .group(let group): try edit.ensure(group)
        case .shadow(let shadow): try edit.ensure(shadow, passwords)
        case .gshadow(let gshadow): try edit.ensure(gshadow)
        }
        return AccountOutcome(from: self, to: edit.state)
    }

    /// Removes an account by name; one that is not there changes nothing.
    ///
    /// A user's line in shadow and a group's in gshadow go with it, for the next one of that name would inherit the
    /// password. No other line is touched: groups keep naming a user who is gone, and users keep the number of a group.
    /// Of `shadow` and `gshadow` only that line goes; the user cannot log in with a password then.
    ///
    /// - Throws: when it is root.
    package func deleting(_ name: String, from file: AccountFileKind) throws(AccountError) -> AccountOutcome {
        if name == "root" {
            throw .protected("removing", "root from \(file.path)", "the machine cannot be used without it")
        }
        var state = self
        switch file {
        case .passwd:
            state.passwd.remove(name)
            if passwd[name] != nil { state.shadow?.remove(name) }
        case .group:
            state.group.remove(name)
            if group[name] != nil { state.gshadow?.remove(name) }
        case .shadow: state.shadow?.remove(name)
        case .gshadow: state.gshadow?.remove(name)
        }
        return AccountOutcome(from: self, to: state)
    }
}

extension AccountEdit {
    fileprivate mutating func ensure(_ user: UserEntity) throws(AccountError) {
        try AccountName.check(user.name, of: "user")
        for (label, value) in [("the info", user.info), ("the home folder", user.home), ("the shell", user.shell)] {
            try AccountName.check(value: value, label, of: user.name)
        }
        try AccountName.check(value: user.password, "the password", of: user.name)
        let old = state.passwd[user.name]
        let uid = try uid(of: user, old)
        let gid = try gid(of: user, uid: uid, old)
        var entry =
            old
            ?? PasswdEntry(name: user.name, uid: uid, gid: gid, gecos: "Created by entities", home: "/", shell: "")
        (entry.uid, entry.gid) = (uid, gid)
        entry.password = Self.kept(user.password, entry.password)
        entry.gecos = Self.kept(user.info, entry.gecos)
        entry.home = Self.kept(user.home, entry.home)
        entry.shell = Self.kept(user.shell, entry.shell)
        try put(entry)
        if entry.password == "x" { try lockNew(user.name, isNew: old == nil) }
    }

    /// Gives a user without a line in shadow a locked one, and a new user no empty password that another left behind.
    ///
    /// A hash that is there stays: the entity of kind shadow may have come first.
    private mutating func lockNew(_ name: String, isNew: Bool) throws(AccountError) {
        guard let shadow = state.shadow else { return }
        guard var line = shadow[name] else {
            return try put(ShadowEntry(name: name, password: "!", lastChanged: facts.date))
        }
        guard isNew, line.password.isEmpty else { return }
        line.password = "!"
        try put(line)
    }

    private func uid(of user: UserEntity, _ old: PasswdEntry?) throws(AccountError) -> UInt32 {
        if let uid = user.uid, uid >= 0 { return try Self.id(uid, "the uid", of: user.name) }
        if let old { return old.uid }
        var wanted = WantedUser(name: user.name)
        if !user.home.isEmpty { wanted.home = user.home }
        let allotment = IdAllotment([wanted], passwd: state.passwd, facts: facts)
        if let failure = allotment.failures.first { throw failure.error }
        guard let uid = allotment.uids[user.name] else { throw .full(user.name, facts.ranges.users) }
        return uid
    }

    private mutating func gid(of user: UserEntity, uid: UInt32, _ old: PasswdEntry?) throws(AccountError) -> UInt32 {
        if !user.group.isEmpty {
            guard let entry = group(user.group) else { throw .missingGroup(user.group, user: user.name) }
            return entry.gid
        }
        if let gid = user.gid, gid >= 0 { return try Self.id(gid, "the gid", of: user.name) }
        if let old { return old.gid }
        return try makeOwnGroup(of: user.name, uid: uid, home: user.home, isSystem: false).gid
    }

    fileprivate mutating func ensure(_ group: GroupEntity) throws(AccountError) {
        try AccountName.check(group.name, of: "group")
        try AccountName.check(value: group.password, "the password", of: group.name)
        for member in group.members { try AccountName.check(member, of: "user") }
        var entry: GroupEntry
        if let gid = group.gid, gid >= 0 {
            let gid = try Self.id(gid, "the gid", of: group.name)
            entry = state.group[group.name] ?? GroupEntry(name: group.name, gid: gid)
            entry.gid = gid
        } else {
            entry = try makeGroup(group.name, isSystem: false)
        }
        if group.name == "root", entry.gid != 0 {
            throw .protected("giving", "gid \(entry.gid) to group root", "the machine needs its group 0")
        }
        entry.password = Self.kept(group.password, entry.password)
        entry.members = Self.united(entry.members, group.members)
        try put(entry)
    }

    fileprivate mutating func ensure(_ entity: ShadowEntity, _ passwords: PasswordScheme) throws(AccountError) {
        try AccountName.check(entity.name, of: "user")
        for value in entity.rest { try AccountName.check(value: value, "a field of shadow", of: entity.name) }
        let old = state.shadow?[entity.name]
        let decision = PasswordDecision(user: entity.name, stored: old?.password, isNew: old == nil)
        let field = try decision.field(entity.password, isLocked: nil, passwords)
        var dated = entity
        if entity.lastChanged == "now" {
            let isDue = old?.lastChanged.isEmpty != false || decision.isOther(than: field)
            dated.lastChanged = isDue ? facts.date : ""
        }
        let fields = zip(dated.rest, old?.fields.dropFirst(2) ?? Array(repeating: "", count: 7)[...]).map(Self.kept)
        guard let entry = ShadowEntry(fields: [entity.name, field] + fields) else {
            throw .value("the line in shadow", of: entity.name, "it cannot be read back")
        }
        try put(entry)
    }

    fileprivate mutating func ensure(_ entity: GshadowEntity) throws(AccountError) {
        try AccountName.check(entity.name, of: "group")
        try AccountName.check(value: entity.password, "the password", of: entity.name)
        for name in entity.administrators + entity.members { try AccountName.check(name, of: "user") }
        var entry = state.gshadow?[entity.name] ?? GshadowEntry(name: entity.name)
        entry.password = Self.kept(entity.password, entry.password)
        if !entity.administrators.isEmpty { entry.administrators = entity.administrators }
        entry.members = Self.united(entry.members, entity.members)
        try put(entry)
    }

    private static func kept(_ new: String, _ old: String) -> String { new.isEmpty ? old : new }

    /// Takes a number that the kernel has; its highest means nobody.
    private static func id(_ number: Int, _ label: String, of name: String) throws(AccountError) -> UInt32 {
        guard let id = UInt32(exactly: number), id != .max else {
            throw .value(label, of: name, "\(number) is no number of a user or group")
        }
        return id
    }
}

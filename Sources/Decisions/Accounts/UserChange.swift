// What wanted users become: the same files when they are wanted a second time.

extension AccountState {
    /// Makes users, and gives those who are there what is wanted of them.
    ///
    /// Several at once are given numbers in the order of `IdAllotment`. One that fails hides no other. A user who is to
    /// join a group that is not there, and that must not be made, is made without it, so that a machine keeps its
    /// accounts, and it is a failure; where it is his primary group he is not made.
    ///
    /// - Parameter passwords: hashes, and compares with what is stored.
    package func ensuring(
        users: [WantedUser], missingGroups: MissingGroups, facts: AccountFacts, passwords: PasswordScheme
    ) -> AccountOutcome {
        var change = UserChange(
            edit: AccountEdit(state: self, facts: facts), missingGroups: missingGroups, passwords: passwords)
        var rest = users
        while !rest.isEmpty {
            // A user who is named again is changed again, after the others.
            var names: Set<String> = []
            let now = rest.filter { names.insert($0.name).inserted }
            names = []
            rest.removeAll { names.insert($0.name).inserted }
            change.apply(now)
        }
        var outcome = AccountOutcome(from: self, to: change.edit.state)
        outcome.accounts = change.accounts
        outcome.failures = change.failures
        outcome.notes = change.edit.notes
        return outcome
    }
}

/// Gives wanted users their lines.
struct UserChange {
    /// The files so far.
    var edit: AccountEdit
    /// What is done with groups that are not there.
    let missingGroups: MissingGroups
    /// Hashes and compares.
    let passwords: PasswordScheme
    /// Who the users have become.
    private(set) var accounts: [ResolvedAccount] = []
    /// What was not done.
    private(set) var failures: [AccountFailure] = []

    /// Prepares to change files.
    init(edit: AccountEdit, missingGroups: MissingGroups, passwords: PasswordScheme) {
        (self.edit, self.missingGroups, self.passwords) = (edit, missingGroups, passwords)
    }

    /// Changes users whose names are all different.
    mutating func apply(_ users: [WantedUser]) {
        let sound = users.filter { user in attempt(user) { (change) throws(AccountError) in try change.check(user) } }
        let allotment = IdAllotment(sound, passwd: edit.state.passwd, facts: edit.facts)
        failures += allotment.failures
        edit.reserved = Set(allotment.uids.values)
        for user in sound {
            guard let uid = allotment.uids[user.name] else { continue }
            let isWritten = attempt(user) { (change) throws(AccountError) in
                let gid = try change.gid(user, uid: uid)
                try change.write(user, uid: uid, gid: gid)
            }
            if isWritten { join(user) }
        }
    }

    /// Carries out a part for one user; when it fails the files are what they were before it.
    @discardableResult
    private mutating func attempt(
        _ user: WantedUser, _ part: (inout UserChange) throws(AccountError) -> Void
    ) -> Bool {
        var change = self
        do {
            try part(&change)
            self = change
            return true
        } catch {
            let isMade = edit.state.passwd[user.name] != nil
            failures.append(AccountFailure(name: user.name, isMade: isMade, error: error))
            return false
        }
    }

    private func check(_ user: WantedUser) throws(AccountError) {
        try AccountName.check(user.name, of: "user")
        if user.mustExist, edit.state.passwd[user.name] == nil { throw .missingUser(user.name) }
        if let home = user.home { try AccountName.check(path: home, "the home folder", of: user.name) }
        if let shell = user.shell { try AccountName.check(path: shell, "the shell", of: user.name) }
        if let gecos = user.gecos { try AccountName.check(value: gecos, "the gecos text", of: user.name) }
    }

    /// The primary group's number; makes a new user's own group.
    private mutating func gid(_ user: WantedUser, uid: UInt32) throws(AccountError) -> UInt32 {
        let old = edit.state.passwd[user.name]
        if let name = user.primaryGroup, name != user.name {
            if let entry = edit.group(name) { return entry.gid }
            guard missingGroups == .created else { throw .missingGroup(name, user: user.name) }
            return try edit.makeGroup(name, isSystem: user.isSystem).gid
        }
        if let old, user.primaryGroup == nil { return old.gid }
        guard user.hasOwnGroup || user.primaryGroup != nil else {
            let name = edit.facts.defaults.group
            guard let entry = edit.group(name) else { throw .missingGroup(name, user: user.name) }
            return entry.gid
        }
        let home = user.newHome(edit.facts.defaults)
        return try edit.makeOwnGroup(of: user.name, uid: uid, home: home, isSystem: user.isSystem).gid
    }

    private mutating func write(_ user: WantedUser, uid: UInt32, gid: UInt32) throws(AccountError) {
        let old = edit.state.passwd[user.name]
        var entry =
            old
            ?? PasswdEntry(
                name: user.name, uid: uid, gid: gid, home: user.newHome(edit.facts.defaults),
                shell: edit.facts.defaults.shell)
        (entry.uid, entry.gid) = (uid, gid)
        entry.home = user.home ?? entry.home
        entry.shell = user.shell ?? entry.shell
        entry.gecos = user.gecos ?? entry.gecos
        if try writePassword(user, old: old) { entry.password = "x" }
        try edit.put(entry)
        accounts.append(
            ResolvedAccount(
                name: user.name, uid: uid, gid: gid, home: entry.home, wantsHome: wantsHome(user, old, entry),
                isNew: old == nil, formerUid: old.flatMap { $0.uid == uid ? nil : $0.uid }))
    }

    /// A home that the configuration does not name is made for a new user, and again where homes usually are.
    ///
    /// An image's user with `/nonexistent` keeps having none.
    private func wantsHome(_ user: WantedUser, _ old: PasswdEntry?, _ entry: PasswdEntry) -> Bool {
        let isUsual = entry.home.hasPrefix("\(edit.facts.defaults.homeBase)/")
        return user.createsHome && !user.isSystem && (old == nil || user.home != nil || isUsual)
    }

    private mutating func join(_ user: WantedUser) {
        for name in user.groups where !name.isEmpty {
            attempt(user) { (change) throws(AccountError) in
                if let entry = change.edit.state.group[name] { return try change.edit.join(user.name, entry) }
                guard change.missingGroups == .created else { throw .missingGroup(name, user: user.name) }
                let entry = try change.edit.makeGroup(name, isSystem: false)
                try change.edit.join(user.name, entry)
            }
        }
    }
}

extension UserChange {
    /// Writes the line in shadow when it is to be another; says whether passwd must point to it.
    private mutating func writePassword(_ user: WantedUser, old: PasswdEntry?) throws(AccountError) -> Bool {
        let line = edit.state.shadow?[user.name]
        let stored = if let old, old.password != "x" { old.password } else { line?.password }
        let decision = PasswordDecision(user: user.name, stored: stored, isNew: old == nil)
        let field = try decision.field(user.password, isLocked: user.isLocked, passwords)
        note(user, field)
        guard field != stored else { return old == nil }
        var new =
            (old == nil ? nil : line) ?? ShadowEntry(name: user.name, password: field, lastChanged: edit.facts.date)
        new.password = field
        if user.password != nil, decision.isOther(than: field) {
            if !edit.facts.date.isEmpty { new.lastChanged = edit.facts.date }
            if user.mustChangePassword { new.lastChanged = "0" }
        }
        try edit.put(new)
        return true
    }

    private mutating func note(_ user: WantedUser, _ field: String) {
        if user.isLocked == false, field.hasPrefix("!") {
            edit.notes.append("User \(user.name) stays locked, because there is no password to unlock.")
        }
        if case .hashed(let text)? = user.password, text.hasPrefix("$"), !PasswordDecision.isHash(text) {
            edit.notes.append(
                "The password of \(user.name) begins with `$` but is no hash, so nobody can log in with it; "
                    + "write a password of that kind as `plain_text_passwd`.")
        }
    }
}

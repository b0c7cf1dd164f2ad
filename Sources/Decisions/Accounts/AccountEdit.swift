/// Changes a copy of the files, one account at a time.
struct AccountEdit {
    /// The files so far.
    var state: AccountState
    /// What the files do not tell.
    let facts: AccountFacts
    /// Numbers of users who are about to be written: groups of theirs will want them.
    var reserved: Set<UInt32> = []
    /// What an operator should know.
    var notes: [String] = []

    /// Writes a user's line.
    ///
    /// - Throws: when root would not be root any more, or the file has a line of that name that is not understood.
    mutating func put(_ entry: PasswdEntry) throws(AccountError) {
        if entry.name == "root", entry.uid != 0 {
            throw .protected("giving", "uid \(entry.uid) to root", "the machine needs a root with uid 0")
        }
        try state.passwd.set(entry)
    }

    /// Writes a user's password line; makes the file if it has to.
    mutating func put(_ entry: ShadowEntry) throws(AccountError) {
        var file = state.shadow ?? AccountFile([])
        try file.set(entry)
        state.shadow = file
    }

    /// Writes a group's line, and keeps its members in gshadow the same where that file is there.
    mutating func put(_ entry: GroupEntry) throws(AccountError) {
        // What a group that is gone has left in gshadow is nothing to a new one.
        let isNew = state.group[entry.name] == nil
        try state.group.set(entry)
        guard var file = state.gshadow else { return }
        var shadow = (isNew ? nil : file[entry.name]) ?? GshadowEntry(name: entry.name)
        shadow.members = Self.united(shadow.members, entry.members)
        try file.set(shadow)
        state.gshadow = file
    }

    /// Writes a group's password line, whether or not the file was there.
    mutating func put(_ entry: GshadowEntry) throws(AccountError) {
        var file = state.gshadow ?? AccountFile([])
        try file.set(entry)
        state.gshadow = file
    }

    /// Finds a group by name, or by number.
    func group(_ text: String) -> GroupEntry? {
        if let entry = state.group[text] { return entry }
        guard let gid = AccountName.number(text) else { return nil }
        return state.group.entries.first { $0.gid == gid }
    }

    /// Makes a group with a number that is free; leaves one that is there.
    mutating func makeGroup(_ name: String, isSystem: Bool) throws(AccountError) -> GroupEntry {
        if let entry = state.group[name] { return entry }
        try AccountName.check(name, of: "group")
        let gid = try numbers.next(for: name, isSystem: isSystem)
        let entry = GroupEntry(name: name, gid: gid)
        try put(entry)
        return entry
    }

    /// Makes the group of a user's own; takes one of that name that is there.
    mutating func makeOwnGroup(
        of user: String, uid: UInt32, home: String, isSystem: Bool
    ) throws(AccountError)
        -> GroupEntry
    {
        if let entry = state.group[user] { return entry }
        let gid = try numbers.own(of: user, uid: uid, home: home, isSystem: isSystem)
        let entry = GroupEntry(name: user, gid: gid)
        try put(entry)
        return entry
    }

    /// Adds a member to a group.
    mutating func join(_ user: String, _ entry: GroupEntry) throws(AccountError) {
        var entry = entry
        entry.members = Self.united(entry.members, [user])
        try put(entry)
    }

    /// The names of the first list, and behind them those that only the second has.
    static func united(_ first: [String], _ second: [String]) -> [String] {
        second.reduce(into: first) { names, name in if !names.contains(name) { names.append(name) } }
    }

    private var numbers: GroupNumbers {
        GroupNumbers(group: state.group, passwd: state.passwd, facts: facts, reserved: reserved)
    }
}

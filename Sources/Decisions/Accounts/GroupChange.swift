extension AccountState {
    /// Makes groups, and adds members to those that are there; numbers that are written come first.
    ///
    /// A group that fails hides no other. A written number that another group has is a failure; a member who is no user
    /// is left out with a note, as cloud-init does.
    package func ensuring(groups: [WantedGroup], facts: AccountFacts) -> AccountOutcome {
        var edit = AccountEdit(state: self, facts: facts)
        var failures: [AccountFailure] = []
        for group in groups.filter({ $0.gid != nil }) + groups.filter({ $0.gid == nil }) {
            let before = edit
            do {
                try edit.ensure(group)
            } catch {
                edit = before
                let isMade = edit.state.group[group.name] != nil
                failures.append(AccountFailure(name: group.name, isMade: isMade, error: error))
            }
        }
        var outcome = AccountOutcome(from: self, to: edit.state)
        outcome.failures = failures
        outcome.notes = edit.notes
        return outcome
    }
}

extension AccountEdit {
    fileprivate mutating func ensure(_ group: WantedGroup) throws(AccountError) {
        if state.group[group.name] == nil { try AccountName.check(group.name, of: "group") }
        if let gid = group.gid { try check(gid, for: group.name) }
        var entry: GroupEntry
        if let gid = group.gid {
            entry = state.group[group.name] ?? GroupEntry(name: group.name, gid: gid)
            entry.gid = gid
        } else {
            entry = try makeGroup(group.name, isSystem: group.isSystem)
        }
        let users = group.members.filter { state.passwd[$0] != nil }
        for name in group.members where state.passwd[name] == nil {
            notes.append("Group \(group.name) is without \(name), who is no user.")
        }
        entry.members = Self.united(entry.members, users)
        try put(entry)
    }

    private func check(_ gid: UInt32, for name: String) throws(AccountError) {
        if gid == .max { throw .value("the gid", of: name, "it means \"no group\" to the kernel") }
        if let other = state.group.entries.first(where: { $0.gid == gid && $0.name != name }),
            state.group[name]?.gid != gid
        {
            throw .takenGroup(gid, group: name, by: other.name)
        }
        if name == "root", gid != 0 {
            throw .protected("giving", "gid \(gid) to group root", "the machine needs its group 0")
        }
    }
}

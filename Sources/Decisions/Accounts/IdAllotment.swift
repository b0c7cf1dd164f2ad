/// Finds the numbers of wanted users, in an order that keeps the homes of all of them where they are.
///
/// Numbers that are known come first: those that are written, then those of users that are there, then those of the
/// owners of home folders that outlived `/etc`. Only then the others are given the lowest that is free, and that owns
/// no home of somebody else: a user who is put between others does not take the number of one of them.
struct IdAllotment {
    /// Which rule gives a user his number; the order is that of the rules.
    private enum Rule: Int {
        case written, existing, home, free
    }

    /// The numbers by name.
    private(set) var uids: [String: UInt32] = [:]
    /// The names in the order in which they were given numbers.
    private(set) var order: [String] = []
    /// Why some have none.
    private(set) var failures: [AccountFailure] = []

    private let passwd: AccountFile<PasswdEntry>
    private let facts: AccountFacts
    private var owners: [UInt32: String]

    /// Finds the numbers of users whose names are all different.
    init(_ users: [WantedUser], passwd: AccountFile<PasswdEntry>, facts: AccountFacts) {
        self.passwd = passwd
        self.facts = facts
        owners = Dictionary(passwd.entries.map { ($0.uid, $0.name) }) { first, _ in first }
        for id in passwd.ids where owners[id] == nil { owners[id] = "of a line that cannot be understood" }
        let ranked = users.enumerated().sorted { one, other in
            let (first, second) = (rule(one.element).rawValue, rule(other.element).rawValue)
            return (first, one.offset) < (second, other.offset)
        }
        for (_, user) in ranked { give(user) }
    }

    private func rule(_ user: WantedUser) -> Rule {
        if user.uid != nil { return .written }
        if passwd[user.name] != nil { return .existing }
        return facts.owner(of: user.newHome(facts.defaults)) == nil ? .free : .home
    }

    private mutating func give(_ user: WantedUser) {
        do {
            let uid = try number(for: user)
            uids[user.name] = uid
            owners[uid] = owners[uid] ?? user.name
            order.append(user.name)
        } catch {
            failures.append(AccountFailure(name: user.name, isMade: passwd[user.name] != nil, error: error))
        }
    }

    private func number(for user: WantedUser) throws(AccountError) -> UInt32 {
        if let uid = user.uid { return try written(uid, user) }
        if let entry = passwd[user.name] { return entry.uid }
        let home = user.newHome(facts.defaults)
        if let owner = facts.owner(of: home), Self.mayBeGiven(owner.uid), owners[owner.uid] == nil { return owner.uid }
        let range = user.isSystem ? facts.ranges.systemUsers : facts.ranges.users
        let homes = Set(facts.owners(besides: home).map(\.uid))
        let isFree = { (uid: UInt32) in owners[uid] == nil && !homes.contains(uid) }
        let found = user.isSystem ? range.reversed().first(where: isFree) : range.first(where: isFree)
        guard let found else { throw .full("user \(user.name)", range) }
        return found
    }

    private func written(_ uid: UInt32, _ user: WantedUser) throws(AccountError) -> UInt32 {
        if uid == .max { throw .value("the uid", of: user.name, "it means \"no user\" to the kernel") }
        if let owner = owners[uid], owner != user.name, passwd[user.name]?.uid != uid {
            throw .taken(uid, user: user.name, by: owner)
        }
        return uid
    }

    /// Says whether a number that only a folder tells may be given: not root's, nor one that means nobody.
    static func mayBeGiven(_ id: UInt32) -> Bool { ![0, 65_534, 65_535, UInt32.max].contains(id) }
}

/// Finds the numbers of new groups.
struct GroupNumbers {
    /// The groups that are there.
    let group: AccountFile<GroupEntry>
    /// The users that are there: a group's number may stand with them alone.
    let passwd: AccountFile<PasswdEntry>
    /// Ranges and homes.
    let facts: AccountFacts
    /// Numbers that only the own group of a user may take.
    var reserved: Set<UInt32> = []

    /// The number for the group of a user's own: that of his home folder, else that of the user, else a free one.
    func own(of user: String, uid: UInt32, home: String, isSystem: Bool) throws(AccountError) -> UInt32 {
        let used = used(besides: user)
        if let owner = facts.owner(of: home), owner.uid == uid, IdAllotment.mayBeGiven(owner.gid),
            !used.contains(owner.gid)
        {
            return owner.gid
        }
        let others = Set(facts.owners(besides: home).map(\.gid))
        if IdAllotment.mayBeGiven(uid), !used.contains(uid), !others.contains(uid) { return uid }
        return try free(user, besides: used.union(others).union(reserved), isSystem: isSystem)
    }

    /// The lowest free number; the highest for a group of the system.
    func next(for name: String, isSystem: Bool) throws(AccountError) -> UInt32 {
        let homes = facts.homes.values.map(\.gid)
        return try free(name, besides: used(besides: nil).union(homes).union(reserved), isSystem: isSystem)
    }

    private func free(_ name: String, besides used: Set<UInt32>, isSystem: Bool) throws(AccountError) -> UInt32 {
        let range = isSystem ? facts.ranges.systemGroups : facts.ranges.groups
        let isFree = { (gid: UInt32) in !used.contains(gid) }
        let found = isSystem ? range.reversed().first(where: isFree) : range.first(where: isFree)
        guard let found else { throw .full("group \(name)", range) }
        return found
    }

    private func used(besides user: String?) -> Set<UInt32> {
        group.ids.union(passwd.entries.filter { $0.name != user }.map(\.gid))
    }
}

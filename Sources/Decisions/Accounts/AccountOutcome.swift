/// Says what is different in one line of an account file; it holds no values, for they may be secrets.
package struct AccountChange: Equatable, Sendable, CustomStringConvertible {
    /// What happened to the line.
    package enum Kind: Equatable, Sendable {
        /// It is new.
        case added
        /// It is gone.
        case removed
        /// These fields are other ones.
        case changed([String])
    }

    /// The file.
    package let file: AccountFileKind
    /// The user or group.
    package let name: String
    /// What happened.
    package let kind: Kind

    /// One line for people: `passwd: alice: home, shell changed`.
    package var description: String {
        switch kind {
        case .added: "\(file.rawValue): \(name) added"
        case .removed: "\(file.rawValue): \(name) removed"
        case .changed(let labels): "\(file.rawValue): \(name): \(labels.joined(separator: ", ")) changed"
        }
    }

    /// Compares the first lines of all names.
    static func between<Entry>(_ old: AccountFile<Entry>?, _ new: AccountFile<Entry>?) -> [AccountChange] {
        let before = Dictionary((old?.entries ?? []).map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary((new?.entries ?? []).map { ($0.name, $0) }) { first, _ in first }
        let gone = before.keys.filter { after[$0] == nil }.sorted().map {
            AccountChange(file: Entry.file, name: $0, kind: .removed)
        }
        let other = after.keys.sorted().compactMap { name -> AccountChange? in
            guard let entry = after[name], entry != before[name] else { return nil }
            guard let past = before[name] else { return AccountChange(file: Entry.file, name: name, kind: .added) }
            let labels = zip(Entry.labels, zip(past.fields, entry.fields)).filter { $1.0 != $1.1 }.map(\.0)
            return AccountChange(file: Entry.file, name: name, kind: .changed(labels))
        }
        return gone + other
    }
}

/// Says who a wanted user has become.
package struct ResolvedAccount: Equatable, Sendable {
    /// The user's name.
    package let name: String
    /// The user's number.
    package let uid: UInt32
    /// The number of the primary group.
    package let gid: UInt32
    /// The home folder's path.
    package let home: String
    /// Whether the home folder is to be made if it is not there.
    package let wantsHome: Bool
    /// Whether passwd did not have the user.
    package let isNew: Bool
    /// The number that the user had before, when it is another now: what he owns elsewhere is not his any more.
    package let formerUid: UInt32?
}

/// Says what was not done as it was wanted.
package struct AccountFailure: Equatable, Sendable {
    /// The user or group.
    package let name: String
    /// Whether the account is there all the same; only what the error names is missing of it.
    package let isMade: Bool
    /// What failed.
    package let error: AccountError
}

/// Holds what an operation makes of the files.
package struct AccountOutcome: Equatable, Sendable {
    /// The files as they are to be.
    package var state: AccountState
    /// What is different, file by file; empty when nothing is.
    package var changes: [AccountChange] = []
    /// The users, in the order in which they were wanted.
    package var accounts: [ResolvedAccount] = []
    /// What was not done.
    package var failures: [AccountFailure] = []
    /// What an operator should know, sentences.
    package var notes: [String] = []

    /// Compares two states.
    init(from old: AccountState, to new: AccountState) {
        state = new
        changes =
            AccountChange.between(old.group, new.group) + AccountChange.between(old.gshadow, new.gshadow)
            + AccountChange.between(old.passwd, new.passwd) + AccountChange.between(old.shadow, new.shadow)
    }
}

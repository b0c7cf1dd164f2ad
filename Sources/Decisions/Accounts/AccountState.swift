/// Holds the four account files of a root; the two with secrets may be absent.
package struct AccountState: Equatable, Sendable {
    /// The users.
    package var passwd: AccountFile<PasswdEntry>
    /// The groups.
    package var group: AccountFile<GroupEntry>
    /// The users' passwords; made as soon as a line of it is needed, for nowhere else may a hash stand.
    package var shadow: AccountFile<ShadowEntry>?
    /// The groups' passwords; stays absent unless one of its lines is asked for by name.
    package var gshadow: AccountFile<GshadowEntry>?

    /// Reads the files' bytes; nil for a file that is not there.
    package init(passwd: [UInt8], group: [UInt8], shadow: [UInt8]?, gshadow: [UInt8]?) {
        self.passwd = AccountFile(passwd)
        self.group = AccountFile(group)
        self.shadow = shadow.map { AccountFile($0) }
        self.gshadow = gshadow.map { AccountFile($0) }
    }

    /// The bytes of one of the files; nil when it is absent.
    package func bytes(of file: AccountFileKind) -> [UInt8]? {
        switch file {
        case .passwd: passwd.bytes
        case .group: group.bytes
        case .shadow: shadow?.bytes
        case .gshadow: gshadow?.bytes
        }
    }
}

/// Says which file is to be replaced by what.
package struct AccountWrite: Equatable, Sendable {
    /// The file.
    package let file: AccountFileKind
    /// All that it is to hold.
    package let bytes: [UInt8]
    /// Whether it is not there yet, so that it takes `newMode`; an existing one keeps mode and owner.
    package let isNew: Bool

    /// The order of writing: what holds a lock comes before what makes the account visible.
    ///
    /// Each file is replaced as a whole, so a cut leaves the first ones new and the others old:
    ///
    /// | cut before | a new user | a user who is locked, or moved to shadow | a user who is removed |
    /// |---|---|---|---|
    /// | group | is not there; gshadow alone means nothing | as before | as before |
    /// | shadow | is not there; groups may name him | as before | as before |
    /// | passwd | is not there; the next run takes his line over | locked; moved: as before | `x` alone: no login |
    ///
    /// With passwd before shadow a stale line in shadow, of a user who was removed by hand, would be the password of
    /// the new user for as long as the cut lasts, and it may be an empty one. A user with `x` and without a line in
    /// shadow, which other programs may leave, cannot log in and gets his line at the next run.
    package static let order: [AccountFileKind] = [.gshadow, .group, .shadow, .passwd]
}

extension AccountState {
    /// Lists the files that differ from an earlier state, in the order in which they must be written.
    package func writes(since old: AccountState) -> [AccountWrite] {
        AccountWrite.order.compactMap { file in
            let before = old.bytes(of: file)
            guard let bytes = bytes(of: file), bytes != before else { return nil }
            return AccountWrite(file: file, bytes: bytes, isNew: before == nil)
        }
    }
}

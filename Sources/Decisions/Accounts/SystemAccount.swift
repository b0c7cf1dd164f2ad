/// A user without home and login, and the group of the user's name, with one number: as `adduser --system --group`
/// makes them.
package struct SystemAccount: Equatable, Sendable {
    /// The home of users who have none (Debian policy, 9.2.3).
    private static let home = "/nonexistent"
    /// The program that a login starts: it says that there is none.
    private static let shell = "/usr/sbin/nologin"

    /// The name of user and group.
    package var name: String
    /// The number of both.
    package var number: UInt32

    /// Describes an account.
    package init(_ name: String, number: UInt32) {
        self.name = name
        self.number = number
    }

    /// Adds what is missing of it; a user or group of that name stays as it is.
    ///
    /// - Parameter facts: of these the date counts, that of the locked password.
    /// - Throws: when a file has a line of that name that is not understood, or root would not be root any more.
    package func added(to state: AccountState, facts: AccountFacts) throws(AccountError) -> AccountState {
        var edit = AccountEdit(state: state, facts: facts)
        if state.group[name] == nil { try edit.put(GroupEntry(name: name, gid: number)) }
        guard state.passwd[name] == nil else { return edit.state }
        try edit.put(PasswdEntry(name: name, uid: number, gid: number, home: Self.home, shell: Self.shell))
        if state.shadow != nil { try edit.put(ShadowEntry(name: name, password: "!", lastChanged: facts.date)) }
        return edit.state
    }
}

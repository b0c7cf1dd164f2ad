import Accounts
import Faults

/// Accounts that a layer gives the same numbers in every base, so that packages that are built apart agree on them.
package struct FixedAccounts {
    private let accounts: [String: UInt32]
    private let facts: AccountFacts

    /// Takes numbers by name, each for a user and for the group of that name.
    ///
    /// - Parameter epoch: the time that steps see as now, in seconds since 1970: the date of the locked passwords.
    package init(_ accounts: [String: UInt32], epoch: Int64) {
        self.accounts = accounts
        facts = AccountFacts(today: Int(epoch / 86_400))
    }

    /// The files of a base that have to change, with all that is to be in them.
    ///
    /// - Parameter base: its files; where there are no users there is nothing that could look for them.
    /// - Throws: `PackageTreesError` when a name has another number there, or a number another name.
    package func changes(to base: AccountTexts) throws(PackageTreesError) -> AccountTexts {
        guard let users = base[.passwd], let groups = base[.group] else { return [:] }
        let old = AccountState(passwd: users, group: groups, shadow: base[.shadow], gshadow: base[.gshadow])
        var state = old
        for (name, number) in accounts.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            try check(name, number, AccountLines(.group).numbers(groups), "group")
            try check(name, number, AccountLines(.passwd).numbers(users), "user")
            do {
                state = try SystemAccount(name, number: number).added(to: state, facts: facts)
            } catch { throw Self.failure(name, because: error) }
        }
        var changed: AccountTexts = [:]
        for write in state.writes(since: old) { changed[AccountText(write.file)] = write.bytes }
        return changed
    }

    private func check(
        _ name: String, _ number: UInt32, _ numbers: [String: UInt32], _ kind: String
    ) throws(PackageTreesError) {
        if let other = numbers[name], other != number {
            throw Self.clash(name, number, "the \(kind) has number \(other) in the base", "\(name): \(other)")
        }
        guard let owner = numbers.filter({ $0.value == number && $0.key != name }).keys.min() else { return }
        throw Self.clash(name, number, "number \(number) is that of the \(kind) \(owner) in the base", nil)
    }

    private static func clash(_ name: String, _ number: UInt32, _ cause: String, _ line: String?) -> PackageTreesError {
        let wanted = line ?? "another number for \(name)"
        return PackageTreesError(
            .account, "giving a base", "the account \(name): \(number)", cause: cause,
            remedy: "Write \(wanted) into 'accounts' of boatyard.yaml.")
    }

    private static func failure(_ name: String, because error: AccountError) -> PackageTreesError {
        PackageTreesError(
            .account, "giving a base", "the account \(name)", because: error,
            remedy: "Correct it in 'accounts' of boatyard.yaml, or the base's files of accounts.")
    }
}

extension AccountText {
    fileprivate init(_ file: AccountFileKind) {
        switch file {
        case .passwd: self = .passwd
        case .group: self = .group
        case .shadow: self = .shadow
        case .gshadow: self = .gshadow
        }
    }
}

// Two packages built on one base each give their new account the first number that is free, so that collisions are the
// rule. What is merged here by names must be unique by numbers, too.
import Faults

/// The files of accounts of one tree; files that it lacks are missing.
package typealias AccountTexts = [AccountText: [UInt8]]

/// Merges the files of accounts of packages.
package struct AccountMerge {
    /// What one package has in the place of the base's files.
    package struct Version: Equatable, Sendable {
        /// Who has it: the package's name.
        package var who: String
        /// The files.
        package var texts: AccountTexts
        /// The files whose lines count where packages before it want something else.
        package var overrides: Set<AccountText>
        /// The packages that it was built on: what it has instead of theirs is a change of theirs.
        package var builtOn: Set<String>

        /// Puts the files together.
        package init(
            _ who: String, _ texts: AccountTexts, overrides: Set<AccountText> = [], builtOn: Set<String> = []
        ) {
            (self.who, self.texts, self.overrides, self.builtOn) = (who, texts, overrides, builtOn)
        }
    }

    /// An account that a package makes.
    package struct NewAccount: Equatable, Sendable {
        /// Who makes it.
        package var who: String
        /// Its name.
        package var name: String
        /// Its number.
        package var number: UInt32
    }

    /// The merged files; those that nobody has are missing.
    package private(set) var texts: AccountTexts = [:]
    /// Users and groups that the base does not have, by name; the first package that makes one is named.
    package private(set) var newAccounts: [NewAccount] = []

    private let base: AccountTexts
    private let versions: [Version]

    /// Merges what packages have with what the base has.
    ///
    /// No line of the files with passwords is in an error.
    ///
    /// - Throws: `PackageTreesError` when one account is to be two different things, or two accounts have one number.
    package init(
        base: AccountTexts, _ versions: [Version]
    ) throws(PackageTreesError) {
        self.base = base
        self.versions = versions
        for file in AccountText.allCases {
            let own = versions.compactMap { version in
                version.texts[file].map {
                    StateVersion(
                        version.who, $0, overrides: version.overrides.contains(file), builtOn: version.builtOn)
                }
            }
            guard !own.isEmpty else {
                texts[file] = base[file]
                continue
            }
            let distinct = Set(own.map(\.bytes)).subtracting([base[file] ?? []])
            texts[file] =
                distinct.count < 2
                ? distinct.first ?? base[file] ?? [] : try AccountLines(file).merge(base[file] ?? [], own)
        }
        newAccounts = findNewAccounts()
        let collisions = self.collisions(.passwd) + self.collisions(.group)
        guard collisions.isEmpty else { throw failure(collisions) }
        try checkRanges(.subuid)
        try checkRanges(.subgid)
    }

    private func findNewAccounts() -> [NewAccount] {
        var found: [String: NewAccount] = [:]
        for file in [AccountText.passwd, .group] {
            let old = AccountLines(file).numbers(base[file] ?? [])
            for version in versions {
                for (name, number) in AccountLines(file).numbers(version.texts[file] ?? [])
                where old[name] == nil && found[name] == nil {
                    found[name] = NewAccount(who: version.who, name: name, number: number)
                }
            }
        }
        return found.values.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    }

    /// Names that would have one number.
    private struct Collision {
        var file: AccountText
        var number: UInt32
        /// Those of the base first, then by name.
        var names: [String]
    }

    /// New accounts with one number, or with the number of one of the base.
    private func collisions(_ file: AccountText) -> [Collision] {
        let old = AccountLines(file).numbers(base[file] ?? [])
        let merged = AccountLines(file).numbers(texts[file] ?? [])
        let groups = Dictionary(grouping: merged.keys) { merged[$0] ?? 0 }
        return groups.sorted { $0.key < $1.key }.compactMap { number, names in
            guard names.count > 1, names.contains(where: { old[$0] != number }), !isMeant(file, number, names) else {
                return nil
            }
            let sorted = names.sorted { one, other in
                (old[one] == number) == (old[other] == number) ? one < other : old[one] == number
            }
            return Collision(file: file, number: number, names: sorted)
        }
    }

    /// Whether one package has all of them: then it wants two names for one number.
    private func isMeant(_ file: AccountText, _ number: UInt32, _ names: [String]) -> Bool {
        versions.contains { version in
            let own = AccountLines(file).numbers(version.texts[file] ?? [])
            return names.allSatisfy { own[$0] == number }
        }
    }

    private func failure(_ collisions: [Collision]) -> PackageTreesError {
        let causes = collisions.map { collision in
            let lines = collision.names.map { line($0, collision.file) }.joined(separator: " and to ")
            return "\(collision.file == .passwd ? "user" : "group") number \(collision.number) would belong to \(lines)"
        }
        let numbers = proposals(collisions).sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let proposal = numbers.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        return PackageTreesError(
            .account, "joining", "the accounts of the packages", cause: PackageTreesError.list(causes),
            remedy: "Write accounts: {\(proposal)} into boatyard.yaml and build the packages again.")
    }

    /// The line of an account, and whose it is.
    private func line(_ name: String, _ file: AccountText) -> String {
        let lines = AccountLines(file)
        let isOld = lines.shownLine(name, in: base[file] ?? []) != nil
        let owner = versions.first { lines.shownLine(name, in: $0.texts[file] ?? []) != nil }?.who
        return
            "'\(lines.shownLine(name, in: texts[file] ?? []) ?? name)' of \(isOld ? "the base" : owner ?? "a package")"
    }

    /// One number for each new name, as a user and as a group: of those that collide the first keeps its own where nobody
    /// else has that, the base and what a package brings that is the base of others included.
    private func proposals(_ collisions: [Collision]) -> [String: UInt32] {
        let holders = self.holders
        // Debian's range for system accounts (policy, 9.2.2).
        var free = (100...999 as ClosedRange<UInt32>).lazy.filter { holders[$0] == nil }.makeIterator()
        var result: [String: UInt32] = [:]
        for collision in collisions {
            let old = AccountLines(collision.file).numbers(base[collision.file] ?? [])
            let new = collision.names.filter { old[$0] == nil }
            // The number must be free for a user and for a group.
            var isGiven = !(holders[collision.number] ?? []).isSubset(of: new)
            for name in new where result[name] == nil {
                result[name] = isGiven ? free.next() ?? collision.number : collision.number
                isGiven = true
            }
        }
        return result
    }

    /// Who has each number, as a user or as a group, in the base or in a package.
    private var holders: [UInt32: Set<String>] {
        var holders: [UInt32: Set<String>] = [:]
        for texts in [base] + versions.map(\.texts) {
            for file in [AccountText.passwd, .group] {
                for (name, number) in AccountLines(file).numbers(texts[file] ?? []) {
                    holders[number, default: []].insert(name)
                }
            }
        }
        return holders
    }

    /// Looks for ranges of subordinate numbers that two names share.
    private func checkRanges(_ file: AccountText) throws(PackageTreesError) {
        let old = Set(AccountLines(file).ranges(base[file] ?? []))
        let ranges = AccountLines(file).ranges(texts[file] ?? []).sorted { $0.start < $1.start }
        var widest: SubordinateRange?
        for range in ranges {
            if let one = widest, one.name != range.name, range.start < one.end,
                !(old.contains(one) && old.contains(range))
            {
                throw PackageTreesError(
                    .account, "joining", "/etc/\(file.rawValue) of the packages",
                    cause: "'\(one)' and '\(range)' have numbers in common",
                    remedy: "Give one of them another range in the steps that make it, and build that package again.")
            }
            if range.end > widest?.end ?? 0 { widest = range }
        }
    }
}

/// A line of `/etc/subuid` or `/etc/subgid` (subuid(5)).
struct SubordinateRange: Hashable, CustomStringConvertible {
    /// Whose it is.
    let name: String
    /// Its first number.
    let start: UInt64
    /// The number after its last one.
    let end: UInt64

    /// The line.
    var description: String { "\(name):\(start):\(end - start)" }
}

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

        /// Puts the files together.
        package init(_ who: String, _ texts: AccountTexts, overrides: Set<AccountText> = []) {
            (self.who, self.texts, self.overrides) = (who, texts, overrides)
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
                    StateVersion(version.who, $0, overrides: version.overrides.contains(file))
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
        try checkNumbers(.passwd, "users")
        try checkNumbers(.group, "groups")
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

    /// Looks for two new accounts with one number, or a new one with the number of an old one.
    private func checkNumbers(_ file: AccountText, _ kind: String) throws(PackageTreesError) {
        let old = AccountLines(file).numbers(base[file] ?? [])
        let merged = AccountLines(file).numbers(texts[file] ?? [])
        let groups = Dictionary(grouping: merged.keys.sorted()) { merged[$0] ?? 0 }
        for (number, names) in groups.sorted(by: { $0.key < $1.key })
        where names.count > 1 && names.contains(where: { old[$0] != number }) {
            throw collision(file, kind, number, names)
        }
    }

    private func collision(
        _ file: AccountText, _ kind: String, _ number: UInt32, _ names: [String]
    ) -> PackageTreesError {
        let lines = names.map { name in
            let owner = versions.first { AccountLines(file).shownLine(name, in: $0.texts[file] ?? []) != nil }
            let line = AccountLines(file).shownLine(name, in: texts[file] ?? []) ?? name
            let isOld = AccountLines(file).shownLine(name, in: base[file] ?? []) != nil
            return "'\(line)' of \(isOld ? "the base" : owner?.who ?? "a package")"
        }
        let proposal = names.map { "\($0): \(proposals(for: names, number)[$0] ?? number)" }.joined(separator: ", ")
        return PackageTreesError(
            .account, "joining", "the \(kind) of the packages",
            cause: "number \(number) would belong to \(lines.joined(separator: " and to "))",
            remedy: "Write accounts: {\(proposal)} into boatyard.yaml and build the packages again.")
    }

    /// A number for each of some names: what the base says, else the common one for the first, then those that are free.
    private func proposals(for names: [String], _ number: UInt32) -> [String: UInt32] {
        var taken: Set<UInt32> = []
        for texts in [base] + versions.map(\.texts) {
            for file in [AccountText.passwd, .group] {
                taken.formUnion(AccountLines(file).numbers(texts[file] ?? []).values)
            }
        }
        let old = names.filter { AccountLines(.passwd).numbers(base[.passwd] ?? [])[$0] == number }
        var result: [String: UInt32] = [:]
        // Debian's range for system accounts (policy, 9.2.2).
        var free = (100...999 as ClosedRange<UInt32>).lazy.filter { !taken.contains($0) }.makeIterator()
        for name in (old + names.filter { !old.contains($0) }) {
            result[name] = result.isEmpty ? number : free.next() ?? number
        }
        return result
    }

    /// Looks for ranges of subordinate numbers that two names share.
    private func checkRanges(_ file: AccountText) throws(PackageTreesError) {
        let old = Set(AccountLines(file).ranges(base[file] ?? []))
        let ranges = AccountLines(file).ranges(texts[file] ?? []).sorted { $0.start < $1.start }
        for (one, other) in zip(ranges, ranges.dropFirst())
        where one.name != other.name && other.start < one.end && !(old.contains(one) && old.contains(other)) {
            throw PackageTreesError(
                .account, "joining", "/etc/\(file.rawValue) of the packages",
                cause: "'\(one)' and '\(other)' have numbers in common",
                remedy: "Give one of them another range in the steps that make it, and build that package again.")
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

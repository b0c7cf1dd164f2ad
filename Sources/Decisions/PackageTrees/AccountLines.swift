import Accounts
import Faults

/// Reads and merges one of the files of accounts, line by line; what is not understood stays byte for byte.
struct AccountLines {
    private let file: AccountText

    /// Names the file.
    init(_ file: AccountText) { self.file = file }

    /// Merges the lines by their names.
    ///
    /// - Throws: `PackageTreesError` when one name is to have two different lines.
    func merge(_ base: [UInt8], _ versions: [StateVersion]) throws(PackageTreesError) -> [UInt8] {
        try RecordList.merge(base: records(base), versions, versions.map { records($0.bytes) }) {
            (conflict) throws(PackageTreesError) -> [UInt8]? in
            if let line = joined(conflict) { return line }
            throw failure(conflict)
        }.bytes
    }

    /// Comments are found by the whole line, others by what is before the first colon.
    private func records(_ bytes: [UInt8]) -> RecordList {
        RecordList.lines(bytes) { line in
            line.first == UInt8(ascii: "#") ? Array(line) : Array(line.prefix { $0 != UInt8(ascii: ":") })
        }
    }

    /// Both changes of a group in one line: members and administrators join; nil where that does not do.
    private func joined(_ conflict: RecordConflict) -> [UInt8]? {
        guard let one = conflict.one.bytes, let other = conflict.other.bytes else { return nil }
        switch file {
        case .group: return joined(conflict.base, one, other, as: GroupEntry.self)
        case .gshadow: return joined(conflict.base, one, other, as: GshadowEntry.self)
        case .passwd, .shadow, .subuid, .subgid: return nil
        }
    }

    private func joined<Entry: AccountEntry & MemberEntry>(
        _ base: [UInt8]?, _ one: [UInt8], _ other: [UInt8], as: Entry.Type
    ) -> [UInt8]? {
        guard let first = AccountFile<Entry>(one).entries.first, let second = AccountFile<Entry>(other).entries.first
        else { return nil }
        let old = base.flatMap { AccountFile<Entry>($0).entries.first }
        guard let entry = first.joined(with: second, since: old) else { return nil }
        return Array(entry.fields.joined(separator: ":").utf8) + [0x0A]
    }

    private func failure(_ conflict: RecordConflict) -> PackageTreesError {
        let sample = conflict.one.bytes ?? conflict.other.bytes ?? []
        let name = String(decoding: sample.prefix { $0 != UInt8(ascii: ":") && $0 != 0x0A }, as: UTF8.self)
        let cause: String
        if conflict.one.bytes == nil || conflict.other.bytes == nil {
            let (gone, kept) =
                conflict.one.bytes == nil
                ? (conflict.one.who, conflict.other.who) : (conflict.other.who, conflict.one.who)
            cause = "\(gone) removes it, \(kept) changes it"
        } else if let one = shown(conflict.one.bytes), let other = shown(conflict.other.bytes), one != other {
            cause = "\(conflict.one.who) has '\(one)', \(conflict.other.who) has '\(other)'"
        } else {
            cause = "\(conflict.one.who) and \(conflict.other.who) have different lines for it"
        }
        return PackageTreesError(
            .account, "joining", "\(name) in /etc/\(file.rawValue)", cause: cause,
            remedy: "Make the account in one of the packages, and let the other require it and build on it.")
    }

    /// The line of a name for an error; nil when there is none, or nothing of it may be told.
    func shownLine(_ name: String, in bytes: [UInt8]) -> String? {
        shown(records(bytes).records[Array(name.utf8)])
    }

    /// A line without a hash in the place of a password, and nothing of files with passwords.
    private func shown(_ line: [UInt8]?) -> String? {
        guard let line = line?.split(separator: 0x0A).first, file != .shadow, file != .gshadow else { return nil }
        var fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if file == .passwd || file == .group, fields.count > 1, !["", "x", "*", "!"].contains(fields[1]) {
            fields[1] = "…"
        }
        return fields.joined(separator: ":")
    }

    /// The numbers of users or groups by name; of other files none.
    func numbers(_ bytes: [UInt8]) -> [String: UInt32] {
        switch file {
        case .passwd:
            Dictionary(AccountFile<PasswdEntry>(bytes).entries.map { ($0.name, $0.uid) }) { first, _ in first }
        case .group: Dictionary(AccountFile<GroupEntry>(bytes).entries.map { ($0.name, $0.gid) }) { first, _ in first }
        case .shadow, .gshadow, .subuid, .subgid: [:]
        }
    }

    /// The ranges of subordinate numbers; lines that are none are passed over.
    func ranges(_ bytes: [UInt8]) -> [SubordinateRange] {
        bytes.split(separator: 0x0A).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 3, let start = UInt32(fields[1]), let count = UInt32(fields[2]), count > 0 else {
                return nil
            }
            return SubordinateRange(name: fields[0], start: UInt64(start), end: UInt64(start) + UInt64(count))
        }
    }
}

/// An entry with members, which several packages may add to.
private protocol MemberEntry {
    /// The lists of names.
    var memberLists: [[String]] { get set }
}

extension MemberEntry where Self: AccountEntry {
    /// Both changes at once; nil when anything but the members is to be two different things.
    fileprivate func joined(with other: Self, since base: Self?) -> Self? {
        let old = base?.memberLists ?? memberLists.map { _ in [] }
        let lists = zip(zip(memberLists, other.memberLists), old).map { own, old in
            let removed = Set(old).subtracting(own.0).union(Set(old).subtracting(own.1))
            let added = Set(own.0 + own.1).subtracting(old)
            return old.filter { !removed.contains($0) } + added.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        var (result, compared) = (self, other)
        (result.memberLists, compared.memberLists) = (lists, lists)
        if result == compared { return result }
        guard var unchanged = base else { return nil }
        unchanged.memberLists = lists
        return result == unchanged ? compared : compared == unchanged ? result : nil
    }
}

extension GroupEntry: MemberEntry {
    fileprivate var memberLists: [[String]] {
        get { [members] }
        set { members = newValue.first ?? [] }
    }
}

extension GshadowEntry: MemberEntry {
    fileprivate var memberLists: [[String]] {
        get { [administrators, members] }
        set { if newValue.count == 2 { (administrators, members) = (newValue[0], newValue[1]) } }
    }
}

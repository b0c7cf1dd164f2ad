/// Holds what the account files do not tell and decisions need.
package struct AccountFacts: Equatable, Sendable {
    /// Whose a folder is.
    package struct Owner: Equatable, Sendable {
        /// The number of the user.
        package var uid: UInt32
        /// The number of the group.
        package var gid: UInt32

        /// Names an owner.
        package init(uid: UInt32, gid: UInt32) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// Home folders that are there, by path without a slash at the end: all below the base, and those of wanted users.
    package var homes: [String: Owner]
    /// Days since 1970; nil when the clock is not set yet, so that no date is written that means something else.
    package var today: Int?
    /// What new users get.
    package var defaults: NewUserDefaults
    /// The numbers that are given.
    package var ranges: IdRanges

    /// Gathers facts into one value.
    package init(
        homes: [String: Owner] = [:], today: Int? = nil, defaults: NewUserDefaults = NewUserDefaults(),
        ranges: IdRanges = IdRanges()
    ) {
        (self.homes, self.today, self.defaults, self.ranges) = (homes, today, defaults, ranges)
    }

    /// The date for shadow, as a field; `0` would ask for a new password, so a clock at 1970 counts as not set.
    var date: String { today.map { $0 > 0 ? String($0) : "" } ?? "" }

    /// Whose a home folder is; nil when it is not there.
    func owner(of home: String) -> Owner? { homes[Self.plain(home)] }

    /// The owners of all home folders but one.
    func owners(besides home: String) -> [Owner] {
        let own = Self.plain(home)
        return homes.filter { $0.key != own }.map(\.value)
    }

    private static func plain(_ path: String) -> String {
        let end = path.utf8.lastIndex { $0 != UInt8(ascii: "/") }
        return end.map { String(path[...$0]) } ?? path
    }
}

/// Holds what useradd(8) gives to a new user when nothing else is said.
package struct NewUserDefaults: Equatable, Sendable {
    /// The program that a login starts.
    package var shell = "/bin/sh"
    /// The folder in which homes are made.
    package var homeBase = "/home"
    /// The primary group of users without a group of their own: `users` in Debian.
    package var group = "100"

    /// Takes the built-in defaults.
    package init() {}

    /// Reads `/etc/default/useradd`: `SHELL`, `HOME`, `GROUP`; an entry that is no path, or empty, does not count.
    package init(parsing bytes: [UInt8]) {
        let settings = SettingLines.parse(bytes) { $0 == UInt8(ascii: "=") }
        if let shell = settings["SHELL"], shell.hasPrefix("/") { self.shell = shell }
        if let base = settings["HOME"], base.hasPrefix("/") { homeBase = base == "/" ? "" : base }
        if let group = settings["GROUP"], !group.isEmpty { self.group = group }
    }
}

/// Holds the numbers that users and groups are given.
package struct IdRanges: Equatable, Sendable {
    /// Of users; the default is that of Debian up to what yip knows.
    package var users: ClosedRange<UInt32> = 1000...60_000
    /// Of groups.
    package var groups: ClosedRange<UInt32> = 1000...60_000
    /// Of system users, given from the top down as useradd(8) does.
    package var systemUsers: ClosedRange<UInt32> = 100...999
    /// Of system groups, given from the top down.
    package var systemGroups: ClosedRange<UInt32> = 100...999

    /// Takes the built-in ranges.
    package init() {}

    /// Reads `UID_MIN`, `UID_MAX` and their like from `/etc/login.defs`; a range that is none does not count.
    package init(parsing bytes: [UInt8]) {
        let settings = SettingLines.parse(bytes) { $0 == 0x20 || $0 == 0x09 }
        func range(_ name: String, _ usual: ClosedRange<UInt32>) -> ClosedRange<UInt32> {
            let low = settings["\(name)_MIN"].flatMap(AccountName.number) ?? usual.lowerBound
            let high = settings["\(name)_MAX"].flatMap(AccountName.number) ?? usual.upperBound
            return low > 0 && low <= high && high < 65_534 ? low...high : usual
        }
        users = range("UID", users)
        groups = range("GID", groups)
        systemUsers = range("SYS_UID", systemUsers)
        systemGroups = range("SYS_GID", systemGroups)
    }
}

/// Reads lines of a name and a value.
private enum SettingLines {
    /// The last value of each name; comments and lines without a separator are passed over.
    static func parse(_ bytes: [UInt8], separator: (UInt8) -> Bool) -> [String: String] {
        var settings: [String: String] = [:]
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = AccountName.trimmed(line)
            guard text.first != UInt8(ascii: "#"), let end = text.firstIndex(where: separator) else { continue }
            let value = AccountName.trimmed(text[(end + 1)...])
            settings[String(decoding: AccountName.trimmed(text[..<end]), as: UTF8.self)] = String(
                decoding: value, as: UTF8.self)
        }
        return settings
    }
}

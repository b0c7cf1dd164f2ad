import Testing

@testable import Accounts

@Suite("Facts about accounts")
struct AccountFactsTests {
    @Test("useradd's defaults are read, and what is no path does not count")
    func defaults() {
        let text =
            "# SHELL=/bin/no\nSHELL=/bin/sh\n SHELL = /bin/bash \nHOME=/srv/home\r\nGROUP=users\nCREATE_MAIL_SPOOL=no\n"
        let defaults = NewUserDefaults(parsing: Array(text.utf8))
        #expect(defaults.shell == "/bin/bash" && defaults.homeBase == "/srv/home" && defaults.group == "users")
        #expect(NewUserDefaults(parsing: Array("SHELL=\nHOME=home\nGROUP=\n".utf8)) == NewUserDefaults())
        #expect(NewUserDefaults(parsing: Array("HOME=/\n".utf8)).homeBase.isEmpty)
    }

    @Test("without the file a shell is /bin/sh, and homes are below /home")
    func builtIn() {
        let defaults = NewUserDefaults(parsing: [])
        #expect(defaults.shell == "/bin/sh" && WantedUser("ann2").newHome(defaults) == "/home/ann2")
    }

    @Test("the ranges of login.defs are read")
    func ranges() {
        let text = "#UID_MIN 7\nUID_MIN\t\t 2000\nUID_MAX 2999 \nGID_MIN 3000\nSYS_UID_MAX 499\nUMASK 022\n"
        let ranges = IdRanges(parsing: Array(text.utf8))
        #expect(ranges.users == 2000...2999 && ranges.groups == 3000...60_000)
        #expect(ranges.systemUsers == 100...499 && ranges.systemGroups == 100...999)
    }

    @Test(
        "a range that is none does not count", arguments: ["UID_MIN 0", "UID_MIN x", "UID_MAX 65534", "UID_MIN 60001"])
    func wrongRange(text: String) {
        #expect(IdRanges(parsing: Array(text.utf8)) == IdRanges())
    }

    @Test("a clock that is not set gives no date", arguments: [nil, 0, -1] as [Int?])
    func clock(today: Int?) {
        #expect(AccountFacts(today: today).date.isEmpty)
        #expect(AccountFacts(today: 20_000).date == "20000")
    }

    @Test(
        "slashes at the end of a home do not hide its owner", arguments: ["/home/ann2", "/home/ann2/", "/home/ann2//"])
    func owner(path: String) {
        let facts = AccountFacts(homes: ["/home/ann2": .init(uid: 7, gid: 8)])
        #expect(facts.owner(of: path) == .init(uid: 7, gid: 8) && facts.owners(besides: path).isEmpty)
        #expect(facts.owner(of: "/home/an") == nil && facts.owners(besides: "/home/an").count == 1)
    }
}

import Faults
import Testing

@testable import PackageTrees

private let base: AccountTexts = [
    .passwd: text("root:x:0:0:root:/root:/bin/bash", "games:x:5:60:games:/usr/games:/usr/sbin/nologin"),
    .group: text("root:x:0:", "adm:x:4:", "games:x:60:"),
    .shadow: text("root:*:19000:0:99999:7:::", "games:*:19000:0:99999:7:::"),
    .gshadow: text("root:*::", "adm:*::"),
    .subuid: text("build:100000:65536"),
]

private func text(_ lines: String...) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

/// What a package has that adds lines at the end, as adduser(8) does, or changes the base's.
private func package(
    _ who: String, _ added: [AccountText: String] = [:], changing: [AccountText: (String, String)] = [:],
    overrides: Set<AccountText> = []
) -> AccountMerge.Version {
    var texts = base
    for (file, lines) in added { texts[file, default: []] += Array((lines + "\n").utf8) }
    for (file, change) in changing {
        let old = String(decoding: texts[file] ?? [], as: UTF8.self)
        texts[file] = Array(old.replacing(change.0, with: change.1).utf8)
    }
    return AccountMerge.Version(who, texts, overrides: overrides)
}

private func merged(_ versions: AccountMerge.Version..., file: AccountText) throws -> String {
    String(decoding: try AccountMerge(base: base, versions).texts[file] ?? [], as: UTF8.self)
}

private func failure(_ versions: AccountMerge.Version...) -> String {
    do {
        _ = try AccountMerge(base: base, versions)
        return ""
    } catch { return "\(error)" }
}

@Suite("Merging accounts")
struct AccountMergeTests {
    private static let sshd = package(
        "app/ssh",
        [
            .passwd: "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin", .group: "_ssh:x:102:", .gshadow: "_ssh:!::",
            .shadow: "sshd:!:19500::::::", .subuid: "sshd:300000:65536",
        ])
    private static let tide = package(
        "app/tide",
        [
            .passwd: "tide:x:103:103::/:/bin/false", .group: "tide:x:103:", .shadow: "tide:!:19500::::::",
            .subuid: "tide:200000:65536",
        ], changing: [.group: ("adm:x:4:", "adm:x:4:tide")])

    @Test(
        "new lines of all packages follow those of the base, by name and whatever the order of the packages",
        arguments: [
            (
                AccountText.passwd,
                "root:x:0:0:root:/root:/bin/bash\ngames:x:5:60:games:/usr/games:/usr/sbin/nologin\n"
                    + "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin\ntide:x:103:103::/:/bin/false\n"
            ),
            (.group, "root:x:0:\nadm:x:4:tide\ngames:x:60:\n_ssh:x:102:\ntide:x:103:\n"),
            (
                .shadow,
                "root:*:19000:0:99999:7:::\ngames:*:19000:0:99999:7:::\nsshd:!:19500::::::\ntide:!:19500::::::\n"
            ),
            (.gshadow, "root:*::\nadm:*::\n_ssh:!::\n"),
            (.subuid, "build:100000:65536\nsshd:300000:65536\ntide:200000:65536\n"),
        ])
    func union(file: AccountText, expected: String) throws {
        #expect(try merged(Self.sshd, Self.tide, file: file) == expected)
        #expect(try merged(Self.tide, Self.sshd, file: file) == expected)
    }

    @Test("what one package alone has changed is taken byte for byte")
    func verbatim() throws {
        let odd = package("app/odd", [.passwd: "# a comment\n+::::::\nodd:x:109:1::/:/bin/sh"])
        #expect(try AccountMerge(base: base, [odd]).texts[.passwd] == odd.texts[.passwd])
        #expect(try AccountMerge(base: base, [odd, package("app/none")]).texts[.passwd] == odd.texts[.passwd])
        #expect(try AccountMerge(base: base, []).texts == base)
    }

    @Test("a package that is built on another has its lines, too, and both agree")
    func chain() throws {
        var upper = Self.sshd
        upper.who = "app/upper"
        upper.texts[.passwd, default: []] += Array("up:x:110:1::/:/bin/sh\n".utf8)
        #expect(
            try merged(Self.sshd, upper, file: .passwd) == String(decoding: upper.texts[.passwd] ?? [], as: UTF8.self))
    }

    @Test("lines that nobody understands are merged by what is before the colon, comments as a whole")
    func foreignLines() throws {
        let one = package("app/a", [.passwd: "# one\n+@net::::::"])
        let other = package("app/b", [.passwd: "# two\n+@net::::::"])
        #expect(try merged(one, other, file: .passwd).hasSuffix("nologin\n# one\n# two\n+@net::::::\n"))
    }

    @Test("an account that one package removes is gone, unless another changes it")
    func removal() throws {
        let line = "games:x:5:60:games:/usr/games:/usr/sbin/nologin\n"
        let gone = package("app/a", changing: [.passwd: (line, "")])
        #expect(try merged(gone, Self.tide, file: .passwd).contains("games") == false)
        let changed = package("app/b", changing: [.passwd: ("/usr/games", "/games")])
        #expect(failure(gone, changed).contains("app/a removes it, app/b changes it"))
        #expect(failure(changed, gone).contains("app/a removes it, app/b changes it"))
    }

    @Test("members join: those that anybody added, without those that anybody removed")
    func members() throws {
        let one = package("app/a", changing: [.group: ("adm:x:4:", "adm:x:4:b,a"), .gshadow: ("adm:*::", "adm:*:z:a")])
        let other = package(
            "app/b", changing: [.group: ("adm:x:4:", "adm:x:4:c,a"), .gshadow: ("adm:*::", "adm:*:y:c")])
        #expect(try merged(one, other, file: .group).contains("\nadm:x:4:a,b,c\n"))
        #expect(try merged(one, other, file: .gshadow).contains("\nadm:*:y,z:a,c\n"))
        let number = package("app/c", changing: [.group: ("adm:x:4:", "adm:x:14:")])
        #expect(try merged(one, number, file: .group).contains("\nadm:x:14:a,b\n"))
        let third = package("app/d", changing: [.group: ("adm:x:4:", "adm:x:24:")])
        #expect(
            failure(number, third)
                == "joining adm in /etc/group: app/c has 'adm:x:14:', app/d has 'adm:x:24:'. Make the account in one of the "
                + "packages, and let the other require it and build on it.")
    }

    @Test("two accounts with one number are an error with the lines and what to write")
    func collision() {
        let tide = package("app/tide", [.passwd: "tide:x:101:104::/:/bin/false"])
        #expect(
            failure(Self.sshd, tide)
                == "joining the accounts of the packages: user number 101 would belong to "
                + "'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin' of app/ssh and to 'tide:x:101:104::/:/bin/false' of "
                + "app/tide. Write accounts: {tide: 100, sshd: 101} into boatyard.yaml and build the packages again.")
        let group = package("app/tide", [.group: "tide:x:102:"])
        #expect(failure(Self.sshd, group).contains("'_ssh:x:102:' of app/ssh and to 'tide:x:102:' of app/tide"))
        let games = package("app/games", changing: [.passwd: ("games:x:5:", "games:x:7:")])
        let old = package("app/old", [.passwd: "old:x:7:7::/:/bin/false"])
        #expect(
            failure(old, games).contains(
                "of the base and to 'old:x:7:7::/:/bin/false' of app/old. Write accounts: "
                    + "{old: 100}"))
    }

    @Test("no number is proposed that the package has which the others were built on, if only for a group")
    func lowest() {
        func version(_ who: String, _ name: String?) -> AccountMerge.Version {
            let (user, group) = name.map { ("\($0):x:102:106::/:\n", "\($0):x:106:\n") } ?? ("", "")
            return AccountMerge.Version(
                who,
                [.passwd: Array("root:x:0:0::/:\n\(user)".utf8), .group: Array("sgx:x:102:\n\(group)".utf8)],
                builtOn: name == nil ? [] : ["system/base"])
        }
        let error = #expect(throws: PackageTreesError.self) {
            try AccountMerge(
                base: [:], [version("system/base", nil), version("app/a", "a"), version("app/b", "b")])
        }
        #expect(error?.remedy.contains("accounts: {a: 100, b: 101}") == true, "\(error?.remedy ?? "-")")
    }

    @Test("all collisions are in one error, and a name has one number as a user and as a group")
    func collisions() {
        let one = package("app/a", [.passwd: "b:x:101:1::/:\nd:x:103:1::/:", .group: "c:x:105:\nd:x:103:"])
        let other = package("app/b", [.passwd: "a:x:101:1::/:\ne:x:103:1::/:", .group: "a:x:105:\ne:x:103:"])
        let text = failure(one, other)
        #expect(
            text.contains("user number 101") && text.contains("user number 103") && text.contains("group number 105"))
        // A number is not kept where the base has it, if only for a group.
        let users = [package("app/a", [.passwd: "a:x:60:1::/:"]), package("app/b", [.passwd: "b:x:60:1::/:"])]
        #expect(failure(users[0], users[1]).contains("Write accounts: {a: 100, b: 101} into"))
        #expect(text.contains("Write accounts: {b: 100, a: 101, e: 102, d: 103, c: 105} into") == true, "\(text)")
    }

    @Test("two names of the base for one number are no concern of the packages")
    func oldCollision() throws {
        var versions = [Self.sshd, Self.tide]
        var twins = base
        let line = Array("toor:x:0:0::/root:/bin/sh\n".utf8)
        twins[.passwd, default: []] += line
        for index in versions.indices { versions[index].texts[.passwd, default: []] += line }
        #expect(try AccountMerge(base: twins, versions).newAccounts.map(\.name) == ["sshd", "_ssh", "tide"])
    }

    @Test("two names for one number that one package wants are no collision")
    func meant() throws {
        let one = package("app/a", [.passwd: "a:x:101:1::/:\nb:x:101:1::/:"])
        #expect(failure(one, Self.tide) == "")
        #expect(failure(one, Self.sshd).contains("number 101 would belong to"))
    }

    @Test("ranges of subordinate numbers that overlap are an error")
    func ranges() {
        let other = package("app/b", [.subuid: "b:365535:65536"])
        #expect(failure(Self.sshd, other).contains("'sshd:300000:65536' and 'b:365535:65536' have numbers in common"))
        let wide = package("app/b", [.subuid: "w:200000:900000\nw:210000:10"])
        #expect(failure(Self.sshd, wide).contains("'w:200000:900000' and 'sshd:300000:65536' have numbers in common"))
        let next = package("app/b", [.subuid: "b:365536:65536"])
        #expect(failure(Self.sshd, next) == "")
    }

    @Test("no hash of a password is in an error")
    func secrets() {
        let one = package("app/a", changing: [.shadow: ("root:*:", "root:$6$secret$one:")])
        let other = package("app/b", changing: [.shadow: ("root:*:", "root:$6$secret$two:")])
        #expect(
            failure(one, other).hasPrefix(
                "joining root in /etc/shadow: app/a and app/b have different lines for it. Make"))
        let third = package("app/c", [.passwd: "c:$6$secret:101:1::/:/bin/sh"])
        let text = failure(Self.sshd, third)
        #expect(text.contains("'c:…:101:1::/:/bin/sh'") && !text.contains("secret"))
    }

    @Test("the later package's line counts where it says that it overrides the file")
    func overrides() throws {
        let one = package("app/a", changing: [.passwd: ("/root:/bin/bash", "/root:/bin/zsh")])
        let other = package("app/b", changing: [.passwd: ("/root:/bin/bash", "/root:/bin/sh")], overrides: [.passwd])
        #expect(try merged(one, other, file: .passwd).hasPrefix("root:x:0:0:root:/root:/bin/sh\n"))
        #expect(failure(other, one) != "")
    }

    @Test("accounts that the base does not have are told with who makes them")
    func newAccounts() throws {
        let accounts = try AccountMerge(base: base, [Self.sshd, Self.tide]).newAccounts
        #expect(
            accounts.map { "\($0.who) \($0.name) \($0.number)" } == [
                "app/ssh sshd 101", "app/ssh _ssh 102", "app/tide tide 103",
            ])
    }
}

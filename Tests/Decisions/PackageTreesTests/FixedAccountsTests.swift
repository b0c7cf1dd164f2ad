import Faults
import PackageTrees
import Testing

@Suite("Accounts with fixed numbers")
struct FixedAccountsTests {
    private static let base: AccountTexts = [
        .passwd: Array("root:x:0:0:root:/root:/bin/sh\nmail:x:8:8::/var/mail:/bin/sh\n".utf8),
        .group: Array("root:x:0:\nmail:x:8:\nkvm:x:104:\n".utf8),
        .shadow: Array("root:*:19000:0:99999:7:::\nmail:*:19000:0:99999:7:::\n".utf8),
        .gshadow: Array("root:*::\nmail:*::\nkvm:!::\n".utf8),
    ]

    private func changes(
        _ accounts: [String: UInt32], _ base: AccountTexts = base
    ) throws(PackageTreesError) -> [AccountText: String] {
        try FixedAccounts(accounts, epoch: 946_684_800).changes(to: base).mapValues {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test("are users without login, with a group of their own, by number, in all four files")
    func all() throws {
        let changed = try changes(["tide": 102, "sshd": 101])
        #expect(
            changed[.passwd]?.hasSuffix(
                "/bin/sh\nsshd:x:101:101::/nonexistent:/usr/sbin/nologin\ntide:x:102:102::/nonexistent:/usr/sbin/nologin\n"
            ) == true)
        #expect(changed[.group]?.hasSuffix("kvm:x:104:\nsshd:x:101:\ntide:x:102:\n") == true)
        #expect(changed[.shadow]?.hasSuffix("sshd:!:10957:0:99999:7:::\ntide:!:10957:0:99999:7:::\n") == true)
        #expect(changed[.gshadow]?.hasSuffix("sshd:!::\ntide:!::\n") == true)
    }

    @Test("change nothing where the base has them, and only what it lacks where it has half of one")
    func there() throws {
        #expect(try changes(["mail": 8]).isEmpty)
        #expect(Set(try changes(["kvm": 104]).keys) == [.passwd, .shadow])
    }

    @Test("make no file that the base does not have")
    func missing() throws {
        var base = Self.base
        (base[.shadow], base[.gshadow]) = (nil, nil)
        #expect(Set(try changes(["sshd": 101], base).keys) == [.passwd, .group])
        #expect(try changes(["sshd": 101], [:]).isEmpty)
        #expect(try changes([:]).isEmpty)
    }

    @Test(
        "are refused where a name has another number, or a number another name",
        arguments: [
            ("mail", 9, "the group has number 8 in the base", "mail: 8"),
            ("sshd", 8, "number 8 is that of the group mail in the base", "another number for sshd"),
            ("sshd", 104, "number 104 is that of the group kvm in the base", "another number for sshd"),
        ] as [(String, UInt32, String, String)])
    func clashes(name: String, number: UInt32, cause: String, line: String) throws {
        let error = #expect(throws: PackageTreesError.self) { try changes([name: number]) }
        #expect(error?.kind == .account && error?.cause.contains(cause) == true, "\(String(describing: error))")
        #expect(error?.remedy == "Write \(line) into 'accounts' of boatyard.yaml.")
    }

    @Test("are refused where only the user has another number")
    func user() throws {
        var base = Self.base
        base[.group] = Array("root:x:0:\n".utf8)
        let error = #expect(throws: PackageTreesError.self) { try changes(["mail": 9], base) }
        #expect(error?.cause.contains("the user has number 8 in the base") == true)
    }
}

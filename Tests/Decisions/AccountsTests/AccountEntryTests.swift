import Testing

@testable import Accounts

@Suite("Account entries")
struct AccountEntryTests {
    @Test("a line of passwd is read and written field by field")
    func passwd() {
        let fields = ["ann", "x", "1001", "1002", "Ann", "/home/ann", "/bin/bash"]
        let entry = PasswdEntry(fields: fields)
        #expect(
            entry == PasswdEntry(name: "ann", uid: 1001, gid: 1002, gecos: "Ann", home: "/home/ann", shell: "/bin/bash")
        )
        #expect(entry?.fields == fields)
    }

    @Test("a line of group is read and written field by field")
    func group() {
        let entry = GroupEntry(fields: ["sudo", "x", "27", "ann,bob"])
        #expect(entry == GroupEntry(name: "sudo", gid: 27, members: ["ann", "bob"]))
        #expect(entry?.fields == ["sudo", "x", "27", "ann,bob"])
    }

    @Test("a line of shadow and one of gshadow keep every field")
    func secrets() {
        let shadow = ["ann", "!", "1", "2", "3", "4", "5", "6", "7"]
        #expect(ShadowEntry(fields: shadow)?.fields == shadow)
        #expect(ShadowEntry(fields: shadow)?.expiry == "6")
        let gshadow = ["sudo", "!", "ann,bob", "bob"]
        #expect(GshadowEntry(fields: gshadow)?.fields == gshadow)
        #expect(GshadowEntry(fields: gshadow)?.administrators == ["ann", "bob"])
    }

    @Test(
        "a line is not understood when",
        arguments: [
            ["ann", "x", "-1", "0", "", "/", ""], ["ann", "x", "1", "4294967296", "", "/", ""],
            ["ann", "x", "+1", "0", "", "/", ""], ["", "x", "1", "0", "", "/", ""],
            ["+ann", "x", "1", "0", "", "/", ""], ["#ann", "x", "1", "0", "", "/", ""],
            [" ann", "x", "1", "0", "", "/", ""], ["ann", "x", "", "0", "", "/", ""], ["ann", "x", "1", "0", "", "/"],
        ])
    func refused(fields: [String]) {
        #expect(PasswdEntry(fields: fields) == nil)
        #expect(PasswdEntry(fields: ["ann", "x", "1", "0", "", "/", ""]) != nil)
    }
}

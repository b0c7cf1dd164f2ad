import OEMExecution
import Testing

@Suite("The names in /etc/hosts")
struct HostNamesTests {
    @Test(
        "get one line of ours, and those of others stay",
        arguments: [
            ("", "127.0.0.1 localhost box # lifeboot: hostname\n"),
            (
                "127.0.0.1 localhost mine\n::1 x\n",
                "127.0.0.1 localhost mine\n::1 x\n127.0.0.1 localhost mine box # lifeboot: hostname\n"
            ),
            (
                "127.0.0.1 localhost old # lifeboot: hostname\n::1 x\n\n",
                "127.0.0.1 localhost box # lifeboot: hostname\n::1 x\n"
            ),
        ])
    func local(old: String, new: String) {
        let once = HostNames.local(Array(old.utf8), "box")
        #expect(String(decoding: once, as: UTF8.self) == new)
        #expect(HostNames.local(once, "box") == once)
    }

    @Test("have two lines of ours that do not move when one of them is changed")
    func both() {
        let first = HostNames.own(HostNames.local(Array("::1 x\n".utf8), "box"), ["box.example", "box"])
        let text = """
            ::1 x
            127.0.0.1 localhost box # lifeboot: hostname
            127.0.1.1 box.example box # lifeboot: names

            """
        #expect(String(decoding: first, as: UTF8.self) == text)
        #expect(HostNames.local(first, "box") == first)
        #expect(HostNames.own(first, ["box.example", "box"]) == first)
    }

    @Test(
        "are names as the kernel takes them",
        arguments: [
            ("box", true), ("a.b-c.d", true), ("", false), ("-a", false), ("a..b", false), ("a b", false),
            ("a/b", false),
            (String(repeating: "a", count: 65), false),
        ])
    func names(name: String, isName: Bool) { #expect(HostNames.isName(name) == isName) }
}

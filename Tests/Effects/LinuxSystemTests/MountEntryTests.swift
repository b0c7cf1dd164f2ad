import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Mount entry")
struct MountEntryTests {
    @Test("a line with optional fields and escapes is read")
    func reads() throws {
        let line = #"36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue"#
        let entry = try #require(MountEntry(line: Substring(line)))
        #expect(entry.target == "/mnt 2" && entry.root == "/mnt1" && entry.device == "98:0")
        #expect(entry.options == ["rw", "noatime"] && entry.filesystem == "ext3" && entry.source == "/dev/root")
        #expect(entry.superOptions == ["rw", "errors=continue"])
    }

    @Test(
        "what is no mount is left out",
        arguments: ["", "1 2 3", "1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 -", "1 2 3 4 5 6 - ext4 x", "- - - - - - - - - -"])
    func malformed(line: String) {
        #expect((MountEntry(line: Substring(line)) == nil) == (line.first != "-"))
    }

    @Test("this process has a root")
    func live() throws {
        #expect(try Procfs.mounts().contains { $0.target == "/" })
        #expect(try !Procfs.commandLine().isEmpty)
        let texts = ["a b\n", "a b", "a\nb\n", "", "\n"].map { Procfs.text(ofCommandLine: Array($0.utf8)) }
        #expect(texts == ["a b", "a b", "a\nb", "", ""], "a newline inside hides nothing")
    }
}

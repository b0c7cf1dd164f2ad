import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("Folders whose files are kept") struct KeptFolderTests {
    @Test("gives the folder its mode, and leaves that of a folder without one")
    func mode() throws {
        let fixture = try Fixture(["a/b/x": ""])
        let open = try KeptFolder("/a", root: fixture.root)
        #expect(open.isChanged == false && fixture.mode("a") == 0o755)
        let closed = try KeptFolder("/a", root: fixture.root, mode: 0o700)
        #expect(closed.isChanged == true && fixture.mode("a") == 0o700)
        let again = try KeptFolder("/a", root: fixture.root, mode: 0o700)
        #expect(again.isChanged == false)
        _ = try KeptFolder("/a/c", root: fixture.root, mode: 0o700)
        #expect(fixture.mode("a/c") == 0o700)
    }

    @Test("writes what differs in content, length or mode, and nothing else")
    func writes() throws {
        let fixture = try Fixture()
        for (text, mode, isChange) in [
            ("ab", 0o600, true), ("ab", 0o600, false), ("ac", 0o600, true), ("a", 0o600, true), ("a", 0o644, true),
            ("", 0o644, true), ("", 0o644, false),
        ] as [(String, UInt16, Bool)] {
            var folder = try KeptFolder("/a", root: fixture.root)
            try folder.write(Array(text.utf8), to: "x", mode: mode)
            #expect(folder.isChanged == isChange, "\(text) \(mode)")
            #expect(fixture.text("a/x") == text && fixture.mode("a/x") == Int(mode))
        }
        #expect(fixture.names("a") == ["x"])
    }

    @Test("a pipe in the place of a file is replaced, and not read")
    func pipe() throws {
        let fixture = try Fixture(["a/y": ""])
        try Tool.run("mkfifo", ["-m", "600", fixture.root.appending("a/x").string])
        var folder = try KeptFolder("/a", root: fixture.root)
        try folder.write([], to: "x")
        #expect(folder.isChanged == true && fixture.text("a/x") == "")
    }

    @Test("removes the files that are meant, links as such, and no folders")
    func removes() throws {
        let fixture = try Fixture(["a/old": "", "a/new": "", "a/old-folder/x": "", "target": "kept"])
        try fixture.link("a/old-link", to: "../target")
        var folder = try KeptFolder("/a", root: fixture.root)
        try folder.removeFiles { $0.hasPrefix("old") }
        #expect(folder.isChanged == true)
        #expect(fixture.names("a") == ["new", "old-folder"] && fixture.text("target") == "kept")
        var again = try KeptFolder("/a", root: fixture.root)
        try again.removeFiles { $0.hasPrefix("old") }
        #expect(again.isChanged == false)
    }
}

import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite("A file that is not whole yet")
struct PendingFileTests {
    private static let owner = Ownership(user: getuid(), group: getgid())

    private static func pending(_ folder: borrowing TemporaryFolder) throws -> PendingFile {
        try PendingFile("name", in: try DirectoryHandle(root: folder.path), mode: 0o600, owner: owner)
    }

    private static func names(_ folder: borrowing TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted()
    }

    @Test("has mode and owner from its beginning, and takes the name only at its end")
    func commits() throws {
        let folder = try TemporaryFolder()
        let file = try Self.pending(folder)
        let names = try Self.names(folder)
        let name = try #require(names.first)
        let found = try FileStatus.of(folder.path.appending(name))
        let status = try #require(found)
        #expect(name != "name" && status.permissions.rawValue == 0o600 && status.owner == Self.owner)
        try file.write(Array("wrong".utf8).span)
        try file.restart()
        try file.write(Array("ne".utf8).span)
        try file.write(Array("w".utf8).span)
        #expect(try Self.names(folder) == [name])
        try file.commit()
        #expect(try Self.names(folder) == ["name"])
        #expect(try String(contentsOfFile: "\(folder.path)/name", encoding: .utf8) == "new")
    }

    @Test("leaves nothing when it is dropped, and what a cut left of another goes")
    func dropped() throws {
        let folder = try TemporaryFolder()
        // No process has this number (PID_MAX_LIMIT is 4194304); the second one lives.
        for name in [".name.new-4194305", ".name.new-1", ".name.new-x"] {
            try "".write(toFile: "\(folder.path)/\(name)", atomically: false, encoding: .utf8)
        }
        do {
            let file = try Self.pending(folder)
            try file.write([1].span)
        }
        #expect(try Self.names(folder) == [".name.new-1", ".name.new-x"])
    }

    @Test(
        "replaces only what differs in content, mode or kind",
        arguments: [("same", 0o600, false), ("else", 0o600, true), ("longer", 0o600, true), ("same", 0o644, true)])
    func differs(old: String, mode: Int, isReplaced: Bool) throws {
        let folder = try TemporaryFolder()
        try old.write(toFile: "\(folder.path)/name", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(folder.path)/name")
        let file = try Self.pending(folder)
        try file.write(Array("same".utf8).span)
        #expect(try file.commitDifferent() == isReplaced)
        #expect(try Self.names(folder) == ["name"])
        #expect(try String(contentsOfFile: "\(folder.path)/name", encoding: .utf8) == "same")
    }

    @Test("takes the place of a link, whatever it leads to")
    func link() throws {
        let folder = try TemporaryFolder()
        try "same".write(toFile: "\(folder.path)/target", atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/name", withDestinationPath: "target")
        let file = try Self.pending(folder)
        try file.write(Array("same".utf8).span)
        #expect(try file.commitDifferent())
        let status = try #require(try FileStatus.of(folder.path.appending("name"), followingLinks: false))
        #expect(status.kind == .file)
    }
}

import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite("Replacing a file in a directory")
struct FileReplacementTests {
    @Test("puts a whole file with mode and owner under the name, and a link there is replaced, not followed")
    func replaces() throws {
        let folder = try TemporaryFolder()
        try "old".write(toFile: "\(folder.path)/target", atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/name", withDestinationPath: "\(folder.path)/target")
        let handle = try DirectoryHandle(root: folder.path)
        let owner = Ownership(user: getuid(), group: getgid())
        try handle.replace("name", with: Array("new".utf8), mode: 0o640, owner: owner)
        let status = try #require(try handle.status("name"))
        #expect(status.kind == .file && status.permissions.rawValue == 0o640)
        #expect(status.owner == owner)
        #expect(try String(contentsOfFile: "\(folder.path)/target", encoding: .utf8) == "old")
        #expect(try String(contentsOfFile: "\(folder.path)/name", encoding: .utf8) == "new")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted() == ["name", "target"])
    }

    @Test("gives a file its owner and mode before its content, and its name last")
    func order() throws {
        let folder = try TemporaryFolder()
        let events = try FileEvents(folder.path)
        try DirectoryHandle(root: folder.path)
            .replace("name", with: Array("secret".utf8), mode: 0o600, owner: Ownership(user: getuid(), group: getgid()))
        #expect(try events.read() == [.attributes, .content, .name])
    }

    @Test("leaves a folder of the name as it is, says what is in the way, and leaves nothing beside it")
    func folder() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/name", withIntermediateDirectories: false)
        let handle = try DirectoryHandle(root: folder.path)
        let error = #expect(throws: SystemError.self) {
            try handle.replace("name", with: [], mode: 0o644, owner: Ownership(user: getuid(), group: getgid()))
        }
        #expect(error?.errno == .isDirectory)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["name"])
    }

    @Test("links a name anew")
    func links() throws {
        let folder = try TemporaryFolder()
        let handle = try DirectoryHandle(root: folder.path)
        try handle.link("name", to: "/a")
        try handle.link("name", to: "/b")
        #expect(handle.linkTarget("name") == "/b" && handle.linkTarget("other") == nil)
        try handle.remove("name")
        try handle.remove("name")
        #expect(try handle.status("name") == nil)
    }
}

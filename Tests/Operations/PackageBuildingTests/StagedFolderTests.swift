import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures
import TreeFolders
import TreeModel

@testable import PackageBuilding

@Suite("The folder that steps see", .enabled(if: ThisProcess.isRoot))
struct StagedFolderTests {
    /// Makes `source`, and an empty `stage`; gives what counts.
    private static func prepare(_ space: borrowing Workspace, _ script: String) throws -> TreeListing {
        try space.run("mkdir source stage; cd source; \(script)")
        return PackageFolder(try TreeReading.folder(space.place("source")).listing).entries
    }

    private static func list(_ space: borrowing Workspace) throws -> [String] {
        let text = try space.run("cd stage; find . -printf '%P %y %m %U %Ts %l\\n' | sed 's/^ //; s/ $//' | sort")
        return text.split(separator: "\n").map(String.init)
    }

    @Test("has modes of a checkout, owner root and one time, whatever the user's umask is")
    func attributes() throws {
        let space = try Workspace()
        let entries = try Self.prepare(
            space,
            "umask 077; mkdir -p sub/deep; echo a >sub/deep/run; chmod 700 sub/deep/run; echo b >text; "
                + "chown 5:5 text; ln -s /nowhere link; echo no >package.yaml; mkfifo pipe")
        try StagedFolder.copy(entries, of: space.place("source"), to: space.place("stage"), time: 86_400)
        #expect(
            try Self.list(space) == [
                "d 755 0 86400", "link l 777 0 86400 /nowhere", "sub d 755 0 86400",
                "sub/deep d 755 0 86400", "sub/deep/run f 755 0 86400",
                "text f 644 0 86400",
            ])
        #expect(try space.bytes("stage/sub/deep/run") == Array("a\n".utf8))
    }

    @Test("is not made of a file that is no more what was hashed")
    func changed() throws {
        let space = try Workspace()
        let entries = try Self.prepare(space, "mkdir sub; echo a >sub/text")
        try space.run("echo b >source/sub/text")
        #expect {
            try StagedFolder.copy(entries, of: space.place("source"), to: space.place("stage"), time: 0)
        } throws: { "\($0)".contains("/sub/text changed meanwhile") }
    }

    @Test("follows no link that took the place of a folder")
    func link() throws {
        let space = try Workspace()
        let entries = try Self.prepare(space, "mkdir sub; echo a >sub/text")
        try space.run("mv source/sub outside; ln -s ../outside source/sub")
        #expect(throws: (any Error).self) {
            try StagedFolder.copy(entries, of: space.place("source"), to: space.place("stage"), time: 0)
        }
    }

    @Test("takes a download in, with the folders above it")
    func download() throws {
        let space = try Workspace()
        let entries = try Self.prepare(space, "echo a >text")
        try space.run("umask 077; echo c >blob; touch -d @5 blob")
        let stage = space.place("stage")
        try StagedFolder.copy(entries, of: space.place("source"), to: stage, time: 86_400)
        try StagedFolder.add(space.place("blob"), to: stage, as: "one/two/file", time: 86_400)
        try StagedFolder.add(space.place("blob"), to: stage, as: "top", time: 86_400)
        #expect(
            try Self.list(space) == [
                "d 755 0 86400", "one d 755 0 86400", "one/two d 755 0 86400",
                "one/two/file f 644 0 86400", "text f 644 0 86400",
                "top f 644 0 86400",
            ])
        #expect(try space.bytes("stage/one/two/file") == Array("c\n".utf8))
    }
}

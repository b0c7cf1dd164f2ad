import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Folders")
struct FoldersTests {
    @Test("removing a tree follows no link, and what is not there is no error")
    func tree() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("precious", to: "outside")
        let path = try folder.makeFolder("a")
        try Folders.make(path.appending("b").appending("c"))
        _ = try folder.write("x", to: "a/b/file")
        try ChildProcess.run("ln", ["-s", folder.path.string, "a/out"], directory: folder.path).requireSuccess()
        try Folders.remove(path, .tree)
        try Folders.remove(path, .tree)
        #expect(try FileStatus.of(path, followingLinks: false) == nil)
        #expect(try FileBytes.read(folder.path.appending("outside"), limit: 20) == Array("precious".utf8))
    }

    @Test("a tree is removed at any depth, whatever bytes its names have, and however many there are")
    func hostileTree() throws {
        let folder = try TemporaryFolder()
        // 40 names of 250 bytes are a path of 10,000; no path may have more than 4,096.
        let script = #"""
            mkdir top && cd top && for i in 1 2; do
                (d=$(printf 'd%.0s' $(seq 250)) && for n in $(seq 40); do mkdir "$d" && cd -P "$d" || exit 1; : >f; done)
                mv "$(printf 'd%.0s' $(seq 250))" "deep$i"
            done
            mkdir -p .removed-1/x .removed-3 && : >.removed-2 && : >"$(printf '\377\n\b')" && mkdir "$(printf 'a\377b')"
            mkfifo pipe && ln -s /etc link && (seq 1 500 | sed 's/^/many/' | xargs mkdir) && chmod 0 many1
            """#
        try ChildProcess.run("bash", ["-ec", script], directory: folder.path).requireSuccess()
        try Folders.remove(folder.path.appending("top"), .tree)
        #expect(try FileStatus.of(folder.path.appending("top"), followingLinks: false) == nil)
        #expect(try FileStatus.of("/etc/passwd") != nil)
    }

    @Test("removing a folder of files stops at a folder in it")
    func files() throws {
        let folder = try TemporaryFolder()
        let path = try folder.makeFolder("a")
        try Folders.make(path.appending("b"))
        #expect(throws: SystemError.self) { try Folders.remove(path, .files) }
        #expect(try Folders.names(of: path) == ["b"])
        try Folders.remove(path.appending("b"), .files)
        #expect(try Folders.isEmpty(path))
    }

    @Test("the folder of a file that is named without one is there already")
    func bare() throws { try Folders.make(FilePath("memory.json").removingLastComponent()) }

    @Test("a folder is made with those above it, again without complaint, and not in a file's place")
    func making() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("a").appending("b").appending("c")
        try Folders.make(path)
        try Folders.make(path)
        #expect(try FileStatus.of(path)?.kind == .directory)
        #expect(throws: SystemError.self) { try Folders.makeNew(path) }
        #expect(throws: SystemError.self) { try Folders.makeNew(folder.path.appending("x").appending("y")) }
        _ = try folder.write("x", to: "file")
        #expect(throws: SystemError.self) { try Folders.make(folder.path.appending("file").appending("in")) }
    }

    @Test("names are sorted, none where there is no folder, and no list where something else is")
    func names() throws {
        let folder = try TemporaryFolder()
        for name in ["b", "a", ".c"] { _ = try folder.write("x", to: name) }
        #expect(try Folders.names(of: folder.path) == [".c", "a", "b"])
        #expect(try Folders.names(of: folder.path.appending("nothing")) == [])
        #expect(throws: SystemError.self) { try Folders.names(of: folder.path.appending("a")) }
        #expect(try Folders.isEmpty(folder.path.appending("a")) == false)
    }
}

import DiskContract
import SystemPackage
import Testing

@Suite("Persistent store")
struct PersistentStoreTests {
    @Test(
        "two paths never share a folder of the store",
        arguments: [
            ("/", "%root"), ("/var", "var"), ("/var/lib", "var%2Flib"), ("/var%2Flib", "var%252Flib"),
            ("/var-lib", "var-lib"), ("/%root", "%25root"),
        ])
    func storeName(path: String, name: String) {
        #expect(FilePath(path).storeName == name)
        #expect(PersistentStore.folder(of: FilePath(path)) == FilePath("state/\(name)"))
    }

    @Test("a mark is read as it was written", arguments: [["a"], ["a/b", "c d"], ["with\nline", "x"], [""]])
    func roundTrip(paths: [String]) {
        var mark = ResetMark()
        for path in paths { mark.add(FilePath(path)) }
        #expect(mark.paths == paths.map { FilePath($0) })
        #expect(ResetMark(mark.bytes) == mark)
    }

    @Test("a path that lies in another one is part of it, in whichever order they come")
    func nesting() {
        var mark = ResetMark()
        for path in ["a/b", "a/bc", "a", "a/x/y", "b"] { mark.add(FilePath(path)) }
        #expect(mark.paths == ["a", "b"])
        mark.add("")
        #expect(mark.paths == [""])
    }

    @Test("what is taken back goes with all that lies in it, and nothing else does")
    func remove() {
        var mark = ResetMark()
        for path in ["a/b", "a/c", "ab"] { mark.add(FilePath(path)) }
        let isGone = mark.remove("a")
        #expect(isGone && mark.paths == ["ab"])
        let isPart = mark.remove("ab/x")
        #expect(!isPart, "the boot would take it away with the folder that is marked")
    }

    @Test(
        "no mark leads out of the kept path",
        arguments: ["../x", "a/../../b", "..", "a/.."].map { Array($0.utf8) + [0] })
    func hostile(bytes: [UInt8]) {
        #expect(ResetMark(bytes).paths.isEmpty)
    }

    @Test(
        "a root in a mark is dropped, and so are empty entries", arguments: [("/etc/x", "etc/x"), ("./a/./b", "a/b")])
    func odd(text: String, path: String) {
        #expect(ResetMark(Array("\0\0\(text)\0\0".utf8)).paths == [FilePath(path)])
    }

    @Test("a mark of very many paths is read in no time, as far as it counts")
    func many() {
        let bytes = (0..<60_000).flatMap { _ in Array("x\0".utf8) } + Array("y\0".utf8)
        #expect(ResetMark(bytes).paths == ["x"])
        #expect(ResetMark([UInt8](repeating: 0x61, count: 60_000)).paths.isEmpty, "no path is that long")
    }
}

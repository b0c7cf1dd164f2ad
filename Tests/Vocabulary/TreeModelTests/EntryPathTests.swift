import ImageModel
import Testing
import TreeFixtures

@testable import TreeModel

@Suite("Paths in a tree")
struct EntryPathTests {
    @Test("a path knows its folders from the top down, its parent and its name")
    func folders() {
        let path: EntryPath = "a/b/c"
        #expect(path.folders == ["a", "a/b"])
        #expect(path.parent == "a/b")
        #expect(Array(path.name) == Array("c".utf8))
        #expect(EntryPath("a").parent == .root && EntryPath("a").folders == [])
        #expect(EntryPath.root.parent == nil && EntryPath.root.folders == [])
        #expect(EntryPath.root.appending("a".utf8).appending("b".utf8) == "a/b")
    }

    @Test("a path lies below the folders above it, and below nothing that only begins like one")
    func below() {
        #expect(EntryPath("a/b").isBelow("a") && EntryPath("a/b/c").isBelow("a") && EntryPath("a").isBelow(.root))
        #expect(!EntryPath("ab").isBelow("a") && !EntryPath("a").isBelow("a") && !EntryPath.root.isBelow(.root))
        #expect(!EntryPath("a").isBelow("a/b"))
    }

    @Test(
        "a name that is no text is shown with its bytes, so that two names never look alike",
        arguments: [
            (Array("a/ä€😀".utf8), "/a/ä€😀", true), ([0x61, 0xFF, 0x62], "/a\\xffb", false),
            ([0xC3], "/\\xc3", false), ([0xE2, 0x82, 0x61], "/\\xe2\\x82a", false), ([0x0A], "/\\x0a", false),
            ([0x7F], "/\\x7f", false), ([0xF0, 0x9F, 0x98], "/\\xf0\\x9f\\x98", false),
        ])
    func escapes(bytes: [UInt8], text: String, isText: Bool) throws {
        let path = try #require(EntryPath(normalizing: bytes))
        #expect(path.absolute == text)
        #expect(path.isText == isText)
    }

    @Test("paths are compared by bytes: two spellings of one letter are two names")
    func spellings() {
        let (composed, decomposed) = (EntryPath("\u{E9}"), EntryPath("e\u{301}"))
        #expect(composed != decomposed)
        #expect(decomposed < composed)
    }

    @Test("what is in a folder follows it, before names that only begin like it")
    func order() {
        let paths: [EntryPath] = ["", "a", "a/b", "a/b/c", "a/b-", "a/c", "a b", "a-", "a.b", "aa", "b"]
        #expect(paths.reversed().sorted() == paths)
        #expect(!(paths[1] < paths[1]))
    }
}

import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Differences of artefacts")
struct ArtefactDifferenceTests {
    @Test("are told also of what a rule leaves out of packages, and of what only one of them takes away")
    func whole() {
        let old = Artefact(
            Fixture.tree(Fixture.file("a"), Fixture.file("var/log/l", 1), Fixture.file("gone")), removed: ["x", "y"])
        let new = Artefact(
            Fixture.tree(Fixture.file("a"), Fixture.file("var/log/l", 2), Fixture.file("new")), removed: ["y", "z"])
        let difference = ArtefactDifference(from: old, to: new)
        #expect(difference.tree.changed.map(\.target.path) == ["var/log/l"] && difference.tree.excluded.isEmpty)
        #expect(difference.tree.added.map(\.path) == ["new"] && difference.tree.removed.map(\.path) == ["gone"])
        #expect(difference.hidden == ["z"] && difference.shown == ["x"] && !difference.isEmpty)
        #expect(ArtefactDifference(from: old, to: old).isEmpty)
        #expect(!ArtefactDifference(from: old, to: Artefact(old.listing, removed: ["x"])).isEmpty)
        #expect(!ArtefactDifference(from: old, to: Artefact(old.listing, removed: ["x", "y", "z"])).isEmpty)
    }

    @Test(
        "of a file are said: kind, mode, owner, content",
        arguments: [
            (Fixture.file("f", 2), ["content"]), (Fixture.file("f", 2, size: 3), ["content, 1 → 3 bytes"]),
            (Fixture.file("f", permissions: 0o4755), ["mode 0644 → 4755"]),
            (Fixture.file("f", owner: 7), ["owner 0:0 → 7:0"]),
            (Fixture.folder("f", permissions: 0o644), ["file → folder"]),
            (Fixture.link("f", to: "x"), ["file → link", "mode 0644 → 0777"]),
            (Fixture.file("f", 2, permissions: 0o600), ["mode 0644 → 0600", "content"]),
            (Fixture.file("f", first: "e"), ["names"]),
        ])
    func words(new: TreeEntry, words: [String]) {
        #expect(TreeDifference.Change(base: Fixture.file("f"), target: new).words == words)
    }

    @Test("of two builds all paths are told, and no folder for what is in it alone")
    func builds() {
        let old = Artefact(
            Fixture.tree(Fixture.file("a/x"), Fixture.file("b/old/y"), Fixture.file("c")), removed: ["r/one", "s"])
        let new = Artefact(
            Fixture.tree(
                Fixture.folder("a", permissions: 0o700), Fixture.file("a/x", 2), Fixture.file("b/new/z"),
                Fixture.folder("b/empty"), Fixture.file("c")), removed: ["s", "t"])
        let paths = ArtefactDifference(from: old, to: new).pathsOfTwoBuilds
        #expect(
            paths.map { "\($0.path.absolute): \($0.words.joined(separator: "; "))" } == [
                "/a: mode 0755 → 0700", "/a/x: content", "/b/empty: only in the second build",
                "/b/new/z: only in the second build", "/b/old/y: only in the first build",
                "/r/one: taken away in the first build only", "/t: taken away in the second build only",
            ])
        #expect(ArtefactDifference(from: old, to: old).pathsOfTwoBuilds.isEmpty)
    }
}

import BuildPlanning
import Testing
import TreeFixtures
import TreeModel

@testable import PackageBuilding

@Suite("What counts of a package's folder")
struct PackageFolderTests {
    @Test("is everything but its own description and version control, at whatever depth")
    func counted() {
        let folder = PackageFolder(
            Fixture.tree(
                Fixture.file("package.yaml"), Fixture.file("tree/package.yaml"), Fixture.file(".git/HEAD"),
                Fixture.file("tree/.git"), Fixture.file("tree/.hg/x"), Fixture.file(".svn/x"), Fixture.file(".bzr/x"),
                Fixture.file(".gitignore"), Fixture.file("text")))
        #expect(folder.entries.entries.map(\.path.description) == [".gitignore", "text", "tree", "tree/package.yaml"])
    }

    @Test("says nothing of who made the checkout, and enters the key in words")
    func words() {
        let folder = PackageFolder(
            Fixture.tree(
                Fixture.file("b", permissions: 0o600, owner: 7), Fixture.file("a", 2, permissions: 0o700),
                Fixture.folder("c", permissions: 0o700), Fixture.link("d", to: "x y"),
                TreeEntry(path: "e", kind: .fifo, permissions: 0o600)))
        #expect(
            folder.files.map { "\($0.path): \($0.content)" } == [
                "a: 0755 sha256:" + String(repeating: "02", count: 32),
                "b: 0644 sha256:" + String(repeating: "01", count: 32), "c: folder", "d: link to x y",
                "e: nothing that is copied",
            ])
        #expect(folder.entries.entries.allSatisfy { $0.owner == 0 })
    }
}

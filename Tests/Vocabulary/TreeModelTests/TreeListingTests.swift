import ImageModel
import Testing
import TreeFixtures

@testable import TreeModel

@Suite("Listings of trees")
struct TreeListingTests {
    @Test("entries are sorted by path, the last of one path counts, and the root does not")
    func sorting() {
        let listing = TreeListing([
            Fixture.file("b"), Fixture.file("a/x"), Fixture.file("a.b"), TreeEntry(path: .root, kind: .directory),
            Fixture.file("a.b", size: 2), TreeEntry(path: "a", kind: .directory),
        ])
        #expect(listing.entries.map(\.path) == ["a", "a/x", "a.b", "b"])
        #expect(listing["a.b"]?.size == 2)
        #expect(listing["a/x"]?.path == "a/x" && listing["a/y"] == nil && listing["c"] == nil && listing[""] == nil)
    }

    @Test("the first name of a file is that of its names that are there, and one name alone is none")
    func firstNames() {
        let listing = TreeListing([
            Fixture.file("c", first: "b"), Fixture.file("d", first: "b"), Fixture.file("x", first: "w"),
            Fixture.file("y"),
        ])
        #expect(listing.entries.map(\.firstName) == ["c", "c", nil, nil])
        #expect(listing.entries.map(\.isFurtherName) == [false, true, false, false])
    }

    @Test("files of two trees that share a first name by chance are two files")
    func foreignNames() {
        let old = [
            Fixture.file("a", 1, first: "a"), Fixture.file("b", 1, first: "a"), Fixture.file("c", 1, first: "a"),
        ]
        let new = [Fixture.file("a", 2, first: "a"), Fixture.file("x", 2, first: "a")]
        let listing = TreeListing(old + new)
        #expect(listing.entries.map(\.path) == ["a", "b", "c", "x"])
        #expect(listing.entries.map(\.firstName) == ["a", "b", "b", "a"])
    }

    @Test("the installed size counts the content of a file with several names once")
    func size() {
        let listing = TreeListing([
            Fixture.file("a", size: 5, first: "a"), Fixture.file("b", size: 5, first: "a"), Fixture.file("c", size: 2),
        ])
        #expect(listing.installedSize == 7)
    }

    @Test("what a file is does not depend on its further names, and on everything else")
    func sameness() {
        let entry = Fixture.file("a")
        #expect(entry.isSame(as: Fixture.file("b", first: "a")))
        var changes: [TreeEntry] = Array(repeating: entry, count: 6)
        changes[0].permissions = 0o600
        changes[1].owner = 1
        changes[2].group = 1
        changes[3].attributes = [FileAttribute(name: [1], value: [])]
        changes[4].kind = .regular(size: 2, digest: Fixture.digest(1))
        changes[5].kind = .regular(size: 1, digest: Fixture.digest(2))
        for change in changes { #expect(!entry.isSame(as: change)) }
        #expect(TreeListing([entry]).isSame(as: TreeListing([Fixture.file("a", first: "x")])))
        #expect(!TreeListing([entry]).isSame(as: TreeListing([Fixture.file("b")])))
        #expect(!TreeListing([entry]).isSame(as: .empty))
    }

    @Test("a checkout belongs to root and has the permissions that its execute bits mean, whatever the umask was")
    func checkout() {
        func tree(_ folder: UInt16, _ program: UInt16, _ text: UInt16, _ owner: UInt32) -> TreeListing {
            TreeListing([
                TreeEntry(path: "d", kind: .directory, permissions: folder, owner: owner, group: owner),
                TreeEntry(
                    path: "d/p", kind: .regular(size: 1, digest: Fixture.digest(1)), permissions: program, owner: owner),
                TreeEntry(
                    path: "d/t", kind: .regular(size: 1, digest: Fixture.digest(1)), permissions: text, group: owner),
                TreeEntry(path: "l", kind: .symbolicLink(target: [1]), permissions: 0o700),
            ])
        }
        let result = tree(0o700, 0o700, 0o600, 1_000).asCheckout
        #expect(result == tree(0o2775, 0o775, 0o664, 7).asCheckout)
        #expect(result.entries.map(\.permissions) == [0o755, 0o755, 0o644, 0o777])
        #expect(result.entries.allSatisfy { $0.owner == 0 && $0.group == 0 && $0.attributes == [] })
    }
}

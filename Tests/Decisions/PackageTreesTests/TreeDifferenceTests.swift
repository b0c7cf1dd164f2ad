import SeededNumbers
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Differences of trees")
struct TreeDifferenceTests {
    @Test("files are added, changed and removed; what is the same or left out by a rule is not told")
    func difference() {
        let base = Fixture.tree(
            Fixture.file("a/same"), Fixture.file("a/changed"), Fixture.file("a/gone"), Fixture.file("etc/mode"),
            Fixture.file("var/lib/apt/lists/x"), Fixture.file("var/log/l", 1))
        let target = Fixture.tree(
            Fixture.file("a/same", first: "a/same"), Fixture.file("a/changed", 2), Fixture.file("a/new"),
            Fixture.file("etc/mode", permissions: 0o600), Fixture.folder("run"), Fixture.file("run/x"),
            Fixture.file("var/log/l", 2))
        let difference = TreeDifference(from: base, to: target)
        #expect(difference.added == [Fixture.file("a/new")])
        #expect(difference.changed.map(\.base) == [Fixture.file("a/changed"), Fixture.file("etc/mode")])
        #expect(difference.changed.map(\.target.path) == ["a/changed", "etc/mode"])
        #expect(difference.removed.map(\.path) == ["a/gone", "var/lib", "var/lib/apt", "var/lib/apt/lists"])
        #expect(difference.excluded.map(\.path) == ["run", "run/x", "var/log/l"])
        #expect(difference.excluded.last?.rule.reason == "logs differ from build to build")
    }

    @Test("a tree does not differ from itself")
    func nothing() {
        let tree = Fixture.tree(Fixture.file("a/b"), Fixture.link("l", to: "x"))
        let difference = TreeDifference(from: tree, to: tree)
        #expect(difference.added == [] && difference.changed == [] && difference.removed == [])
    }

    @Test("the base and the artefact of a difference are the tree that was built, whatever was done")
    func roundTrip() throws {
        var numbers = SeededGenerator(seed: 11)
        let all = ArtefactSection(overrides: globs("/**"), removes: globs("/**"))
        for _ in 0..<300 {
            let (base, target) = (RandomTree.make(&numbers), RandomTree.make(&numbers))
            let difference = TreeDifference(from: base, to: target)
            let artefact = try Artefact(of: difference, in: target, all)
            #expect(artefact.applied(to: base).isSame(as: target))
            // No whiteout lies below another one, or below a file.
            #expect(!artefact.removed.contains { path in path.folders.contains { artefact.removed.contains($0) } })
            #expect(artefact.removed.allSatisfy { target[$0] == nil && base[$0] != nil })
        }
    }
}

/// Makes small trees that often have the same names.
enum RandomTree {
    static func make(_ numbers: inout SeededGenerator, names: [String] = ["a", "b", "c"]) -> TreeListing {
        var entries: [TreeEntry] = []
        fill(.root, depth: 0, names, &entries, &numbers)
        return TreeListing(entries)
    }

    private static func fill(
        _ folder: EntryPath, depth: Int, _ names: [String], _ entries: inout [TreeEntry],
        _ numbers: inout SeededGenerator
    ) {
        for name in names where Bool.random(using: &numbers) {
            let path = folder.appending(name.utf8)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0...2 where depth < 3:
                let mode: UInt16 = Bool.random(using: &numbers) ? 0o755 : 0o700
                entries.append(Fixture.folder(path, permissions: mode))
                fill(path, depth: depth + 1, names, &entries, &numbers)
            case 3: entries.append(Fixture.link(path, to: Bool.random(using: &numbers) ? "x" : "y"))
            default: entries.append(Fixture.file(path, UInt8.random(in: 1...3, using: &numbers)))
            }
        }
    }
}

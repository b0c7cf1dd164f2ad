import ImageModel
import SeededNumbers
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("What a last layer says")
struct JoinCorrectionTests {
    private static func correction(
        _ packages: [JoinedPackage], on base: TreeListing = .empty, _ contents: [Int: String] = [:]
    ) throws -> JoinCorrection {
        let join = try PackageJoin(on: base, packages)
        let state = try MergedState(of: join, on: base, packages) { _, origin in
            switch origin {
            case .base: Array((contents[-1] ?? "").utf8)
            case .package(let index): Array((contents[index] ?? "").utf8)
            }
        }
        return JoinCorrection(of: join, on: base, packages, state) { bytes in Fixture.digest(UInt8(bytes.count)) }
    }

    private static func package(_ who: String, _ entries: TreeEntry...) -> JoinedPackage {
        JoinedPackage(who, Artefact(Fixture.tree(entries)))
    }

    @Test("packages that have nothing in common need no word")
    func nothing() throws {
        let correction = try Self.correction([
            Self.package("a/a", Fixture.file("a/x")), Self.package("a/b", Fixture.file("b/x")),
        ])
        #expect(correction.artefact == Artefact(.empty) && correction.contents == [:] && correction.origins == [:])
    }

    @Test("merged files and folders that say more than the last layer are in it, with the folders above them")
    func files() throws {
        let correction = try Self.correction(
            [
                Self.package("a/a", Fixture.folder("root", permissions: 0o700), Fixture.file("etc/shells", 1)),
                Self.package("a/b", Fixture.file("root/x"), Fixture.file("etc/shells", 2)),
            ], on: Fixture.tree(Fixture.file("etc/shells", 3)), [0: "/a\n", 1: "/b\n"])
        #expect(
            correction.artefact.listing.entries == [
                Fixture.folder("etc"), Fixture.file("etc/shells", 6, size: 6),
                Fixture.folder("root", permissions: 0o700),
            ])
        #expect(correction.contents == ["etc/shells": Array("/a\n/b\n".utf8)])
        #expect(correction.origins == [:])
    }

    @Test("a file that a later package has as the base had it comes from the one that changed it")
    func origins() throws {
        let base = Fixture.tree(Fixture.file("etc/shells", 1))
        let correction = try Self.correction(
            [Self.package("a/a", Fixture.file("etc/shells", 2)), Self.package("a/b", Fixture.file("etc/shells", 1))],
            on: base)
        #expect(correction.origins == ["etc/shells": .package(0)])
        #expect(correction.artefact.listing["etc/shells"] == Fixture.file("etc/shells", 2))
    }

    @Test("links of alternatives are set, made and taken away")
    func links() throws {
        let tree = Fixture.tree(
            Fixture.file("etc/group", 1), Fixture.link("etc/alternatives/old", to: "x"),
            Fixture.link("etc/alternatives/a", to: "x"))
        var state = try MergedState(of: PackageJoin(on: tree, []), on: tree, []) { _, _ in [] }
        state.change(
            files: ["etc/group": Array("ab".utf8)], links: ["etc/alternatives/a": [1], "etc/alternatives/b": [2]],
            removed: ["etc/alternatives/old"])
        let result = state.applied(to: tree) { bytes in Fixture.digest(UInt8(bytes.count)) }
        #expect(
            result.entries == [
                Fixture.folder("etc"), Fixture.folder("etc/alternatives"),
                Fixture.link("etc/alternatives/a", to: "\u{1}"),
                Fixture.link("etc/alternatives/b", to: "\u{2}"), Fixture.file("etc/group", 2, size: 2),
            ])
        let join = try PackageJoin(on: tree, [])
        let correction = JoinCorrection(of: join, on: tree, [], state) { _ in Fixture.digest(2) }
        #expect(correction.artefact.removed == ["etc/alternatives/old"])
        #expect(correction.artefact.applied(to: tree).isSame(as: result))
    }

    @Test("layers and the last one on them are the joined tree, whatever the packages have")
    func property() throws {
        var numbers = SeededGenerator(seed: 5)
        var joined = 0
        for _ in 0..<600 {
            let base = RandomTree.make(&numbers, names: ["x", "a"])
            let packages = ["p", "q"].map { name in
                JoinedPackage(name, Artefact(RandomTree.make(&numbers, names: ["a", "b", name])))
            }
            guard let join = try? PackageJoin(on: base, packages) else { continue }
            joined += 1
            let correction = try Self.correction(packages, on: base)
            let stacked = packages.reduce(base) { $1.artefact.applied(to: $0) }
            #expect(correction.artefact.applied(to: stacked).isSame(as: join.listing))
        }
        #expect(joined > 30)
    }
}

extension MergedState {
    /// Puts in what a merge would.
    fileprivate mutating func change(files: [EntryPath: [UInt8]], links: [EntryPath: [UInt8]], removed: [EntryPath]) {
        (self.files, self.links, self.removed) = (files, links, removed)
    }
}

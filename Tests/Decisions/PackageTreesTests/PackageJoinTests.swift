import Faults
import SeededNumbers
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

private func package(
    _ who: String, _ entries: TreeEntry..., removed: [EntryPath] = [], overrides: [PathGlob] = []
) -> JoinedPackage {
    JoinedPackage(who, Artefact(Fixture.tree(entries), removed: removed), overrides: overrides)
}

@Suite("Joining packages")
struct PackageJoinTests {
    @Test("files of all packages are in the result, each with its origin; equal ones are fine")
    func union() throws {
        let base = Fixture.tree(Fixture.file("bin/sh"))
        let packages = [
            package("app/a", Fixture.file("bin/a"), Fixture.file("etc/same")),
            package("app/b", Fixture.file("bin/b"), Fixture.file("etc/same", first: "etc/same")),
        ]
        let join = try PackageJoin(on: base, packages)
        #expect(
            join.listing
                == Fixture.tree(
                    Fixture.file("bin/sh"), Fixture.file("bin/a"), Fixture.file("bin/b"), Fixture.file("etc/same")))
        #expect(join.origins["bin/sh"] == .base && join.origins["bin"] == .base)
        #expect(join.origins["etc/same"] == .package(0) && join.origins["bin/b"] == .package(1))
        #expect(join.merges == [])
    }

    @Test("different files of one path are an error that names the path and both")
    func conflict() {
        let base = Fixture.tree(Fixture.file("etc/motd"))
        let packages = [
            package("app/a", Fixture.file("etc/x")),
            package("app/b", Fixture.file("etc/x", permissions: 0o600), Fixture.file("etc/motd", 2)),
        ]
        let error = #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, packages) }
        #expect(error?.kind == .conflict)
        #expect(
            error?.cause
                == "they have different files of one path: /etc/motd of the base and app/b, /etc/x of app/a and "
                + "app/b")
    }

    @Test("the later package wins what it says that it overrides, and the earlier one cannot")
    func overrides() throws {
        let one = package("app/a", Fixture.file("etc/x", 1), overrides: globs("/etc/x"))
        let other = package("app/b", Fixture.file("etc/x", 2), overrides: globs("/etc/x"))
        #expect(try PackageJoin([one, other]).listing["etc/x"] == Fixture.file("etc/x", 2))
        #expect(throws: PackageTreesError.self) { try PackageJoin([one, package("app/b", Fixture.file("etc/x", 2))]) }
    }

    @Test("a folder that only holds others changes none that says more, in either order")
    func plainFolders() throws {
        let strict = package("system/base", Fixture.folder("root", permissions: 0o700))
        let plain = package("app/files", Fixture.file("root/.profile"))
        for packages in [[strict, plain], [plain, strict]] {
            let join = try PackageJoin(packages)
            #expect(join.listing["root"]?.permissions == 0o700)
            #expect(join.listing["root/.profile"] != nil)
        }
        #expect(try PackageJoin([strict, plain]).origins["root"] == .package(0))
        #expect(throws: PackageTreesError.self) {
            try PackageJoin([strict, package("app/b", Fixture.folder("root", permissions: 0o750))])
        }
    }

    @Test("a folder in the place of a link is an error, so that /lib stays a link")
    func linkedFolders() {
        let base = Fixture.tree(Fixture.link("lib", to: "usr/lib"))
        #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, [package("a/b", Fixture.file("lib/x"))]) }
    }

    @Test("a package takes away what lies below it, and a file that replaces a folder takes its content along")
    func removal() throws {
        let base = Fixture.tree(Fixture.file("a/x/y"), Fixture.file("a/z"), Fixture.file("ab"), Fixture.file("d/e/f"))
        let packages = [
            package("app/a", Fixture.file("a/x/new")),
            package("app/b", Fixture.file("a/x", 3), removed: ["a/x"]),
            package("app/c", Fixture.link("d", to: "a"), overrides: globs("/d")),
        ]
        let join = try PackageJoin(on: base, packages)
        #expect(
            join.listing.entries.map(\.path) == ["a", "a/x", "a/z", "ab", "d"])
        #expect(join.origins["a/x"] == .package(1))
    }

    @Test("shared state that one package has changed is taken as it is; of several it is merged")
    func merges() throws {
        let base = Fixture.tree(Fixture.file("etc/passwd", 1), Fixture.file("var/lib/dpkg/status", 1))
        let packages = [
            package("app/a", Fixture.file("etc/passwd", 2), Fixture.file("var/lib/dpkg/status", 2)),
            package("app/b", Fixture.file("etc/passwd", 1), Fixture.file("var/lib/dpkg/status", 3)),
            package("app/c", Fixture.file("var/lib/dpkg/status", 2), overrides: globs("/var/lib/dpkg/**")),
        ]
        let join = try PackageJoin(on: base, packages)
        #expect(join.listing["etc/passwd"] == Fixture.file("etc/passwd", 2))
        #expect(join.origins["etc/passwd"] == .package(0))
        let merge = try #require(join.merges.first)
        #expect(join.merges.count == 1 && merge.path == "var/lib/dpkg/status" && merge.rule == .packages(.dpkg))
        #expect(merge.base == Fixture.file("var/lib/dpkg/status", 1))
        #expect(merge.versions.map(\.package) == [0, 1, 2])
        #expect(merge.versions.map(\.overrides) == [false, false, true])
    }

    @Test("owner and mode of merged state are those of the one that changed them")
    func ownership() throws {
        let base = Fixture.tree(Fixture.file("etc/shadow", 1, permissions: 0o640))
        let changed = package("app/a", Fixture.file("etc/shadow", 2, permissions: 0o600))
        let other = package("app/b", Fixture.file("etc/shadow", 3, permissions: 0o640))
        for packages in [[changed, other], [other, changed]] {
            #expect(try PackageJoin(on: base, packages).listing["etc/shadow"]?.permissions == 0o600)
        }
        let third = package("app/c", Fixture.file("etc/shadow", 3, permissions: 0o644))
        let error = #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, [changed, third]) }
        #expect(error?.kind == .state && error?.cause.contains("owner or mode are different") == true)
    }

    @Test("a database that cannot be merged may be changed by one package, or is that of the last that says so")
    func databases() throws {
        let path: EntryPath = "var/lib/rpm/rpmdb.sqlite"
        let base = Fixture.tree(Fixture.file(path, 1))
        let (one, same) = (package("app/a", Fixture.file(path, 2)), package("app/b", Fixture.file(path, 1)))
        #expect(try PackageJoin(on: base, [one, same]).listing[path] == Fixture.file(path, 2))
        let other = package("app/b", Fixture.file(path, 3))
        let error = #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, [one, other]) }
        #expect(error?.description.contains("app/a, app/b change it, and only one package may change it") == true)
        let built = package("app/b", Fixture.file(path, 3), overrides: globs("/var/lib/rpm"))
        let join = try PackageJoin(on: base, [one, built])
        #expect(join.listing[path] == Fixture.file(path, 3) && join.merges == [])
    }

    @Test("a package that was built on another has its database, and its owners and modes")
    func builtOn() throws {
        let (path, shadow): (EntryPath, EntryPath) = ("var/lib/rpm/rpmdb.sqlite", "etc/shadow")
        let base = Fixture.tree(Fixture.file(path, 1), Fixture.file(shadow, 1))
        let one = package("app/a", Fixture.file(path, 2), Fixture.file(shadow, 2, permissions: 0o640))
        var upper = package("app/b", Fixture.file(path, 3), Fixture.file(shadow, 3, permissions: 0o600))
        #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, [one, upper]) }
        upper.builtOn = ["app/a"]
        let join = try PackageJoin(on: base, [one, upper])
        #expect(join.listing[path] == Fixture.file(path, 3))
        #expect(join.listing[shadow]?.permissions == 0o600)
        #expect(join.merges.map(\.path) == [shadow])
        // What it has as the base has it, it took back.
        let back = JoinedPackage("app/b", Artefact(Fixture.tree(Fixture.file(path, 1))), builtOn: ["app/a"])
        #expect(try PackageJoin(on: base, [one, back]).listing[path] == Fixture.file(path, 1))
        // A third one beside them is a contradiction still.
        let third = package("app/c", Fixture.file(path, 4))
        #expect(throws: PackageTreesError.self) { try PackageJoin(on: base, [one, upper, third]) }
    }

    @Test("packages without a conflict give one result in every order")
    func order() throws {
        var numbers = SeededGenerator(seed: 3)
        var joined = 0
        for _ in 0..<600 {
            let packages = ["p", "q", "r"].map { name in
                JoinedPackage(name, Artefact(RandomTree.make(&numbers, names: ["a", "b", name])))
            }
            let base = RandomTree.make(&numbers, names: ["x"])
            guard let join = try? PackageJoin(on: base, packages) else { continue }
            joined += 1
            for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                #expect(try PackageJoin(on: base, order.map { packages[$0] }).listing.isSame(as: join.listing))
            }
        }
        #expect(joined > 30)
    }
}

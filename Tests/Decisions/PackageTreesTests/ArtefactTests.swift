import Faults
import PackageModel
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Artefacts")
struct ArtefactTests {
    private static let base = Fixture.tree(
        Fixture.file("etc/app.conf"), Fixture.file("etc/passwd"), Fixture.file("usr/lib/old/a"),
        Fixture.file("usr/lib/old/b"), Fixture.file("usr/bin/tool"), Fixture.file("var/lib/dpkg/status"))

    private static func artefact(_ target: TreeListing, _ section: ArtefactSection) throws -> Artefact {
        try Artefact(of: TreeDifference(from: base, to: target, rules: section.rules), in: target, section)
    }

    private static func without(_ paths: EntryPath..., adding: TreeEntry...) -> TreeListing {
        TreeListing(base.entries.filter { !paths.contains($0.path) } + Fixture.tree(adding).entries)
    }

    @Test("what was added is carried with the folders above it, as they are in the tree")
    func parents() throws {
        let target = TreeListing(
            Self.base.entries + [
                Fixture.folder("opt", permissions: 0o711), Fixture.folder("opt/app"), Fixture.file("opt/app/x"),
            ])
        let artefact = try Self.artefact(target, ArtefactSection())
        #expect(artefact.listing.entries.map(\.path) == ["opt", "opt/app", "opt/app/x"])
        #expect(artefact.listing["opt"]?.permissions == 0o711)
        #expect(artefact.removed == [])
    }

    @Test("a change or a deletion that nobody declared is an error that lists them")
    func undeclared() throws {
        let target = Self.without("usr/bin/tool", adding: Fixture.file("etc/app.conf", 2))
        let error = #expect(throws: PackageTreesError.self) { try Self.artefact(target, ArtefactSection()) }
        #expect(error?.kind == .undeclared)
        #expect(
            error.map { "\($0)" }
                == "making the artefact: the steps changed files of the base: /etc/app.conf; the steps removed files of "
                + "the base: /usr/bin/tool. Name them in 'artefact.overrides' and 'artefact.removes', leave them out by "
                + "'artefact.exclude', or undo the changes in the last step.")
        let half = ArtefactSection(overrides: globs("/etc/app.conf"))
        let second = #expect(throws: PackageTreesError.self) { try Self.artefact(target, half) }
        #expect(second?.cause == "the steps removed files of the base: /usr/bin/tool")
        let both = ArtefactSection(overrides: globs("/etc/*"), removes: globs("/usr/bin"))
        let artefact = try Self.artefact(target, both)
        #expect(artefact.listing.entries.map(\.path) == ["etc", "etc/app.conf", "usr", "usr/bin"])
        #expect(artefact.removed == ["usr/bin/tool"])
    }

    @Test("of many only twenty are listed, and the rest is counted")
    func manyUndeclared() throws {
        let base = Fixture.tree((0..<25).map { Fixture.file(EntryPath(stringLiteral: "f\(10 + $0)")) })
        let difference = TreeDifference(from: base, to: .empty)
        let error = #expect(throws: PackageTreesError.self) {
            try Artefact(of: difference, in: .empty, ArtefactSection())
        }
        #expect(error?.cause.hasSuffix("/f28, /f29 and 5 more") == true)
    }

    @Test("state that is merged when packages are joined needs no word")
    func sharedState() throws {
        let target = Self.without(adding: Fixture.file("etc/passwd", 2), Fixture.file("var/lib/dpkg/status", 2))
        let artefact = try Self.artefact(target, ArtefactSection())
        #expect(artefact.listing.entries.filter(\.isRegular).map(\.path) == ["etc/passwd", "var/lib/dpkg/status"])
    }

    @Test("a folder that is gone is one whiteout, unless something of it is not to be removed")
    func whiteouts() throws {
        let target = Self.without("usr/lib/old", "usr/lib/old/a", "usr/lib/old/b")
        let whole = try Self.artefact(target, ArtefactSection(removes: globs("/usr/lib/old")))
        #expect(whole.removed == ["usr/lib/old"])
        let section = ArtefactSection(exclude: globs("/usr/lib/old/b"), removes: globs("/usr/lib/old"))
        #expect(try Self.artefact(target, section).removed == ["usr/lib/old/a"])
    }

    @Test("a folder that became a link takes away what was in it, and that has to be declared")
    func replaced() throws {
        let target = Self.without(
            "usr/lib/old", "usr/lib/old/a", "usr/lib/old/b", adding: Fixture.link("usr/lib/old", to: "new"))
        #expect(throws: PackageTreesError.self) {
            try Self.artefact(target, ArtefactSection(overrides: globs("/usr/lib/old")))
        }
        let section = ArtefactSection(overrides: globs("/usr/lib/old"), removes: globs("/usr/lib/old/**"))
        let artefact = try Self.artefact(target, section)
        #expect(artefact.removed == [])
        #expect(artefact.applied(to: Self.base).isSame(as: target))
    }

    @Test("only what is included and not excluded is carried, and only that must be declared")
    func selection() throws {
        let target = Self.without(
            "usr/bin/tool", adding: Fixture.file("opt/app/bin"), Fixture.file("opt/app/doc/x.gz"),
            Fixture.file("opt/other"), Fixture.file("etc/app.conf", 2))
        let section = ArtefactSection(include: globs("/opt/app"), exclude: globs("/**/*.gz"))
        let artefact = try Self.artefact(target, section)
        #expect(artefact.listing.entries.map(\.path) == ["opt", "opt/app", "opt/app/bin", "opt/app/doc"])
        #expect(artefact.removed == [])
    }

    @Test("secrets are an error with the reason, although 'keep' names them, and none when they are excluded")
    func secrets() throws {
        let target = Self.without(adding: Fixture.file("etc/ssh/ssh_host_rsa_key"), Fixture.file("etc/machine-id"))
        let error = #expect(throws: PackageTreesError.self) {
            try Self.artefact(target, ArtefactSection(keep: globs("/etc/**")))
        }
        #expect(error?.kind == .secret)
        #expect(
            error?.cause
                == "/etc/machine-id: it would give every machine the id of one, /etc/ssh/ssh_host_rsa_key: it is "
                + "a secret, and every machine would have the same")
        #expect(throws: PackageTreesError.self) { try Artefact(wholeOf: target, ArtefactSection()) }
        #expect(throws: PackageTreesError.self) { try Artefact(folder: target, ArtefactSection()) }
        let artefact = try Self.artefact(target, ArtefactSection(exclude: globs("/etc/ssh", "/etc/machine-id")))
        #expect(artefact.listing.entries == [])
    }

    @Test("names that are no text, or that mean something else in a layer, are an error with their bytes")
    func names() throws {
        let raw = try #require(EntryPath(normalizing: [0x61, 0xFF]))
        for (path, shown) in [(raw, "/a\\xff"), ("x/.wh.y", "/x/.wh.y")] as [(EntryPath, String)] {
            let error = #expect(throws: PackageTreesError.self) {
                try Artefact(folder: Fixture.tree(Fixture.file(path)), ArtefactSection())
            }
            #expect(error?.kind == .name)
            #expect(error?.cause.hasSuffix(": \(shown)") == true)
        }
        let link = TreeEntry(path: "l", kind: .symbolicLink(target: [0xFF]))
        let error = #expect(throws: PackageTreesError.self) {
            try Artefact(folder: TreeListing([link]), ArtefactSection())
        }
        #expect(error?.cause == "links lead to names that are not UTF-8: /l")
        // What the base has is nobody's concern.
        let base = Fixture.tree(Fixture.file(raw))
        #expect(try Artefact(of: TreeDifference(from: base, to: base), in: base, ArtefactSection()).listing == .empty)
    }

    @Test("a whole tree goes without what rules leave out; a folder that somebody filled goes as it is")
    func wholeTrees() throws {
        let tree = Fixture.tree(Fixture.file("run/x"), Fixture.file("etc/hostname"), Fixture.file("bin/x"))
        let whole = try Artefact(wholeOf: tree, ArtefactSection())
        #expect(whole.listing.entries.map(\.path) == ["bin", "bin/x", "etc", "run"])
        let kept = try Artefact(wholeOf: tree, ArtefactSection(keep: globs("/etc/hostname")))
        #expect(kept.listing["etc/hostname"] != nil)
        #expect(try Artefact(folder: tree, ArtefactSection()).listing == tree)
        let part = try Artefact(folder: tree, ArtefactSection(include: globs("/run/*")))
        #expect(part.listing.entries.map(\.path) == ["run", "run/x"])
    }

    @Test("each file goes to the first split that includes it, and folders do not stay for what has left them")
    func splits() throws {
        let tree = Fixture.tree(
            Fixture.file("usr/bin/a"), Fixture.file("usr/share/doc/a/x"), Fixture.file("usr/share/man/m"),
            Fixture.folder("usr/share/empty"), Fixture.file("usr/lib/l"))
        let artefact = Artefact(tree, removed: ["usr/share/doc/old", "usr/lib/old"])
        let splits = try [
            ArtefactSection.Split(PackageName(parsing: "app/doc"), include: globs("/usr/share/doc")),
            ArtefactSection.Split(PackageName(parsing: "app/data"), include: globs("/usr/share/**")),
        ]
        let (rest, parts) = artefact.divided(by: splits)
        #expect(parts.map(\.name.description) == ["app/doc", "app/data"])
        #expect(
            parts[0].artefact.listing.entries.map(\.path)
                == ["usr", "usr/share", "usr/share/doc", "usr/share/doc/a", "usr/share/doc/a/x"])
        #expect(parts[0].artefact.removed == ["usr/share/doc/old"])
        #expect(
            parts[1].artefact.listing.entries.map(\.path)
                == ["usr", "usr/share", "usr/share/empty", "usr/share/man", "usr/share/man/m"])
        #expect(rest.listing.entries.map(\.path) == ["usr", "usr/bin", "usr/bin/a", "usr/lib", "usr/lib/l"])
        #expect(rest.removed == ["usr/lib/old"])
        #expect(artefact.divided(by: []).rest == artefact)
    }
}

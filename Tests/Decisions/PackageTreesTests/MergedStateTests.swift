import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("State of joined packages")
struct MergedStateTests {
    @Test("accounts are merged with all their files, and what one package alone has changed is not read")
    func accounts() throws {
        let base = Fixture.tree(
            Fixture.file("etc/passwd", 0), Fixture.file("etc/group", 0), Fixture.file("etc/shells", 0))
        let packages = [
            JoinedPackage("a/a", Artefact(Fixture.tree(Fixture.file("etc/passwd", 1), Fixture.file("etc/shells", 1)))),
            JoinedPackage("a/b", Artefact(Fixture.tree(Fixture.file("etc/passwd", 2)))),
        ]
        let join = try PackageJoin(on: base, packages)
        let root = "root:x:0:0::/root:/bin/sh\n"
        let state = try MergedState(of: join, on: base, packages) { path, origin in
            #expect(path != "etc/shells")
            guard path == "etc/passwd" else { return Array("root:x:0:\n".utf8) }
            return switch origin {
            case .base: Array(root.utf8)
            case .package(0): Array((root + "b:x:101:1::/:/bin/sh\n").utf8)
            case .package: Array((root + "a:x:100:1::/:/bin/sh\n").utf8)
            }
        }
        #expect(
            state.files == ["etc/passwd": Array((root + "a:x:100:1::/:/bin/sh\nb:x:101:1::/:/bin/sh\n").utf8)])
        #expect(state.newAccounts.map(\.who) == ["a/b", "a/a"])
    }

    @Test("a word in 'overrides' reaches the merge of lines and of accounts")
    func overrides() throws {
        let files = [Fixture.file("etc/passwd", 1), Fixture.file("var/lib/dpkg/statoverride", 1)]
        let other = [Fixture.file("etc/passwd", 2), Fixture.file("var/lib/dpkg/statoverride", 2)]
        let packages = [
            JoinedPackage("a/a", Artefact(Fixture.tree(files))),
            JoinedPackage("a/b", Artefact(Fixture.tree(other)), overrides: globs("/etc/*", "/var/lib/dpkg")),
        ]
        let join = try PackageJoin(packages)
        let state = try MergedState(of: join, on: .empty, packages) { path, origin in
            let digit = origin == .package(0) ? "1" : "2"
            return Array((path == "etc/passwd" ? "a:x:10\(digit):1::/:\n" : "root root 75\(digit) /a\n").utf8)
        }
        #expect(state.files["etc/passwd"] == Array("a:x:102:1::/:\n".utf8))
        #expect(state.files["var/lib/dpkg/statoverride"] == Array("root root 752 /a\n".utf8))
    }

    @Test("what packages were built on reaches the merge of lines and of accounts")
    func builtOn() throws {
        let paths: [EntryPath] = ["etc/passwd", "var/lib/dpkg/statoverride"]
        var packages = (1...2).map { index in
            JoinedPackage("a/\(index)", Artefact(Fixture.tree(paths.map { Fixture.file($0, UInt8(index)) })))
        }
        func files() throws -> [EntryPath: [UInt8]] {
            let join = try PackageJoin(packages)
            return try MergedState(of: join, on: .empty, packages) { path, origin in
                let digit = origin == .package(0) ? "1" : "2"
                return Array((path == "etc/passwd" ? "a:x:10\(digit):1::/:\n" : "root root 75\(digit) /a\n").utf8)
            }.files
        }
        #expect(throws: (any Error).self) { try files() }
        packages[1].builtOn = ["a/1"]
        #expect(
            try files() == [paths[0]: Array("a:x:102:1::/:\n".utf8), paths[1]: Array("root root 752 /a\n".utf8)])
    }
}

import Foundation
import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Merged state against dpkg", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/dpkg-query")))
struct DpkgToolsTests {
    @Test("a merged alternative is the file that update-alternatives writes with all choices, and leads where it does")
    func alternatives() throws {
        let space = try Workspace()
        // It wants the choices to be there.
        let choices = [
            "/bin/cat 40 --slave $PWD/links/e.1 e.1 /bin/ls --slave $PWD/links/e.da.1 e.da.1 /bin/true",
            "/bin/sh 30 --slave $PWD/links/e.1 e.1 /bin/ls", "/bin/mv 55 --slave $PWD/links/a.1 a.1 /bin/ln",
        ]
        for (name, kept) in [("base", [0]), ("a", [0, 1]), ("b", [0, 2]), ("all", [0, 1, 2])] {
            try space.run("mkdir -p \(name)/alt \(name)/admin links")
            for choice in kept {
                try space.run(
                    "update-alternatives --quiet --force --log /dev/null --altdir $PWD/\(name)/alt --admindir "
                        + "$PWD/\(name)/admin --install $PWD/links/editor editor \(choices[choice])")
            }
        }
        let read = { try space.bytes("\($0)/admin/editor") } as (String) throws -> [UInt8]
        let merged = try AlternativeFile.merge(
            "editor", base: read("base"), [StateVersion("a/a", read("a")), StateVersion("a/b", read("b"))])
        #expect(String(decoding: merged, as: UTF8.self) == String(decoding: try read("all"), as: UTF8.self))
        let links = try #require(AlternativeFile(parsing: merged)?.links(named: "editor"))
        let shown = links.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        #expect(
            try space.run("cd all/alt; for l in *; do echo \"$l $(readlink $l)\"; done") == shown)
    }

    @Test("dpkg reads a merged list of packages, and has all of them")
    func status() throws {
        let space = try Workspace()
        func stanza(_ name: String, _ version: String) -> String {
            "Package: \(name)\nStatus: install ok installed\nMaintainer: m <m@example.org>\nArchitecture: all\n"
                + "Version: \(version)\nDescription: d\n long\n .\n text\n\n"
        }
        let base = stanza("base", "1")
        let merged = try StanzaMerge.merge(
            .dpkg, base: Array(base.utf8),
            [
                StateVersion("a/a", Array((base + stanza("zeta", "1:2~rc1-3")).utf8)),
                StateVersion("a/b", Array((stanza("alpha", "2") + base).utf8)),
            ])
        try FileManager.default.createDirectory(atPath: "\(space.path)/db/info", withIntermediateDirectories: true)
        try AtomicFile.write(merged, to: FilePath("\(space.path)/db/status"))
        #expect(
            try space.run("dpkg-query --admindir=db -W -f '${Package} ${Version} ${db:Status-Status}\\n'")
                == "alpha 2 installed\nbase 1 installed\nzeta 1:2~rc1-3 installed\n")
    }
}

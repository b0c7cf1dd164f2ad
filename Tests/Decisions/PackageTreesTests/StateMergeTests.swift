import Faults
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

private func bytes(_ lines: String...) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

private func merged(
    _ path: EntryPath, _ base: [UInt8], _ versions: [UInt8]..., overrides: Bool = false
) throws -> String {
    let rule = try #require(SharedState.rule(for: path))
    let states = versions.enumerated().map { index, bytes in
        StateVersion("app/\(["a", "b", "c"][index])", bytes, overrides: overrides && index == versions.count - 1)
    }
    return String(decoding: try #require(try rule.merge(path, base, states)), as: UTF8.self)
}

private func dpkg(_ name: String, _ version: String, _ more: String = "Status: install ok installed") -> String {
    "Package: \(name)\n\(more)\nArchitecture: amd64\nVersion: \(version)\nDescription: x\n more\n .\n"
}

@Suite("Merging state")
struct StateMergeTests {
    private static let status: EntryPath = "var/lib/dpkg/status"

    @Test("packages of the distribution are merged by name, sorted, whatever the order")
    func packages() throws {
        let base = bytes(dpkg("bash", "1"), dpkg("dash", "1"))
        let one = bytes(dpkg("bash", "1"), dpkg("dash", "1"), dpkg("curl", "1"))
        let other = bytes(dpkg("ash", "1"), dpkg("dash", "2"), dpkg("curl", "1"))
        let expected = String(decoding: bytes(dpkg("ash", "1"), dpkg("curl", "1"), dpkg("dash", "2")), as: UTF8.self)
        #expect(try merged(Self.status, base, one, other) == expected)
        #expect(try merged(Self.status, base, other, one) == expected)
    }

    @Test("one package of the distribution in two versions is an error that names both packages")
    func versions() throws {
        let (base, one, other) = (bytes(dpkg("a", "1")), bytes(dpkg("a", "2")), bytes(dpkg("a", "3")))
        let error = #expect(throws: PackageTreesError.self) { try merged(Self.status, base, one, other) }
        #expect(error?.kind == .version)
        #expect(error?.description.hasPrefix("joining the distribution's package a: app/a has 2, app/b has 3.") == true)
        let gone = #expect(throws: PackageTreesError.self) { try merged(Self.status, base, one, bytes("")) }
        #expect(gone?.cause == "app/a has 2, app/b has removed it")
        let state = bytes(dpkg("a", "2", "Status: deinstall ok config-files"))
        let states = #expect(throws: PackageTreesError.self) { try merged(Self.status, base, one, state) }
        #expect(states?.cause == "app/a and app/b have it in version 2, in different states")
        #expect(try merged(Self.status, base, one, other, overrides: true) == dpkg("a", "3") + "\n")
    }

    @Test("what a package changes of those that it was built on is no contradiction, also when it removes it")
    func builtOn() throws {
        let base = bytes(dpkg("a", "1"), dpkg("b", "1"))
        let one = bytes(dpkg("a", "2"), dpkg("b", "1"), dpkg("c", "1"))
        let upper = bytes(dpkg("a", "3"), dpkg("b", "1"))
        let aside = bytes(dpkg("a", "2"), dpkg("b", "2"), dpkg("c", "1"))
        func merged(_ builtOn: Set<String>) throws -> String {
            let versions = [
                StateVersion("app/a", one), StateVersion("app/b", upper, builtOn: builtOn),
                StateVersion("app/c", aside, builtOn: ["app/a"]),
            ]
            return String(decoding: try StanzaMerge.merge(.dpkg, base: base, versions), as: UTF8.self)
        }
        #expect(try merged(["app/a"]) == dpkg("a", "3") + "\n" + dpkg("b", "2") + "\n")
        #expect(throws: PackageTreesError.self) { try merged([]) }
    }

    @Test("two architectures of one package are two packages")
    func architectures() throws {
        let i386 = dpkg("libc6", "1").replacing("amd64", with: "i386")
        let text = try merged(Self.status, [], bytes(dpkg("libc6", "1")), bytes(i386))
        #expect(text == dpkg("libc6", "1") + "\n" + i386 + "\n")
    }

    @Test("apk's packages are merged by stanza")
    func apk() throws {
        func stanza(_ name: String, _ version: String) -> String {
            "C:Q1x=\nP:\(name)\nV:\(version)\nA:x86_64\nF:usr\n"
        }
        let base = bytes(stanza("musl", "1"))
        let (one, other) = (
            bytes(stanza("musl", "1"), stanza("zlib", "1")), bytes(stanza("musl", "1"), stanza("curl", "8"))
        )
        let expected = String(
            decoding: bytes(stanza("curl", "8"), stanza("musl", "1"), stanza("zlib", "1")), as: UTF8.self)
        for path in ["lib/apk/db/installed", "usr/lib/apk/db/installed"] as [EntryPath] {
            #expect(try merged(path, base, one, other) == expected)
        }
        let error = #expect(throws: PackageTreesError.self) {
            try merged("lib/apk/db/installed", base, bytes(stanza("musl", "2")), bytes(stanza("musl", "3")))
        }
        #expect(error?.cause == "app/a has 2, app/b has 3")
    }

    @Test("a package that somebody asked for is not one that apt may remove")
    func extendedStates() throws {
        func stanza(_ name: String, _ auto: String) -> String {
            "Package: \(name)\nArchitecture: amd64\nAuto-Installed: \(auto)\n"
        }
        let (auto, manual) = (bytes(stanza("a", "1"), stanza("b", "1")), bytes(stanza("a", "0")))
        for versions in [[auto, manual], [manual, auto]] {
            #expect(
                try merged("var/lib/apt/extended_states", [], versions[0], versions[1])
                    == stanza("a", "0") + "\n" + stanza("b", "1") + "\n")
        }
    }

    @Test("diversions are records of three lines")
    func diversions() throws {
        let base = bytes("/bin/sh", "/bin/sh.distrib", "dash")
        let one = base + bytes("/usr/bin/x", "/usr/bin/x.old", ":")
        let other = bytes("/a", "/a.old", "pkg") + base
        #expect(
            try merged("var/lib/dpkg/diversions", base, one, other)
                == "/bin/sh\n/bin/sh.distrib\ndash\n/a\n/a.old\npkg\n/usr/bin/x\n/usr/bin/x.old\n:\n")
        let error = #expect(throws: PackageTreesError.self) {
            try merged("var/lib/dpkg/diversions", [], one, bytes("/usr/bin/x", "/elsewhere", ":"))
        }
        #expect(
            error?.description.contains("/var/lib/dpkg/diversions: app/a, app/b change it, and their lines") == true)
    }

    @Test(
        "lists of lines are merged by line, or by the word that says what a line is about",
        arguments: [
            (
                "etc/shells", "# shells\n/bin/sh\n", "/bin/zsh\n", "/bin/dash\n",
                "# shells\n/bin/sh\n/bin/dash\n/bin/zsh\n"
            ),
            ("etc/apk/world", "", "curl\n", "zlib\n", "curl\nzlib\n"),
            ("var/lib/dpkg/triggers/File", "/a p\n", "/b q\n", "/a q\n", "/a p\n/a q\n/b q\n"),
            (
                "var/lib/dpkg/statoverride", "root root 4755 /bin/a\n", "root mail 2755 /bin/z\n", "root root 755 /b\n",
                "root root 4755 /bin/a\nroot root 755 /b\nroot mail 2755 /bin/z\n"
            ),
            ("var/lib/ucf/registry", "", "b /etc/b\n", "a /etc/a\n", "a /etc/a\nb /etc/b\n"),
            ("lib/apk/db/triggers", "", "Q1b= /b\n", "Q1a= /a\n", "Q1a= /a\nQ1b= /b\n"),
        ] as [(EntryPath, String, String, String, String)])
    func lines(path: EntryPath, base: String, one: String, other: String, expected: String) throws {
        let (first, second) = (Array((base + one).utf8), Array((base + other).utf8))
        #expect(try merged(path, Array(base.utf8), first, second) == expected)
        #expect(try merged(path, Array(base.utf8), second, first) == expected)
    }

    @Test("one thing of two packages that contradict each other is an error")
    func contradiction() {
        #expect(throws: PackageTreesError.self) {
            try merged("var/lib/dpkg/statoverride", [], bytes("root root 4755 /a"), bytes("root root 755 /a"))
        }
    }

    @Test("a line without an end gets one")
    func lastLine() throws {
        #expect(try merged("etc/shells", [], Array("/bin/b".utf8), Array("/bin/a".utf8)) == "/bin/a\n/bin/b\n")
    }
}

import ImageModel
import SeededNumbers
import Testing

@testable import SoftwareBills

@Suite("Software that is installed")
struct SoftwareInventoryTests {
    static let status = "var/lib/dpkg/status"

    /// Gives files to an inventory, in pieces of some bytes.
    static func inventory(_ files: [(path: String, text: String)], piece: Int = 7) -> SoftwareInventory {
        var inventory = SoftwareInventory()
        for file in files {
            inventory.begin(file.path)
            var rest = Array(file.text.utf8)[...]
            while !rest.isEmpty {
                inventory.take(Array(rest.prefix(piece)).span)
                rest = rest.dropFirst(piece)
            }
            inventory.end()
        }
        return inventory
    }

    @Test("dpkg's list has what is installed, and nothing that is not", arguments: [1, 7, 100_000])
    func dpkg(piece: Int) throws {
        let text = """
            Package: bash
            Status: install ok installed
            Maintainer: Matthias Klose <doko@debian.org>
            Architecture: amd64
            Source: bash-src (5.2)
            Version: 5.2.15-2+b2
            Description: shell
             Version: 9

            Package: gone
            Status: deinstall ok config-files
            Version: 1

            Package: half
            Status: install ok half-installed
            Version: 1\r

            Package: libc6
            Status: hold ok installed
            Version: 2.36-9
            """
        let found = Self.inventory([(Self.status, text)], piece: piece).findings
        #expect(found.notes == [])
        #expect(found.packages.map(\.name) == ["bash", "libc6"])
        let bash = try #require(found.packages.first)
        #expect(bash.version == "5.2.15-2+b2" && bash.architecture == "amd64" && bash.kind == .deb)
        #expect(bash.source == "bash-src 5.2" && bash.maintainer == "Matthias Klose <doko@debian.org>")
        #expect(found.packages[1].source == "libc6 2.36-9")
    }

    @Test("the first value of a field counts, and lines may end as on other systems")
    func oddities() {
        let text = "Package: a\r\nVersion: 1\r\nVersion: 2\r\n\r\nPackage: b\nVersion:\t3 \n"
        let found = Self.inventory([(Self.status, text)]).findings.packages
        #expect(found.map { "\($0.name) \($0.version)" } == ["a 1", "b 3"])
    }

    @Test("files of status.d have no state, and no sums of files")
    func parts() {
        let files = [
            ("var/lib/dpkg/status.d/base", "Package: base\nVersion: 1\n"),
            ("var/lib/dpkg/status.d/base.md5sums", "Package: sums\nVersion: 1\n"),
        ]
        #expect(Self.inventory(files).findings.packages.map(\.name) == ["base"])
    }

    @Test("apk's list is read in both places", arguments: ["lib/apk/db/installed", "usr/lib/apk/db/installed"])
    func apk(path: String) throws {
        let text =
            "C:Q1abc\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl-src\nm:N <n@alpinelinux.org>\n\nP:x\nV:1\nL:custom\n\n"
        let found = Self.inventory([(path, text)]).findings.packages
        #expect(found.map(\.name) == ["musl", "x"])
        #expect(found[0].license?.description == "MIT" && found[0].source == "musl-src 1.2.4-r2")
        #expect(found[0].maintainer == "N <n@alpinelinux.org>" && found[1].license == nil && found[1].kind == .apk)
    }

    @Test("boatyard's own list is read, and one that is none is noted")
    func own() throws {
        let digest = try #require(Digest(hex: String(repeating: "ab", count: 32)))
        let list = PackageList([.init("system/base", "1", digest: digest, license: "MIT", contents: ["bash"])])
        let text = String(decoding: list.serialized(), as: UTF8.self)
        let found = Self.inventory([(PackageList.path, text)]).findings
        #expect(found.packages.map(\.name) == ["system/base"] && found.notes == [])
        #expect(found.packages[0].digest == digest && found.packages[0].contents == ["bash"])
        #expect(found.packages[0].license?.description == "MIT")
        let broken = Self.inventory([(PackageList.path, "[]")]).findings
        #expect(broken.packages == [] && broken.notes.count == 1)
        #expect(broken.notes[0].hasPrefix("/usr/lib/lifeboot/packages.json was not read"))
    }

    static let readable = """
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
        Upstream-Name: x

        Files: *
        Copyright: 2020 A
        License: GPL-2+ or Artistic

        Files:
         debian/*
        License: Expat

        License: GPL-2+
         text

        """

    @Test("a machine-readable copyright file gives the licence, also through a link")
    func copyright() {
        let status =
            "Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n\nPackage: c\nVersion: 1\n\nPackage: d\nVersion: 1\n"
        var inventory = Self.inventory([("usr/share/doc/a/copyright", Self.readable), (Self.status, status)])
        inventory.link("usr/share/doc/b", to: "a")
        inventory.link("usr/share/doc/c/copyright", to: "../b/copyright")
        inventory.link("usr/share/doc/d", to: "d")
        let expected = "(GPL-2.0-or-later OR Artistic-1.0) AND MIT"
        #expect(inventory.findings.packages.map { $0.license?.description } == [expected, expected, expected, nil])
    }

    @Test(
        "a copyright file that is not wholly known gives none",
        arguments: [
            readable.replacing("License: Expat", with: "License: own"),
            readable.replacing("License: Expat", with: "Comment: none"),
            readable.replacing("copyright-format", with: "c"), "This is GPL.\n", "",
        ])
    func unknown(text: String) {
        let inventory = Self.inventory([("usr/share/doc/a/copyright", text), (Self.status, "Package: a\nVersion: 1\n")])
        #expect(inventory.findings.packages.map { $0.license } == [nil])
    }

    @Test("an rpm database is named as not analysed")
    func rpm() {
        let found = Self.inventory([("var/lib/rpm/rpmdb.sqlite", "x"), ("var/lib/rpm/other", "x")]).findings
        #expect(found.notes == ["the rpm database at /var/lib/rpm was not analysed"])
    }

    @Test("lists without end, long lines and noise are bounded, and never end the process")
    func hostile() {
        let long = "Package: " + String(repeating: "a", count: 1 << 20) + "\nVersion: 1\n\n"
        #expect(Self.inventory([(Self.status, long)], piece: 65_536).findings.packages == [])
        let many = (0..<(SoftwareInventory.packageLimit + 2)).map { "Package: p\($0)\nVersion: 1\n\n" }.joined()
        let found = Self.inventory([(Self.status, many)], piece: 65_536).findings
        #expect(found.packages.count == SoftwareInventory.packageLimit && found.notes.count == 1)
        var random = SeededGenerator(seed: 7)
        for path in [Self.status, "lib/apk/db/installed", PackageList.path, "usr/share/doc/a/copyright"] {
            let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
            var inventory = SoftwareInventory()
            inventory.begin(path)
            inventory.take(bytes.span)
            inventory.end()
            #expect(inventory.findings.packages.count < 100)
        }
    }

    @Test("only files that say something are wanted")
    func wanted() {
        for path in ["etc/passwd", "usr/share/doc/copyright", "usr/share/doc/a/b/copyright", "var/lib/dpkg/status-old"]
        {
            #expect(!SoftwareInventory.isWanted(path), "\(path)")
        }
        #expect(SoftwareInventory.isWanted("usr/share/doc/a/copyright"))
    }
}

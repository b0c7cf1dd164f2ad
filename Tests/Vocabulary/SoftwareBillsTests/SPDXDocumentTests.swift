import BillCheckers
import ImageModel
import JSONText
import Testing

@testable import SoftwareBills

@Suite("SPDX documents")
struct SPDXDocumentTests {
    static func document(_ bill: SoftwareBill) throws -> JSONValue {
        let bytes = try BillFixture.text(bill)
        #expect(try bytes == BillFixture.text(bill))
        return try JSONValue(parsing: bytes)
    }

    static func package(_ name: String, in document: JSONValue) throws -> JSONValue {
        try #require(document["packages"]?.elements?.first { $0["name"]?.text == name })
    }

    static func url(_ package: JSONValue) -> String? {
        package["externalRefs"]?.elements?.first?["referenceLocator"]?.text
    }

    @Test("a document says what it is about, by whom and when, under a name that follows from the root")
    func head() throws {
        let document = try Self.document(try BillFixture.bill())
        #expect(document["spdxVersion"] == "SPDX-2.3" && document["dataLicense"] == "CC0-1.0")
        #expect(document["name"] == "harbour-1:2026.11~1" && document["documentDescribes"] == ["SPDXRef-Image"])
        #expect(document["creationInfo"]?["created"] == "2001-09-09T01:46:40Z")
        #expect(document["creationInfo"]?["creators"] == ["Tool: boatyard-1.2.3", "Organization: harbour.example"])
        #expect(
            document["documentNamespace"] == "https://harbour.example/spdx/harbour-1%3A2026.11~1-0101010101010101")
        #expect(document["comment"]?.text?.contains("Note: the rpm database at /var/lib/rpm was not analysed.") == true)
    }

    @Test(
        "an organization without a host has its documents where SPDX keeps those",
        arguments: [nil, "Harbour Ltd", "a..b", "-a.b", "a-.b", "a b.c", "ab"])
    func namespace(organization: String?) throws {
        let document = try Self.document(try BillFixture.bill(organization: organization))
        #expect(document["documentNamespace"]?.text?.hasPrefix("https://spdx.org/spdxdocs/harbour-") == true)
        let image = try Self.package("harbour", in: document)
        #expect(image["supplier"]?.text == (organization.map { "Organization: \($0)" } ?? "NOASSERTION"))
    }

    @Test("packages say where they are from, and who maintains them")
    func packages() throws {
        let document = try Self.document(try BillFixture.bill())
        let image = try Self.package("harbour", in: document)
        #expect(image["primaryPackagePurpose"] == "OPERATING-SYSTEM" && image["filesAnalyzed"] == false)
        #expect(image["checksums"]?.elements?[0]["checksumValue"]?.text == String(repeating: "01", count: 32))
        let bash = try Self.package("bash", in: document)
        #expect(bash["supplier"] == "Person: Matthias Klose (doko@debian.org)")
        #expect(bash["licenseDeclared"] == "GPL-3.0-or-later" && bash["licenseConcluded"] == "NOASSERTION")
        #expect(bash["sourceInfo"] == "built from the source package bash 5.2.15-2")
        #expect(Self.url(bash) == "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=bookworm")
        let library = try Self.package("libstdc++6", in: document)
        #expect(library["supplier"] == "Organization: Debian GCC Maintainers x (debian-gcc@lists.debian.org)")
        #expect(library["SPDXID"] == "SPDXRef-deb-libstdc.2B.2B6-amd64" && library["licenseDeclared"] == "NOASSERTION")
        #expect(Self.url(library)?.hasPrefix("pkg:deb/debian/libstdc%2B%2B6@") == true)
        let musl = try Self.package("musl", in: document)
        #expect(Self.url(musl) == "pkg:apk/debian/musl@1.2.4-r2?arch=x86_64&distro=bookworm")
        let tide = try Self.package("app/tide", in: document)
        #expect(Self.url(tide) == "pkg:generic/app/tide@1.0~rc1" && tide["checksums"] == nil)
        #expect(tide["supplier"] == "Organization: harbour.example")
        let own = try Self.package("system/base", in: document)
        #expect(own["checksums"]?.elements?[0]["checksumValue"]?.text == String(repeating: "03", count: 32))
        let base = try Self.package("debian", in: document)
        #expect(base["versionInfo"] == "12-slim" && base["primaryPackagePurpose"] == "CONTAINER")
        #expect(base["supplier"] == "Organization: docker.io")
        let digest = "sha256%3A" + String(repeating: "09", count: 32)
        #expect(
            Self.url(base)
                == "pkg:oci/debian@\(digest)?repository_url=docker.io%2Flibrary%2Fdebian&tag=12-slim")
    }

    @Test("what boatyard's packages brought is theirs, all else the image's, and the base is what it came from")
    func relationships() throws {
        let document = try Self.document(try BillFixture.bill())
        let lines = try #require(document["relationships"]?.elements).map { relation in
            ["spdxElementId", "relationshipType", "relatedSpdxElement"]
                .map { relation[$0]?.text?.replacing("SPDXRef-", with: "") ?? "" }.joined(separator: " ")
        }
        #expect(
            lines == [
                "DOCUMENT DESCRIBES Image", "Image GENERATED_FROM Base", "Image CONTAINS apk-musl-x86.5F64",
                "Image CONTAINS boatyard-app-tide", "Image CONTAINS boatyard-system-base",
                "boatyard-system-base CONTAINS deb-bash-amd64",
                "boatyard-system-base CONTAINS deb-libstdc.2B.2B6-amd64",
                "boatyard-system-base CONTAINS deb-libstdc.2B.2B6-i386",
            ])
    }

    @Test("where nobody is named, nobody is supposed")
    func nobody() throws {
        let document = try Self.document(try BillFixture.bill(packages: [InstalledSoftware(.deb, "x", "1")]))
        let package = try Self.package("x", in: document)
        #expect(package["supplier"] == "NOASSERTION" && Self.url(package) == "pkg:deb/debian/x@1?distro=bookworm")
    }

    @Test(
        "maintainers are people unless their name is a group's",
        arguments: [
            ("A B <a@b.c>", "Person: A B (a@b.c)"), ("X Team <x>", "Organization: X Team"), ("", "Person: unknown"),
            ("A (b) C", "Person: A b C"), ("<a@b.c>", "Person: unknown (a@b.c)"), ("A <a@b (c)>", "Person: A"),
        ])
    func actors(maintainer: String, text: String) { #expect(SPDXActor.text(maintainer) == text) }

    @Test("names that come out equal are told apart")
    func names() {
        let one = InstalledSoftware(.boatyard, "a/b-c", "1")
        let other = InstalledSoftware(.boatyard, "a-b/c", "1")
        let names = SPDXNames([one, other])
        #expect(names[one] == "SPDXRef-boatyard-a-b-c" && names[other] == "SPDXRef-boatyard-a-b-c..2")
    }

    @Test("an archive as base has no address, and without a base or packages there are none")
    func less() throws {
        var bill = try BillFixture.bill(base: false, packages: [])
        #expect(try Self.document(bill)["packages"]?.elements?.count == 1)
        bill.base = .init("root.tar", digest: try BillFixture.digest(8), isContainer: false)
        let base = try Self.package("root.tar", in: try Self.document(bill))
        #expect(base["externalRefs"] == nil && base["primaryPackagePurpose"] == "ARCHIVE")
        #expect(base["versionInfo"]?.text?.hasPrefix("sha256:") == true)
    }
}

@Suite("SPDX documents, as others read them", .enabled(if: BillCheckers.arePresent, "run scripts/sbom-checkers"))
struct SPDXInteropTests {
    static func files() throws -> [BillOfFiles.Entry] {
        try (1...3).map { number in
            BillOfFiles.Entry(
                "usr/bin/\(number)ä", sha1: String(repeating: "\(number)", count: 40),
                sha256: try BillFixture.digest(number), name: try BillFixture.digest(number + 10))
        }
    }

    @Test("spdx-tools and the NTIA checker accept them", arguments: [false, true])
    func accepted(listsFiles: Bool) throws {
        let files = listsFiles ? try Self.files() : nil
        try BillCheckers.check(BillFixture.text(try BillFixture.bill(), files: files))
    }

    @Test(
        "the checkers look: without an organization the NTIA's elements are not all there, and spdx-tools sees faults")
    func refused() throws {
        let anonymous = try BillFixture.text(try BillFixture.bill(organization: nil))
        #expect(throws: BillCheckers.Refusal.self) { try BillCheckers.check(anonymous) }
        let wrong = String(decoding: try BillFixture.text(try BillFixture.bill()), as: UTF8.self)
            .replacing("GPL-3.0-or-later", with: "unheard of")
        #expect(throws: BillCheckers.Refusal.self) { try BillCheckers.check(Array(wrong.utf8)) }
    }
}

import BillCheckers
import JSONText
import Testing

@testable import SoftwareBills

@Suite("Bills of programs")
struct LinkedSoftwareTests {
    @Test("a program links what its list names, under the licences that the list claims")
    func document() throws {
        let document = try SPDXDocumentTests.document(try BillFixture.program())
        #expect(document["name"] == "lifeboot-1.2.3" && document["documentDescribes"] == ["SPDXRef-Program"])
        #expect(document["comment"] == "Packages are those that are linked into it statically.")
        let program = try SPDXDocumentTests.package("lifeboot", in: document)
        #expect(program["primaryPackagePurpose"] == "APPLICATION")
        #expect(program["checksums"]?.elements?[0]["checksumValue"]?.text == String(repeating: "07", count: 32))
        let lvm = try SPDXDocumentTests.package("lvm2", in: document)
        #expect(lvm["licenseDeclared"] == "LGPL-2.1-only")
        #expect(SPDXDocumentTests.url(lvm) == "pkg:deb/debian/lvm2@2.03.16-2?arch=source&distro=bookworm")
        let system = try SPDXDocumentTests.package("github.com/apple/swift-system", in: document)
        #expect(system["licenseDeclared"] == "Apache-2.0 WITH Swift-exception")
        #expect(SPDXDocumentTests.url(system) == "pkg:swift/github.com/apple/swift-system@1.8.1")
        let relations = try #require(document["relationships"]?.elements)
        #expect(
            relations.map { $0["relationshipType"]?.text } == ["DESCRIBES"] + .init(repeating: "STATIC_LINK", count: 3))
        #expect(relations.dropFirst().allSatisfy { $0["spdxElementId"] == "SPDXRef-Program" })
    }

    @Test("where no licence is claimed, nothing is")
    func unlicensed() throws {
        let document = try SPDXDocumentTests.document(try BillFixture.program())
        #expect(try SPDXDocumentTests.package("xz-utils", in: document)["licenseDeclared"] == "NOASSERTION")
    }

    @Test(
        "a list is read whole or not at all",
        arguments: [
            "", "Package: a", "Package: a\nVersion: 1", "Version: 1\nArchitecture: source",
            "Package: a\nVersion: 1\nArchitecture: source\nRepository: a.b/c",
            "Package: a\nVersion: 1\nArchitecture: source\nLicense: unheard of",
            "Package: a\nVersion: 1\nArchitecture: source\n\nPackage: b",
        ])
    func halves(list: String) { #expect(LinkedSoftware(parsing: Array(list.utf8)) == nil) }

    @Test("what a list names twice is there once, sorted")
    func sorted() throws {
        let one = "Package: b\nVersion: 1\nArchitecture: source\n\n"
        let list = one + "Package: a\nVersion: 1\nArchitecture: source\n\n" + one
        let software = try #require(LinkedSoftware(parsing: Array(list.utf8)))
        #expect(software.packages.map(\.name) == ["a", "b"])
    }

    @Test(
        "spdx-tools and the NTIA checker accept it", .enabled(if: BillCheckers.arePresent, "run scripts/sbom-checkers"))
    func accepted() throws { try BillCheckers.check(BillFixture.text(try BillFixture.program())) }
}

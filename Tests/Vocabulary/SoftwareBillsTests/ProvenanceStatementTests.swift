import ImageModel
import JSONText
import Testing

@testable import SoftwareBills

@Suite("Provenance")
struct ProvenanceStatementTests {
    @Test("a statement names outputs, inputs and parameters, and is the same each time")
    func statement() throws {
        let statement = ProvenanceStatement(
            "image", of: [.init("root.squashfs", try BillFixture.digest(1))], parameters: ["name": "harbour"],
            materials: [
                .init(uri: "pkg:oci/debian", try BillFixture.digest(2)), .init(name: "a", try BillFixture.digest(3)),
            ],
            version: "1.2.3")
        #expect(statement.serialized() == statement.serialized())
        let document = try JSONValue(parsing: statement.serialized())
        let hex: (String) -> String = { String(repeating: $0, count: 32) }
        #expect(
            document == [
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [["name": "root.squashfs", "digest": ["sha256": .string(hex("01"))]]],
                "predicateType": "https://slsa.dev/provenance/v1",
                "predicate": [
                    "buildDefinition": [
                        "buildType": "urn:lifeboot:boatyard:image:1", "externalParameters": ["name": "harbour"],
                        "resolvedDependencies": [
                            ["uri": "pkg:oci/debian", "digest": ["sha256": .string(hex("02"))]],
                            ["name": "a", "digest": ["sha256": .string(hex("03"))]],
                        ],
                    ],
                    "runDetails": ["builder": ["id": "urn:lifeboot:boatyard", "version": ["boatyard": "1.2.3"]]],
                ],
            ])
    }
}

@Suite("Differences of software")
struct SoftwareDifferenceTests {
    @Test("packages are new, gone or of another version, told apart by machine only where there are several")
    func difference() {
        let package: (String, String, String) -> InstalledSoftware = {
            InstalledSoftware(.deb, $0, $1, architecture: $2)
        }
        let old = [package("a", "1", "amd64"), package("b", "1", "amd64"), package("c", "1", "amd64")]
        let new = [
            package("a", "2", "amd64"), package("c", "1", "amd64"), package("d", "1", "amd64"),
            package("d", "1", "i386"),
        ]
        let difference = SoftwareDifference(from: old, to: new)
        #expect(difference.changed == [.init(kind: .deb, name: "a", old: ["1"], new: ["2"])])
        #expect(difference.removed.map(\.name) == ["b"])
        #expect(difference.added.map(\.name) == ["d:amd64", "d:i386"] && !difference.isEmpty)
        #expect(SoftwareDifference(from: old, to: old.reversed()).isEmpty)
        #expect(difference.json["changed"] == [["kind": "deb", "name": "a", "old": "1", "new": "2"]])
        #expect(difference.json["removed"] == [["kind": "deb", "name": "b", "old": "1"]])
    }

    @Test("packages of one name by different keepers are different packages")
    func kinds() {
        let difference = SoftwareDifference(
            from: [InstalledSoftware(.deb, "a", "1")], to: [InstalledSoftware(.apk, "a", "1")])
        #expect(difference.added.map(\.kind) == [.apk] && difference.removed.map(\.kind) == [.deb])
    }
}

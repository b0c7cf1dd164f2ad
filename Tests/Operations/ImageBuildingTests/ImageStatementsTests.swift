import BillCheckers
import Cryptography
import Foundation
import ImageFolders
import ImageModel
import JSONText
import LinuxSystem
import RegistryAccess
import RegistryModel
import SoftwareBills
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("Statements of an image", .enabled(if: hasImageTools))
struct ImageStatementsTests {
    /// What Debian, boatyard and rpm leave in a root filesystem; and a file with two names.
    static let software = """
        mkdir -p var/lib/dpkg var/lib/rpm usr/share/doc/bash usr/share/doc/readline
        printf 'Package: bash\\nStatus: install ok installed\\nMaintainer: A B <a@b.c>\\nArchitecture: amd64\\nVersion: 5.2-1\\n\\n\
        Package: readline\\nStatus: install ok installed\\nMaintainer: A B <a@b.c>\\nArchitecture: amd64\\nVersion: 8.2-1\\n' > var/lib/dpkg/status
        printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\\n\\nFiles: *\\nLicense: GPL-3+\\n' \
            > usr/share/doc/bash/copyright
        ln usr/share/doc/bash/copyright usr/share/doc/readline/copyright
        printf '{"format":1,"packages":[{"name":"app/tide","version":"1","digest":"sha256:%064d","contents":["readline"]}]}' 7 \
            > usr/lib/lifeboot/packages.json
        """

    static func bill(_ yard: ImageYard, _ image: String = "out") throws -> JSONValue {
        try JSONValue(parsing: FileBytes.read(yard.file("\(image)/sbom.spdx.json"), limit: 1 << 24))
    }

    @Test("a bill lists what the root has, its digest is in the manifest, and verify checks it")
    func bill() throws {
        let yard = try ImageYard(Self.software + "\nprintf x > var/lib/rpm/rpmdb.sqlite")
        let result = try yard.build {
            $0.organization = "harbour.example"
            $0.builderVersion = "1.2.3"
        }
        let bill = try Self.bill(yard)
        let packages = try #require(bill["packages"]?.elements)
        #expect(packages.compactMap { $0["name"]?.text } == ["test", "root.tar", "app/tide", "bash", "readline"])
        #expect(
            packages.compactMap { $0["licenseDeclared"]?.text }.suffix(2) == ["GPL-3.0-or-later", "GPL-3.0-or-later"])
        #expect(packages[0]["checksums"]?.elements?[0]["checksumValue"]?.text == result.manifest.root.sha256.hex)
        #expect(bill["creationInfo"]?["creators"] == ["Tool: boatyard-1.2.3", "Organization: harbour.example"])
        #expect(bill["creationInfo"]?["created"] == "2001-09-09T01:46:40Z")
        #expect(result.notes.contains("the rpm database at /var/lib/rpm was not analysed"))
        let manifest = try ImageFolder(yard.file("out")).manifest
        for document in ImageDocument.allCases {
            let bytes = try FileBytes.read(yard.file("out/\(document.rawValue)"), limit: 1 << 24)
            #expect(try manifest.digest(of: document) == SHA256Hasher.digest(of: bytes), "\(document)")
        }
        #expect(try yard.verify() == [])
        try yard.run("echo >> out/sbom.spdx.json")
        #expect(try yard.verify() == ["sbom.spdx.json"])
        try yard.run("rm out/sbom.spdx.json; echo >> out/provenance.json")
        #expect(try yard.verify() == ["provenance.json"])
        let findings = try ImageVerifier.verify(ImageFolder(yard.file("out")), key: yard.key.publicKey())
        #expect(findings.first { $0.subject == "sbom.spdx.json" }?.remark == "not here")
    }

    @Test("a statement names what was made, from what, and what was asked for")
    func provenance() throws {
        let yard = try ImageYard(Self.software)
        let manifest = try yard.build { $0.kernelArguments = ["quiet"] }.manifest
        let text = try FileBytes.read(yard.file("out/provenance.json"), limit: 1 << 20)
        let statement = try JSONValue(parsing: text)
        let subjects = try #require(statement["subject"]?.elements)
        #expect(
            subjects.compactMap { $0["name"]?.text }
                == ["vmlinuz", "initrd.img", "root.squashfs", "root.chunks", "sbom.spdx.json"])
        #expect(subjects[2]["digest"]?["sha256"]?.text == manifest.root.sha256.hex)
        #expect(subjects[4]["digest"]?["sha256"]?.text == manifest.sbom?.hex)
        let build = try #require(statement["predicate"]?["buildDefinition"])
        #expect(build["externalParameters"]?["kernelArguments"] == ["quiet"])
        #expect(build["externalParameters"]?["sourceDate"] == "2001-09-09T01:46:40Z")
        let materials = try #require(build["resolvedDependencies"]?.elements)
        #expect(materials[0]["name"] == "root.tar" && materials[0]["digest"]?["sha256"]?.text == manifest.source?.hex)
        #expect(materials[1]["uri"] == "pkg:generic/app/tide@1" && materials.count == 2)
        #expect(!String(decoding: text, as: UTF8.self).contains(yard.path))
    }

    @Test("a folder has no base unless one is named, and further inputs are those that are named")
    func base() throws {
        let yard = try ImageYard(Self.software)
        try yard.build("root", to: "plain")
        #expect(try Self.bill(yard, "plain")["packages"]?.elements?.count == 4)
        let digest = try #require(Digest(hex: String(repeating: "ab", count: 32)))
        try yard.build("root") {
            $0.base = SoftwareBill.Base("docker.io/library/debian", tag: "12", digest: digest, isContainer: true)
            $0.materials = [.init(name: "lock", digest)]
        }
        let bill = try Self.bill(yard)
        #expect(bill["packages"]?.elements?[1]["name"] == "debian")
        #expect(bill["relationships"]?.elements?[1]["relationshipType"] == "GENERATED_FROM")
        let statement = try JSONValue(parsing: FileBytes.read(yard.file("out/provenance.json"), limit: 1 << 20))
        let inputs = statement["predicate"]?["buildDefinition"]?["resolvedDependencies"]?.elements ?? []
        #expect(inputs.count == 3 && inputs[2]["name"] == "lock")
        #expect(inputs[0]["uri"]?.text?.hasPrefix("pkg:oci/debian@sha256%3Aabab") == true)
    }

    @Test("the same input gives the same statements, wherever it lies")
    func reproducible() throws {
        let yard = try ImageYard(Self.software)
        try yard.build(to: "one") { $0.listsFiles = true }
        try yard.run("mkdir else; mv root.tar else/")
        try yard.build("else/root.tar", to: "two") { $0.listsFiles = true }
        for name in ["sbom.spdx.json", "provenance.json", "manifest.json"] {
            try yard.run("cmp one/\(name) two/\(name)")
        }
    }

    @Test("all files are listed where that is asked for, each name of a file, and nothing else is left")
    func files() throws {
        let yard = try ImageYard(Self.software)
        try yard.build { $0.listsFiles = true }
        let bill = try Self.bill(yard)
        let files = try #require(bill["files"]?.elements)
        let names = Set(files.compactMap { $0["fileName"]?.text })
        let expected = try yard.run("cd root; find . -type f | grep -v ^./boot/").split(separator: "\n").map(
            String.init)
        #expect(names == Set(expected) && files.count == expected.count)
        let sums = try yard.run("cd root; sha1sum usr/bin/true; sha256sum usr/bin/true").split(separator: "\n")
        for name in ["./usr/bin/true", "./sbin/init"] {
            let file = try #require(files.first { $0["fileName"]?.text == name })
            let found = file["checksums"]?.elements?.compactMap { $0["checksumValue"]?.text } ?? []
            #expect(zip(sums, found).allSatisfy { $0.hasPrefix($1) } && found.count == 2)
        }
        let code = try yard.run(
            "cd root; find . -type f | grep -v ^./boot/ | xargs -d '\\n' sha1sum | cut -c 1-40 | sort | tr -d '\\n' | sha1sum"
        )
        let image = bill["packages"]?.elements?.first
        #expect(image?["packageVerificationCode"]?["packageVerificationCodeValue"]?.text == String(code.prefix(40)))
        #expect(try !yard.run("ls out").contains("lines"))
        #expect(try yard.verify() == [])
    }

    @Test("the checkers accept what a build writes", .enabled(if: BillCheckers.arePresent), arguments: [false, true])
    func accepted(listsFiles: Bool) throws {
        let yard = try ImageYard(Self.software)
        try yard.build {
            $0.organization = "Harbour Ltd"
            $0.listsFiles = listsFiles
        }
        try BillCheckers.check(FileBytes.read(yard.file("out/sbom.spdx.json"), limit: 1 << 24))
    }

    @Test("statements are published with the image, by names that older agents pass over")
    func published() throws {
        let yard = try ImageYard(Self.software)
        let manifest = try yard.build().manifest
        let image = try PublishableImage(directory: yard.file("out"))
        let artifact = try ImageManifest(parsing: image.document)
        let layers = artifact.layers.suffix(2)
        #expect(layers.map(\.title) == ["sbom.spdx.json", "provenance.json"])
        #expect(layers.map(\.mediaType) == ["application/spdx+json", "application/vnd.in-toto+json"])
        #expect(layers.map(\.digest) == [manifest.sbom, manifest.provenance])
        #expect(layers.allSatisfy { image.blobs[$0.digest]?.size == $0.size })
        let files = try ArtifactFiles(artifact)
        #expect(Set(files.files.keys) == [.root, .kernel, .initrd, .signature, .chunks])
        try yard.run("rm out/sbom.spdx.json")
        let less = try ImageManifest(parsing: PublishableImage(directory: yard.file("out")).document)
        #expect(less.layers.count == artifact.layers.count - 1)
    }
}

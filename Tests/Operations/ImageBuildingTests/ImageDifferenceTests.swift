import Faults
import Foundation
import ImageFetching
import ImageFolders
import ImageModel
import LinuxSystem
import RegistryAccess
import RegistryModel
import SoftwareBills
import SystemPackage
import TestServers
import Testing
import TransferPlanning

@testable import ImageBuilding

@Suite("Differences of images", .enabled(if: hasImageTools))
struct ImageDifferenceTests {
    static func difference(_ yard: ImageYard, _ old: String, _ new: String) throws -> ImageDifference {
        let references = try [old, new].map { try SourceReference(parsing: "\($0.replacing("%", with: yard.path))") }
        return try ImageDifference(
            from: references[0], to: references[1], RegistryConfiguration(authFiles: []), scratch: yard.file("scratch"))
    }

    /// Two images, the second with a file of each kind of change.
    static func yard() throws -> ImageYard {
        let yard = try ImageYard(
            ImageStatementsTests.software
                + """

                mkdir a; printf 1 > a/same; printf 1 > a.b; printf 1 > a/content; printf 1 > a/size; printf 1 > a/mode
                ln -s x a/link; printf 1 > a/kind; mkdir gone; printf 1 > gone/file; printf 1 > zz
                """)
        try yard.build(to: "one")
        try yard.run(
            """
            cd root; printf 2 > a/content; printf 12 > a/size; chmod 600 a/mode; ln -sf y a/link; rm a/kind; mkdir a/kind
            rm -r gone zz; mkdir new; printf 1 > new/file; printf 1 > 'new ö'; printf other > boot/initrd.img-6.1-2
            sed -i 's/5.2-1/5.3-1/; s/readline/libreadline/' var/lib/dpkg/status
            cd ..; tar -C root --numeric-owner --sort=name -cf root.tar .
            """)
        try yard.build(to: "two") { $0.version = "8" }
        return yard
    }

    @Test("packages, files and what an upgrade moves are told")
    func difference() throws {
        let yard = try Self.yard()
        let difference = try Self.difference(yard, "dir:%/one", "%/two")
        #expect(!difference.isEmpty && difference.new.manifest.version == "8" && difference.bootFiles == [.initrd])
        #expect(
            difference.files.added
                == ["/new", "/new ö", "/new/file"].sorted {
                    $0.replacing("/", with: "\0") < $1.replacing("/", with: "\0")
                })
        #expect(difference.files.removed == ["/gone", "/gone/file", "/zz"])
        let changed = difference.files.changed.map { "\($0.path): \($0.words.joined(separator: ", "))" }
        #expect(
            changed == [
                "/a/content: content", "/a/kind: kind, permissions", "/a/link: target", "/a/mode: permissions",
                "/a/size: content", "/var/lib/dpkg/status: content",
            ])
        #expect(difference.packages.changed.map { "\($0.name) \($0.old) \($0.new)" } == [#"bash ["5.2-1"] ["5.3-1"]"#])
        #expect(difference.packages.added.map(\.name) == ["libreadline"])
        #expect(difference.packages.removed.map(\.name) == ["readline"])
        // The 300 kB of noise are not moved again; the documents and the initramfs are.
        let size = difference.new.manifest.root.size
        #expect(difference.transfer.size > size && difference.transfer.bytes < size / 2)
        let documents = try ["manifest.json", "manifest.sig", "root.chunks"].map {
            try FileStatus.of(yard.file("two/\($0)"))?.size ?? 0
        }
        #expect(difference.transfer.bytes > Int(documents.reduce(0, +)) + 5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: yard.file("scratch").string) == [])
    }

    @Test("an image is the same as itself, and the same root under another name is not")
    func same() throws {
        let yard = try ImageYard()
        try yard.build(to: "one")
        try yard.build(to: "two") { $0.version = "8" }
        let same = try Self.difference(yard, "%/one", "%/one")
        #expect(same.isEmpty && same.bootFiles == [] && same.files == FileDifference())
        let renamed = try Self.difference(yard, "%/one", "%/two")
        #expect(!renamed.isEmpty && renamed.files == FileDifference() && renamed.packages.isEmpty)
        // Everything but what says so is there.
        let documents = try ["manifest.json", "manifest.sig", "root.chunks"]
            .map { try FileStatus.of(yard.file("two/\($0)"))?.size ?? 0 }.reduce(0, +)
        #expect(renamed.transfer.bytes == Int(documents))
    }

    @Test("images in layouts are compared as those in folders are, and containers are refused")
    func layouts() throws {
        let yard = try Self.yard()
        for name in ["one", "two"] {
            var layout = try LayoutTarget(.init(yard.file("layout"), tag: name))
            let stored = try layout.store(try PublishableImage(directory: yard.file(name))) { _ in }
            try layout.tag(stored, as: name)
        }
        let folders = try Self.difference(yard, "%/one", "%/two")
        let layouts = try Self.difference(yard, "oci:%/layout:one", "oci:%/layout:two")
        #expect(layouts.files == folders.files && layouts.packages == folders.packages)
        #expect(layouts.transfer == folders.transfer && layouts.old == folders.old && layouts.new == folders.new)
        #expect(try FileManager.default.contentsOfDirectory(atPath: yard.file("scratch").string) == [])
        try yard.run(ImageBuilderTests.archives)
        let error = #expect(throws: ImageBuildError.self) { try Self.difference(yard, "%/one", "oci:%/l:os") }
        #expect(error?.cause == "it is a container image, not a built one")
    }

    @Test(
        "images in a registry are compared, and an upgrade moves what is said, up to a tenth",
        arguments: FilledRegistry.Program.present)
    func registry(program: FilledRegistry.Program) throws {
        let yard = try Self.yard()
        let server = try FilledRegistry(program, repository: "os") { path in
            for name in ["one", "two"] {
                var layout = try LayoutTarget(.init(FilePath(path), tag: name))
                let stored = try layout.store(try PublishableImage(directory: yard.file(name))) { _ in }
                try layout.tag(stored, as: name)
            }
        }
        let folders = try Self.difference(yard, "%/one", "%/two")
        let difference = try Self.difference(yard, "%/one", "oci://\(server.host)/os:two")
        #expect(difference.files == folders.files && difference.packages == folders.packages)
        #expect(difference.transfer == folders.transfer && difference.new == folders.new)
        let remote = try Self.difference(yard, "oci://\(server.host)/os:one", "oci://\(server.host)/os:two")
        #expect(remote.transfer == folders.transfer && remote.files == folders.files)
        // As a machine fetches it that has the first one.
        var source = try AnySource(
            opening: try SourceReference(parsing: "oci://\(server.host)/os:two"), RegistryConfiguration(authFiles: []))
        let artifact = try ImageArtifact(try source.resolve())
        let before = source.traffic.bytesReceived
        let documents = try ImageDocuments.read(artifact, from: &source) { _, _ in }
        _ = try ArtifactFetch(documents, locals: [yard.file("one")])
            .run(into: yard.file("machine"), from: &source) { _ in }
        let moved = Double(source.traffic.bytesReceived - before)
        #expect(abs(moved / Double(difference.transfer.bytes) - 1) < 0.1, "\(moved) of \(difference.transfer.bytes)")
        // Signatures and statements are for people: no machine keeps them.
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: yard.file("machine").string).contains("sbom.spdx.json")
        )
    }

    @Test("a root that is damaged is an error, not a difference")
    func damaged() throws {
        let yard = try Self.yard()
        try yard.run("printf broken | dd of=two/root.squashfs bs=1 conv=notrunc status=none")
        #expect(throws: (any Error).self) { try Self.difference(yard, "%/one", "%/two") }
    }

    @Test(
        "folders come before what is in them, and that before their neighbours",
        arguments: [
            ("", "a", true), ("a", "a/b", true), ("a/b", "a.b", true), ("a.b", "a/b", false), ("b", "a", false),
            ("a", "a", false),
        ])
    func order(one: String, other: String, precedes: Bool) {
        #expect(RootWalk.precedes(Array(one.utf8), Array(other.utf8)) == precedes)
    }
}

import Cryptography
import ImageModel
import LinuxSystem
import PackageTrees
import RegistryModel
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import PackageBuilding

@Suite("Files out of images")
struct ImageExtractionTests {
    private static let script = """
        mkdir -p a/b c; echo 1 >a/b/one; echo 2 >a/two; chmod 600 a/two; chmod 750 a; ln a/two c/two; ln -s two a/link
        echo 3 >c/three
        """

    /// What is written of an image with two layers, the upper one without `c/three`, below a folder.
    private static func extract(
        include: [String] = [], exclude: [String] = [], below folder: EntryPath = .root
    ) throws -> String {
        let space = try Workspace()
        let cache = try BuildCache(space.place("cache"))
        var layout = try ImageLayout(space.place("layout"))
        let lower = try ScriptedLayer.keep(script, in: cache, space)
        let upper = try ScriptedLayer.keep("true", removing: ["c/three"], in: cache, space)
        let layers = try [lower, upper].map { artefact in
            try layout.store(
                FileBytes.read(artefact.layer, limit: 1 << 20), "application/vnd.oci.image.layer.v1.tar+gzip")
        }
        let config = ContainerConfig(architecture: "amd64", diffIDs: layers.map(\.digest))
        let manifest = ImageManifest(
            config: try layout.store(config.serialized(), MediaType.containerConfig), layers: layers)
        try layout.tag("x", try layout.store(manifest.serialized(), MediaType.manifest))
        let section = ArtefactSection(
            include: try include.map { try PathGlob(parsing: $0) },
            exclude: try exclude.map { try PathGlob(parsing: $0) })
        let images = BaseImages(cache, RegistryConfiguration(authFiles: []), isOffline: false)
        _ = try ImageExtraction(images, section, below: folder)
            .write(layout.reference("x"), to: space.place("out")) { _ in }
        // Nothing else is left beside it.
        #expect(try space.run("ls -A | tr '\\n' ' '") == "cache layout out root ")
        return try space.run("cd out; find . -mindepth 1 -printf '%P %m %n %l\\n' | sed 's/ $//' | sort")
    }

    @Test("are all that its layers come to, with names, modes and links")
    func all() throws {
        #expect(
            try Self.extract() == """
                a 750 3
                a/b 755 2
                a/b/one 644 1
                a/link 777 1 two
                a/two 600 2
                c 755 2
                c/two 600 2

                """)
    }

    @Test("are what is included and not excluded, with the folders above")
    func selected() throws {
        #expect(try Self.extract(include: ["/a/b"]) == "a 750 3\na/b 755 2\na/b/one 644 1\n")
        #expect(try Self.extract(include: ["/c/*"]) == "c 755 2\nc/two 600 1\n")
        #expect(try Self.extract(exclude: ["/a/b", "/c", "/**/link"]) == "a 750 2\na/two 600 1\n")
    }

    @Test("are those below a folder, which becomes the root")
    func below() throws {
        #expect(try Self.extract(below: "a") == "b 755 2\nb/one 644 1\nlink 777 1 two\ntwo 600 1\n")
        #expect(try Self.extract(include: ["/b"], below: "a") == "b 755 2\nb/one 644 1\n")
    }

    @Test("are an error when there are none, or something has the name")
    func refused() throws {
        #expect { try Self.extract(include: ["/none"]) } throws: { "\($0)".contains("none of its files is selected") }
        let space = try Workspace()
        let images = BaseImages(
            try BuildCache(space.place("cache")), RegistryConfiguration(authFiles: []), isOffline: true)
        #expect {
            try ImageExtraction(images, ArtefactSection(), below: .root)
                .write(SourceReference(parsing: "oci:/x:1"), to: space.place("cache")) { _ in }
        } throws: { "\($0)".contains("it is there already") }
    }
}

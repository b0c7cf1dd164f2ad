import Faults
import ImageModel
import Testing

@testable import RegistryModel

@Suite("Manifests of images")
struct ImageManifestTests {
    static let head = #""schemaVersion":2,"mediaType":"\#(MediaType.manifest)""#
    static let text = """
        {\(head),"artifactType":"a/b","config":\(descriptor(1)),"layers":[\(descriptor(2)),\(
            descriptor(3, more: #","annotations":{"org.opencontainers.image.title":"vmlinuz"},"urls":["x"]"#))],
        "subject":\(descriptor(4)),"annotations":{"b":"1","a":"2"},"unknown":[{}]}
        """

    @Test("a manifest is read")
    func reads() throws {
        let manifest = try ImageManifest(parsing: document(Self.text))
        #expect(manifest.artifactType == "a/b")
        #expect(manifest.config.digest == digest(1))
        #expect(manifest.layers.map(\.digest) == [digest(2), digest(3)])
        #expect(manifest.layers.map(\.title) == [nil, "vmlinuz"])
        #expect(manifest.subject?.digest == digest(4))
        #expect(manifest.annotations == ["a": "2", "b": "1"])
    }

    @Test("content inside a descriptor is kept, when it is base64 and short")
    func content() throws {
        for (text, expected) in [
            ("e30=", Array("{}".utf8)), ("?", nil), (String(repeating: "AAAA", count: 20_000), nil),
        ] as [(String, [UInt8]?)] {
            let layer = descriptor(2, more: ",\"data\":\"\(text)\"")
            let manifest = try ImageManifest(
                parsing: document("{\(Self.head),\"config\":\(descriptor(1)),\"layers\":[\(layer)]}"))
            #expect(manifest.layers.first?.content == expected)
            let again = try ImageManifest(parsing: document(String(decoding: manifest.serialized(), as: UTF8.self)))
            #expect(again == manifest)
        }
    }

    @Test("a manifest is written as it is read, equal ones in equal bytes")
    func writes() throws {
        let manifest = try ImageManifest(parsing: document(Self.text))
        let written = ManifestDocument(mediaType: MediaType.manifest, bytes: manifest.serialized(), digest: digest(0))
        let again = try ImageManifest(parsing: written)
        #expect(again == manifest)
        #expect(again.serialized() == written.bytes)
    }

    @Test("Docker's manifest and one that does not repeat its type are read")
    func others() throws {
        let text = #"{"schemaVersion":2,"config":\#(descriptor(1)),"layers":[],"annotations":null}"#
        #expect(try ImageManifest(parsing: document(text)).layers == [])
        let docker = try ImageManifest(parsing: document(text, MediaType.dockerManifest))
        #expect(docker.mediaType == MediaType.dockerManifest)
    }

    @Test(
        "malformed manifests are refused with the place",
        arguments: [
            ("", "$"), ("<html>", "$"), ("[]", "$"), ("{}", "$.schemaVersion"),
            (#"{"schemaVersion":1,"fsLayers":[]}"#, "$.schemaVersion"), ("{\(head)}", "$.config"),
            (#"{"schemaVersion":2,"mediaType":"x"}"#, "$.mediaType"),
            ("{\(head),\"config\":\(descriptor(1))}", "$.layers"),
            ("{\(head),\"config\":\(descriptor(1)),\"layers\":{}}", "$.layers"),
            ("{\(head),\"config\":\(descriptor(1)),\"layers\":[1]}", "$.layers[0]"),
            ("{\(head),\"config\":\(descriptor(1)),\"layers\":[{}]}", "$.layers[0].mediaType"),
            ("{\(head),\"config\":\(descriptor(1, size: "-1")),\"layers\":[]}", "$.config.size"),
            ("{\(head),\"config\":\(descriptor(1, size: "1.5")),\"layers\":[]}", "$.config.size"),
            ("{\(head),\"config\":\(descriptor(1, size: "9007199254740993")),\"layers\":[]}", "$.config.size"),
            (
                "{\(head),\"config\":{\"mediaType\":\"x\",\"digest\":\"sha512:ab\",\"size\":1},\"layers\":[]}",
                "$.config.digest"
            ),
            ("{\(head),\"config\":\(descriptor(1)),\"layers\":[],\"manifests\":[]}", "$.manifests"),
            ("{\(head),\"config\":\(descriptor(1)),\"layers\":[],\"annotations\":{\"a\":1}}", "$.annotations.a"),
        ])
    func refuses(text: String, place: String) {
        let error = #expect(throws: RegistryModelError.self) { try ImageManifest(parsing: document(text)) }
        #expect(error?.subject == place)
    }

    @Test("too many layers and too long a document are refused")
    func bounds() {
        let layers = [String](repeating: descriptor(1), count: 4_097).joined(separator: ",")
        #expect(throws: RegistryModelError.self) {
            try ImageManifest(parsing: document("{\(Self.head),\"config\":\(descriptor(1)),\"layers\":[\(layers)]}"))
        }
        #expect(throws: RegistryModelError.self) {
            try ImageManifest(parsing: document(String(repeating: " ", count: (4 << 20) + 1)))
        }
    }

    @Test("a document of many thousand names is refused or read in a moment", .timeLimit(.minutes(10)))
    func manyNames() throws {
        let names = (0..<150_000).map { "\"\($0)\":\"\"" }.joined(separator: ",")
        let text = "{\(Self.head),\"config\":\(descriptor(1)),\"layers\":[],\"annotations\":{\(names)}}"
        #expect(try ImageManifest(parsing: document(text)).annotations.count == 150_000)
    }

    @Test("mutated manifests never trap, and what is read is written back equal")
    func fuzz() {
        for bytes in Self.text.mutations(seed: 5) {
            let mutated = ManifestDocument(mediaType: MediaType.manifest, bytes: bytes, digest: digest(0))
            guard let manifest = try? ImageManifest(parsing: mutated) else { continue }
            let written = ManifestDocument(
                mediaType: MediaType.manifest, bytes: manifest.serialized(), digest: digest(0))
            #expect((try? ImageManifest(parsing: written)) == manifest)
        }
    }
}

@Suite("Files of an artifact")
struct ArtifactFilesTests {
    static func artifact(_ titles: [String], config: String = MediaType.imageConfig) -> ImageManifest {
        ImageManifest(
            artifactType: MediaType.image, config: Descriptor(mediaType: config, digest: digest(9), size: 100),
            layers: titles.enumerated().map { index, title in
                var layer = Descriptor(mediaType: MediaType.imageFile, digest: digest(UInt8(index)), size: 1)
                layer.annotations[MediaType.title] = title
                return layer
            })
    }

    @Test("the files are found by name, foreign ones passed over")
    func finds() throws {
        let files = try ArtifactFiles(Self.artifact(["x", "initrd.img", "root.squashfs", "../vmlinuz", "vmlinuz"]))
        #expect(files.manifest.digest == digest(9))
        #expect(files.files.mapValues(\.digest) == [.initrd: digest(1), .root: digest(2), .kernel: digest(4)])
    }

    @Test(
        "what is no whole image is refused",
        arguments: [
            artifact(["root.squashfs", "vmlinuz"]), artifact(["root.squashfs", "vmlinuz", "initrd.img", "vmlinuz"]),
            artifact(["root.squashfs", "vmlinuz", "initrd.img"], config: MediaType.containerConfig),
            ImageManifest(config: Descriptor(mediaType: MediaType.imageConfig, digest: digest(9), size: 1), layers: []),
        ])
    func refuses(artifact: ImageManifest) {
        #expect(throws: RegistryModelError.self) { try ArtifactFiles(artifact) }
    }
}

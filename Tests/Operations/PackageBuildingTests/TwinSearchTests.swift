import Cryptography
import Faults
import ImageModel
import LinuxSystem
import PackageModel
import PackageRepositories
import PackageSpecs
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import PackageBuilding

/// Images with twins in a layout, as `image publish` leaves them in a registry.
@Suite("The image of a layer below")
final class TwinSearchTests {
    private let folder: PrivateFolder
    private let key: SigningKey
    private var place: FilePath { folder.path.appending("os") }

    init() throws {
        folder = try PrivateFolder(in: "/tmp", prefix: "twin-search")
        key = try SigningKey()
        _ = try LayoutTarget(SourceReference.Entry(place))
    }

    /// What is under a tag.
    private enum Content {
        case image(version: String, twin: String?)
        case container
    }

    /// Publishes something, signed unless told otherwise.
    private func publish(_ tag: String, _ content: Content, signed key: borrowing SigningKey) throws {
        let document = try publish(tag, content)
        var target = try LayoutTarget(existing: SourceReference.Entry(place))
        _ = try target.sign(document, named: "os", with: key)
    }

    @discardableResult
    private func publish(_ tag: String, _ content: Content) throws -> ManifestDocument {
        var target = try LayoutTarget(existing: SourceReference.Entry(place))
        func store(_ bytes: [UInt8], _ type: String) throws -> Descriptor {
            let blob = Descriptor(mediaType: type, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
            _ = try target.push(blob, .bytes(bytes))
            return blob
        }
        var container = try store(
            ImageManifest(config: try store([1], "c"), layers: []).serialized(), MediaType.manifest)
        container.operatingSystem = "linux"
        var entries: [Descriptor] = []
        switch content {
        case .container:
            container.architecture = "amd64"
            entries = [container]
        case .image(let version, let twin):
            let manifest = try Self.manifest(version)
            let files = try [ImageFile.root, .kernel, .initrd].map { file in
                var blob = try store(Array(file.rawValue.utf8), MediaType.imageFile)
                blob.annotations[MediaType.title] = file.rawValue
                return blob
            }
            let artifact = ImageManifest(
                artifactType: MediaType.image, config: try store(manifest, MediaType.imageConfig), layers: files)
            var image = try store(artifact.serialized(), MediaType.manifest)
            (image.artifactType, image.architecture) = (MediaType.image, "amd64")
            container.architecture = twin
            entries = twin == nil ? [image] : [container, image]
        }
        let bytes = ImageIndex(manifests: entries).serialized()
        let digest = try target.push(manifest: bytes, mediaType: MediaType.index, tag: tag)
        return ManifestDocument(mediaType: MediaType.index, bytes: bytes, digest: digest)
    }

    /// `manifest.json` of an image, as far as it is read.
    private static func manifest(_ version: String) throws -> [UInt8] {
        let hex = String(repeating: "ab", count: 32)
        return Array(
            """
            {"schema": "1.0", "name": "low", "version": "\(version)", "sequence": 7, "createdAt": "2026-11-23T11:45:29Z",
             "architecture": "amd64", "osRelease": {}, "root": {"format": "squashfs", "size": 12288, "sha256": "\(hex)",
              "verity": {"rootHash": "\(hex)", "salt": "00ff", "hashOffset": 4096, "dataBlockSize": 4096,
               "hashBlockSize": 4096, "algorithm": "sha256", "uuid": "01234567-89ab-cdef-0123-456789abcdef"}},
             "kernel": {"size": 10, "sha256": "\(hex)"}, "initrd": {"size": 20, "sha256": "\(hex)"},
             "kernelArguments": [], "boards": []}
            """.utf8)
    }

    private func find(
        _ range: String? = nil, isOffline: Bool = false, at place: RepositoryPlace? = nil
    ) throws -> String {
        let search = TwinSearch(
            place: place ?? .layout(self.place), keys: [TrustedKey(name: "low.pub", key: try key.publicKey())],
            access: RegistryConfiguration(authFiles: []), isOffline: isOffline)
        let versions = try range.map { try VersionRange(parsing: $0) } ?? .any
        return try search.find(BaseLayer("low", versions), architecture: "amd64").version.description
    }

    private func refusal(_ range: String? = nil) -> TwinError? { #expect(throws: TwinError.self) { try find(range) } }

    @Test("is the highest version that counts, by a signed index that names it and its twin")
    func highest() throws {
        for version in ["1.0", "1.9", "1.10"] {
            try publish(version, .image(version: version, twin: "amd64"), signed: key)
        }
        try publish("latest", .container)
        try publish("1.9_p1", .image(version: "1.9+1", twin: "amd64"), signed: key)
        #expect(try find() == "1.10" && find("< 1.10") == "1.9+1" && find("< 1.9") == "1.0")
        // A layout needs no network.
        #expect(try find(isOffline: true) == "1.10")
        let none = refusal(">= 2")
        #expect(none?.kind == .absent && none?.subject == "low >= 2")
        #expect(none?.cause.hasSuffix("has no such version; there is 1.10, 1.9+1, 1.9, 1.0") == true)
    }

    @Test("is not taken without the signature of the layer's key, of which that of the image alone is none")
    func trust() throws {
        try publish("1", .image(version: "1", twin: "amd64"))
        let unsigned = refusal()
        #expect(unsigned?.kind == .unsigned && unsigned?.remedy.contains("boatyard sign oci:\(place):1 --key") == true)
        try publish("2", .image(version: "2", twin: "amd64"), signed: try SigningKey())
        let other = refusal()
        #expect(other?.kind == .untrusted && other?.cause.contains("low.pub") == true)
        try publish("2", .image(version: "2", twin: "amd64"), signed: key)
        #expect(try find() == "2")
    }

    @Test("has a twin for this machine, and says itself that it is the version of its tag")
    func content() throws {
        try publish("1", .image(version: "1", twin: nil), signed: key)
        let alone = refusal()
        #expect(alone?.kind == .twinless && alone?.cause == "it has no twin for amd64")
        try publish("2", .image(version: "2", twin: "arm64"), signed: key)
        #expect(refusal()?.kind == .twinless)
        try publish("3", .container, signed: key)
        #expect(refusal()?.cause == "it is not an image with a container twin beside it")
        try publish("4", .image(version: "1", twin: "amd64"), signed: key)
        let moved = refusal()
        #expect(moved?.kind == .misnamed && moved?.cause == "the image there says that its version is 1")
    }

    @Test("of a registry that does not answer is not said to be absent, and offline nobody is asked")
    func unreachable() throws {
        let image = try ImageReference(parsing: "127.0.0.1:\(try LoopbackPort.free())/low/os")
        let offline = #expect(throws: TwinError.self) { try find(isOffline: true, at: .registry(image)) }
        #expect(offline?.kind == .offline)
        let silent = #expect(throws: RegistryError.self) { try find(at: .registry(image)) }
        #expect(silent?.kind == .unreachable)
        #expect(refusal()?.cause == "oci:\(place) has no tag that is a version")
    }
}

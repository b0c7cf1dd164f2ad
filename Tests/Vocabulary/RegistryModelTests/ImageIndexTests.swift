import ImageModel
import Testing

@testable import RegistryModel

@Suite("Indices of images")
struct ImageIndexTests {
    static func entry(
        _ byte: UInt8, _ mediaType: String = MediaType.manifest, type: String? = nil, os: String? = nil,
        cpu: String? = nil
    ) -> Descriptor {
        var entry = Descriptor(mediaType: mediaType, digest: digest(byte), size: 1)
        entry.artifactType = type
        entry.operatingSystem = os
        entry.architecture = cpu
        return entry
    }

    static let container = entry(1, os: "linux", cpu: "amd64")
    static let image = entry(2, type: MediaType.image)
    static let attestation = entry(3, os: "unknown", cpu: "unknown")

    @Test(
        "a machine of amd64 takes the lifeboot image, else the container for it",
        arguments: [
            ([container, image], ImageIndex.Choice.artifact(image)),
            ([container, attestation], .container(container)),
            ([entry(4, os: "linux", cpu: "arm64"), container], .container(container)),
            (
                [image, entry(5, type: MediaType.image, cpu: "amd64")],
                .artifact(entry(5, type: MediaType.image, cpu: "amd64"))
            ),
            ([entry(5, type: MediaType.image, cpu: "arm64"), container], .container(container)),
            ([entry(5, type: MediaType.image, cpu: "arm64")], .nothing(available: ["lifeboot/arm64"])),
            (
                [entry(6, os: "windows", cpu: "amd64"), attestation],
                .nothing(available: ["windows/amd64", "unknown/unknown"])
            ),
            ([entry(7, MediaType.index, os: "linux", cpu: "amd64")], .nothing(available: ["linux/amd64"])),
            ([entry(8, type: "application/x", os: "linux", cpu: "amd64")], .nothing(available: ["linux/amd64"])),
            (
                [entry(9, MediaType.dockerManifest, os: "linux", cpu: "amd64")],
                .container(entry(9, MediaType.dockerManifest, os: "linux", cpu: "amd64"))
            ),
            ([], .nothing(available: [])),
        ])
    func choice(entries: [Descriptor], expected: ImageIndex.Choice) {
        #expect(ImageIndex(manifests: entries).choice(architecture: "amd64") == expected)
    }

    @Test("an index is written and read back equal")
    func roundTrip() throws {
        let index = ImageIndex(manifests: [Self.container, Self.image, Self.attestation], annotations: ["a": "b"])
        let written = ManifestDocument(mediaType: MediaType.index, bytes: index.serialized(), digest: digest(0))
        #expect(try ImageIndex(parsing: written) == index)
        #expect(try RegistryDocument(parsing: written) == .index(index))
    }

    @Test(
        "what could be two things is refused",
        arguments: ["layers", "config"])
    func ambiguous(member: String) {
        let text = #"{"schemaVersion":2,"manifests":[],"\#(member)":[]}"#
        #expect(throws: RegistryModelError.self) { try ImageIndex(parsing: document(text, MediaType.index)) }
    }

    @Test(
        "documents that are neither manifest nor index are refused",
        arguments: ["text/html", "", "application/vnd.docker.distribution.manifest.v1+prettyjws"])
    func foreign(mediaType: String) {
        #expect(throws: RegistryModelError.self) { try RegistryDocument(parsing: document("{}", mediaType)) }
    }

    @Test("mutated indices never trap")
    func fuzz() {
        let index = ImageIndex(manifests: [Self.container, Self.image], annotations: ["a": "b"])
        for bytes in String(decoding: index.serialized(), as: UTF8.self).mutations(seed: 6) {
            let mutated = ManifestDocument(mediaType: MediaType.index, bytes: bytes, digest: digest(0))
            _ = (try? ImageIndex(parsing: mutated))?.choice(architecture: "amd64")
        }
    }
}

import Cryptography
import ImageAssembly
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

@testable import PackageBuilding

/// Makes OCI layouts whose layers are any bytes.
struct ImageLayout {
    private let blobs: BuildCache
    private var tags: [String: Descriptor] = [:]
    var folder: FilePath { blobs.folder }

    /// Makes a layout without images.
    init(_ folder: FilePath) throws {
        // Blobs lie the same way in both.
        blobs = try BuildCache(folder)
        try AtomicFile.write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: folder.appending("oci-layout"))
    }

    /// How files name an image in it.
    func reference(_ tag: String) throws -> SourceReference { try SourceReference(parsing: "oci:\(folder):\(tag)") }

    func store(_ bytes: [UInt8], _ type: String) throws -> Descriptor {
        Descriptor(mediaType: type, digest: try blobs.store(bytes), size: bytes.count)
    }

    /// Stores an image with one layer.
    func image(
        _ layer: String, architecture: String = "amd64", layerType: String = "application/vnd.oci.image.layer.v1.tar",
        contents: Int = 1
    ) throws -> Descriptor {
        let blob = try store(Array(layer.utf8), layerType)
        let config = ContainerConfig(
            architecture: architecture, diffIDs: [Digest](repeating: blob.digest, count: contents))
        let manifest = ImageManifest(
            config: try store(config.serialized(), MediaType.containerConfig), layers: [blob])
        var descriptor = try store(manifest.serialized(), MediaType.manifest)
        (descriptor.architecture, descriptor.operatingSystem) = (architecture, "linux")
        return descriptor
    }

    /// Stores an image for this machine that says what packages it has.
    func twin(_ packages: [PackageList.Entry]) throws -> Descriptor {
        let blob = try store(Array("a layer".utf8), "application/vnd.oci.image.layer.v1.tar")
        let label = String(decoding: PackageList(packages).serialized(), as: UTF8.self)
        let config = ContainerConfig(
            architecture: ImageArchitecture.host, diffIDs: [blob.digest], labels: [PackageList.label: label])
        let manifest = ImageManifest(config: try store(config.serialized(), MediaType.containerConfig), layers: [blob])
        return try store(manifest.serialized(), MediaType.manifest)
    }

    /// Stores an index.
    func index(_ images: [Descriptor]) throws -> Descriptor {
        try store(ImageIndex(manifests: images).serialized(), MediaType.index)
    }

    /// Moves a tag.
    mutating func tag(_ name: String, _ image: Descriptor) throws {
        tags[name] = image
        let entries = tags.map { name, image in
            var entry = image
            entry.annotations = ["org.opencontainers.image.ref.name": name]
            return entry
        }
        try AtomicFile.write(ImageIndex(manifests: entries).serialized(), to: folder.appending("index.json"))
    }

    /// Removes a blob.
    func lose(_ digest: Digest) throws { try Folders.removeFile(blobs.blob(digest)) }
}

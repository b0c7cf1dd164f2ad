package import BuildPlanning
import Cryptography
package import ImageModel
import JSONText
import LinuxSystem
package import RegistryModel
import SystemPackage

/// Lays packages on a base image without moving a byte: an OCI layout that names the layers of both.
package struct BaseComposition: Equatable, Sendable {
    /// The name under which buildah finds the image in its layout.
    private static let tag = "base"
    /// The annotation of an index entry with that name (OCI image specification, "Annotations").
    private static let nameAnnotation = "org.opencontainers.image.ref.name"

    /// The layers, lowest first.
    package private(set) var layers: [Descriptor]
    /// SHA-256 of each layer before compression.
    package private(set) var contents: [Digest]

    /// Starts from an image, or from nothing.
    package init(_ image: BaseImage?) {
        layers = image?.layers ?? []
        contents = image?.contents ?? []
    }

    /// Lays a package on top; one without files changes nothing.
    package mutating func add(_ output: BuildOutput) {
        guard let layer = output.layer, let content = output.content else { return }
        layers.append(
            Descriptor(
                mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: layer, size: Int(output.size)))
        contents.append(content)
    }

    /// OCI's name for a kind of layer; buildah takes no docker's in a manifest of OCI's.
    private static func type(ofLayer type: String) -> String {
        let docker = "application/vnd.docker.image.rootfs.diff.tar"
        guard type.hasPrefix(docker) else { return type }
        let compression = type.dropFirst(docker.count).drop { $0 == "." }
        return "application/vnd.oci.image.layer.v1.tar" + (compression.isEmpty ? "" : "+\(compression)")
    }

    /// Makes the layout in the cache, unless it is there.
    ///
    /// - Returns: how buildah names the image; `scratch` when it has no layers.
    /// - Throws: `SystemError`, `CryptographyError`.
    package func make(in cache: BuildCache, architecture: String) throws -> String {
        guard !layers.isEmpty else { return "scratch" }
        let config = ContainerConfig(architecture: architecture, diffIDs: contents).serialized()
        let manifest = ImageManifest(
            config: Descriptor(
                mediaType: MediaType.containerConfig, digest: try cache.store(config), size: config.count),
            layers: layers.map {
                Descriptor(mediaType: Self.type(ofLayer: $0.mediaType), digest: $0.digest, size: $0.size)
            }
        ).serialized()
        let digest = try cache.store(manifest)
        let folder = cache.folder.appending("bases/\(digest.hex)")
        let image = "oci:\(folder):\(Self.tag)"
        // Two packages that are built at a time may lie on the same.
        let lock = try FileLock(cache.folder.appending("work/bases.lock"))
        try withExtendedLifetime(lock) { try write(manifest, digest, to: folder) }
        return image
    }

    private func write(_ manifest: [UInt8], _ digest: Digest, to folder: FilePath) throws {
        guard try FileStatus.of(folder.appending("oci-layout")) == nil else { return }
        try Folders.make(folder)
        var entry = Descriptor(mediaType: MediaType.manifest, digest: digest, size: manifest.count)
        entry.annotations[Self.nameAnnotation] = Self.tag
        try DirectoryHandle(root: folder).link("blobs", to: "../../blobs")
        try AtomicFile.write(ImageIndex(manifests: [entry]).serialized(), to: folder.appending("index.json"))
        // The last one: with it the layout counts as there.
        try AtomicFile.write(
            Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: folder.appending("oci-layout"))
    }
}

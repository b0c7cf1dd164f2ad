package import BuildPlanning
import Cryptography
package import ImageModel
import JSONText
import LinuxSystem
package import RegistryModel
import SystemPackage
import TreeFolders

/// Lays packages on a base image without moving a byte: an OCI layout that names the layers of both.
///
/// Where that would be too many for a kernel, or each would cost a copy of the whole tree, the layout has one layer that all of
/// them come to. Nobody but buildah sees the difference: keys name the image and the packages.
package struct BaseComposition: Equatable, Sendable {
    /// The most layers that lie on each other; buildah mounts some 120 at most, and each costs time.
    static let layerLimit = 30
    /// The name under which buildah finds the image in its layout.
    private static let tag = "base"
    /// The annotation of an index entry with that name (OCI image specification, "Annotations").
    private static let nameAnnotation = "org.opencontainers.image.ref.name"

    private static let plainLayer = "application/vnd.oci.image.layer.v1.tar"

    /// The layers, lowest first.
    package private(set) var layers: [Descriptor]
    /// SHA-256 of each layer before compression.
    package private(set) var contents: [Digest]
    /// The labels of the image.
    private var labels: [String: String] = [:]

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
        return plainLayer + (compression.isEmpty ? "" : "+\(compression)")
    }

    /// Makes the layout in the cache, unless it is there.
    ///
    /// - Parameter limit: the most layers that it may have.
    /// - Returns: how a `Buildah` with a store of this cache names the image; `scratch` when it has no layers. The path is a
    ///   relative one, because buildah makes a name of it, in which there may be no capital letters and little else.
    /// - Throws: `SystemError`, `CryptographyError`; as `LayerWriter.flatten` where there are more layers.
    package func make(in cache: BuildCache, architecture: String, layersAtMost limit: Int = layerLimit) throws -> String
    {
        guard !layers.isEmpty else { return "scratch" }
        let manifest = try manifest(in: cache, architecture)
        let digest = try cache.store(manifest)
        let isFlat = layers.count > max(1, limit)
        let name = isFlat ? "\(digest.hex)-flat" : digest.hex
        let place = "bases/\(name)"
        let folder = cache.folder.appending(place)
        // Two packages that are built at a time may lie on the same.
        let lock = try FileLock(cache.folder.appending("work/base-\(name).lock"))
        return try withExtendedLifetime(lock) {
            if try FileStatus.of(folder.appending("oci-layout")) == nil {
                if isFlat {
                    let flat = try flattened(in: cache).manifest(in: cache, architecture)
                    try Self.write(flat, cache.store(flat), to: folder)
                } else {
                    try Self.write(manifest, digest, to: folder)
                }
            }
            return "oci:\(place):\(Self.tag)"
        }
    }

    /// Makes the layout in the cache with all layers, for whoever reads it by its path.
    ///
    /// - Parameter packages: what the image says that it was made of.
    /// - Throws: as `make`.
    package func reference(
        in cache: BuildCache, architecture: String, packages: PackageList = PackageList([])
    ) throws -> SourceReference {
        var image = self
        if !packages.packages.isEmpty {
            image.labels[PackageList.label] = String(decoding: packages.json.serialized(), as: UTF8.self)
        }
        _ = try image.make(in: cache, architecture: architecture, layersAtMost: .max)
        let digest = try cache.store(image.manifest(in: cache, architecture))
        return .layout(.init(cache.folder.appending("bases/\(digest.hex)"), tag: Self.tag))
    }

    /// The same with one layer, which is put into the cache.
    private func flattened(in cache: BuildCache) throws -> BaseComposition {
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "base")
        let file = work.path.appending("layer")
        let flat = try LayerWriter.flatten(layers.map { cache.blob($0.digest) }, contents: contents, to: file)
        try cache.take(file, as: flat.digest)
        var composition = BaseComposition(nil)
        composition.layers = [Descriptor(mediaType: Self.plainLayer, digest: flat.digest, size: Int(flat.size))]
        composition.contents = [flat.diffID]
        return composition
    }

    /// The manifest that names the layers; its configuration is put into the cache.
    private func manifest(in cache: BuildCache, _ architecture: String) throws -> [UInt8] {
        let config = ContainerConfig(architecture: architecture, diffIDs: contents, labels: labels).serialized()
        return ImageManifest(
            config: Descriptor(
                mediaType: MediaType.containerConfig, digest: try cache.store(config), size: config.count),
            layers: layers.map {
                Descriptor(mediaType: Self.type(ofLayer: $0.mediaType), digest: $0.digest, size: $0.size)
            }
        ).serialized()
    }

    private static func write(_ manifest: [UInt8], _ digest: Digest, to folder: FilePath) throws {
        try Folders.make(folder)
        var entry = Descriptor(mediaType: MediaType.manifest, digest: digest, size: manifest.count)
        entry.annotations[nameAnnotation] = tag
        try DirectoryHandle(root: folder).link("blobs", to: "../../blobs")
        try AtomicFile.write(ImageIndex(manifests: [entry]).serialized(), to: folder.appending("index.json"))
        // The last one: with it the layout counts as there.
        try AtomicFile.write(
            Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: folder.appending("oci-layout"))
    }
}

package import RegistryModel
package import SystemPackage

/// Gets the layers of a container image as files, for whoever packs them.
package enum ContainerLayers {
    /// Fetches all layers into a folder and checks each against its digest; a layer that comes twice is one file.
    ///
    /// - Parameter progress: is told how much of all layers is here; what it throws ends the fetch.
    /// - Returns: the files, lowest layer first; the names begin with `prefix`.
    /// - Throws: the errors of the source, `ImageAssemblyError` for a full disk or content that is not what it should be.
    package static func fetch(
        _ layers: [Descriptor], from source: inout some BlobSource & ~Copyable, into folder: FilePath,
        progress: @escaping (TransferProgress) throws -> Void
    ) throws -> [FilePath] {
        var fetch = LayerFetch(folder: folder, layers: layers, progress: progress)
        for layer in layers { try fetch.fetch(layer, from: &source) }
        return layers.map { LayerFetch.path(of: $0, in: folder) }
    }

    /// How the names of layers begin.
    package static let prefix = LayerFetch.prefix
}

import ImageModel
import LinuxSystem
import RegistryAccess
package import RegistryModel
package import SystemPackage

/// Copies a container image out of the cache.
package enum ContainerTwin {
    /// Writes an OCI layout with one image; images that it has besides stay.
    ///
    /// - Parameters:
    ///   - image: in a layout of the cache.
    ///   - folder: made where it is not there.
    ///   - tag: the image's name in the layout.
    /// - Throws: the errors of source and layout.
    package static func write(_ image: SourceReference, to folder: FilePath, tag: String) throws {
        var source = try AnySource(
            opening: image, RegistryConfiguration(authFiles: []), userAgent: "boatyard")
        let document = try source.manifest(source.resolve().digest)
        let manifest = try ImageManifest(parsing: document)
        var layout = try LayoutTarget(SourceReference.Entry(folder))
        try layout.gather()
        for blob in [manifest.config] + manifest.layers where try !layout.holds(blob) {
            try layout.fetch(blob, from: &source)
        }
        _ = try layout.push(manifest: document.bytes, mediaType: document.mediaType, tag: tag)
        try layout.commit()
    }
}

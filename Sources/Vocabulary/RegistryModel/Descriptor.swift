package import ImageModel

/// Points at a blob by digest and size (OCI image specification, "Content Descriptors").
package struct Descriptor: Equatable, Sendable {
    /// Media type of the content.
    package var mediaType: String
    /// SHA-256 of the content; other algorithms are refused when parsing.
    package var digest: Digest
    /// Size of the content in bytes, at least 0.
    package var size: Int
    /// Type of the artifact that a manifest describes; nil for images and blobs.
    package var artifactType: String?
    /// Machine type in OCI's spelling (`amd64`); nil when the descriptor names no platform.
    package var architecture: String?
    /// Operating system in OCI's spelling (`linux`); nil when the descriptor names no platform.
    package var operatingSystem: String?
    /// Annotations, by name.
    package var annotations: [String: String] = [:]

    /// Describes a blob; what has a default can be set afterwards.
    package init(mediaType: String, digest: Digest, size: Int) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    /// The file name that a layer of an artifact carries; nil when it carries none.
    package var title: String? { annotations[MediaType.title] }
}

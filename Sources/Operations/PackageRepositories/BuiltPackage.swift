package import ImageModel
package import PackageModel
package import SystemPackage

/// A package as a build leaves it: what it says of itself, and where its files lie.
package struct BuiltPackage: Sendable {
    /// Its files, as one layer of a container image.
    package struct Layer: Equatable, Sendable {
        /// The tar archive, compressed with gzip: umoci reads nothing else.
        package var path: FilePath
        /// SHA-256 of that file.
        package var digest: Digest
        /// Bytes of that file.
        package var size: Int
        /// SHA-256 of the archive without compression.
        package var diffID: Digest

        /// Describes a layer.
        package init(path: FilePath, digest: Digest, size: Int, diffID: Digest) {
            self.path = path
            self.digest = digest
            self.size = size
            self.diffID = diffID
        }
    }

    /// A file about the package, which is fetched only when somebody asks: its list of files, its bill of materials.
    package struct Detail: Equatable, Sendable {
        /// Its name, such as `files.json.zst`.
        package var title: String
        /// Its media type.
        package var mediaType: String
        /// Where it lies.
        package var path: FilePath
        /// SHA-256 of it.
        package var digest: Digest
        /// Bytes of it.
        package var size: Int

        /// Describes a file.
        package init(title: String, mediaType: String, path: FilePath, digest: Digest, size: Int) {
            self.title = title
            self.mediaType = mediaType
            self.path = path
            self.digest = digest
            self.size = size
        }
    }

    /// What it says of itself.
    package var metadata: PackageMetadata
    /// Its files; nil for a package that only requires others.
    package var layer: Layer?
    /// Bytes of its files when they are unpacked.
    package var installedSize: Int64
    /// The key of the build that it came from, in hexadecimal digits; nil when nobody built it here.
    package var buildKey: String?
    /// What is known about it besides.
    package var details: [Detail] = []

    /// Describes a package; what has a default can be set afterwards.
    package init(_ metadata: PackageMetadata, layer: Layer?, installedSize: Int64) {
        self.metadata = metadata
        self.layer = layer
        self.installedSize = installedSize
    }
}

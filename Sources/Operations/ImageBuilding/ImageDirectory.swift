import Cryptography
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Reads an image's folder: its files by role, its manifest and its identity.
package struct ImageDirectory: Sendable {
    /// The longest manifest accepted in bytes.
    package static let manifestLimit = 1 << 20

    /// The folder.
    package let path: FilePath
    /// The bytes of `manifest.json`, which are what is signed.
    package let manifestBytes: [UInt8]
    /// The manifest.
    package let manifest: Manifest
    /// The image's id.
    package let id: ImageID

    /// Reads and parses the manifest; nothing is verified.
    ///
    /// - Throws: `SystemError` or `ManifestError`.
    package init(_ path: FilePath) throws {
        self.path = path
        manifestBytes = try FileBytes.read(path.appending(ImageFile.manifest.rawValue), limit: Self.manifestLimit)
        manifest = try Manifest(parsing: manifestBytes)
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: manifestBytes))
    }

    /// The path of one of the files.
    package func path(of file: ImageFile) -> FilePath { path.appending(file.rawValue) }
}

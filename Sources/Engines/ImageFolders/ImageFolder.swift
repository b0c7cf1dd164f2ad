import Cryptography
package import ImageModel
package import LinuxSystem
package import SystemPackage

/// The folder of one image, and what the manifest in it says.
///
/// Making one verifies nothing: who signed the manifest is for `ImageVerification`, whether the files are those that it
/// describes for `fault(of:_:)`.
package struct ImageFolder: Sendable {
    /// The folder.
    package let path: FilePath
    /// The bytes of `manifest.json`, which are what is signed.
    package let manifestBytes: [UInt8]
    /// The manifest.
    package let manifest: Manifest
    /// The image's id: the digest of those bytes.
    package let id: ImageID

    /// Reads the manifest of a folder.
    ///
    /// - Throws: `SystemError` when it cannot be read or is longer than any machine takes; `ManifestError`.
    package init(_ path: FilePath) throws {
        self.path = path
        manifestBytes = try Self.manifestBytes(in: path)
        manifest = try Manifest(parsing: manifestBytes)
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: manifestBytes))
    }

    /// Reads the manifest of the folder that is to hold a certain image.
    ///
    /// - Throws: as `init(_:)`; `ImageVerificationError` when it is the manifest of another image.
    package init(_ path: FilePath, expected: ImageID) throws {
        try self.init(path)
        guard id == expected else {
            throw ImageVerificationError.altered(path.appending(ImageFile.manifest.rawValue), id: id.description)
        }
    }

    /// The path of one of its files.
    package func path(of file: ImageFile) -> FilePath { path.appending(file.rawValue) }

    /// Reads `manifest.json` of a folder.
    ///
    /// - Throws: `SystemError` when it cannot be read or is longer than any machine takes.
    package static func manifestBytes(in folder: FilePath) throws(SystemError) -> [UInt8] {
        try FileBytes.read(
            folder.appending(ImageFile.manifest.rawValue), limit: ImageFile.manifest.sizeLimit)
    }
}
